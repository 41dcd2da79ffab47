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
    public static let noAnswer = FaultEntry(
        3032, "no-answer", status: 504, "The peer did not answer in time.",
        fix: "Try again; `atoll route probe` measures the route and `atoll doctor` names what is slow."
    )

    static let all: [FaultEntry] = [lost, tooLarge, noAnswer]
}
