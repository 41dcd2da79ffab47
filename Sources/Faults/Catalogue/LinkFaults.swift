/// 303x-305x: links between sites: dialling, TLS, versions, messages.
public enum LinkFaults {
    public static let lost = FaultEntry(
        3030, "link-lost", status: 503, "The link to the peer is lost.",
        fix: "Nothing, if the route comes back by itself; `atoll route probe` says which layer fails."
    )
    public static let tooLarge = FaultEntry(
        3031, "message-too-large", status: 413, "A message is larger than a link carries.",
        fix: "Split it; a payload has at most 4 MiB."
    )

    static let all: [FaultEntry] = [lost, tooLarge]
}
