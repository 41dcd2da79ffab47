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
    public static let noVersion = FaultEntry(
        3033, "no-common-version", status: 409, "The two sites speak no version of the protocol that both know.",
        fix: "Update the site with the older program; a site speaks its own version and the one before."
    )
    public static let malformed = FaultEntry(
        3034, "malformed-message", status: 502, "The peer sent something that is no message of the protocol.",
        fix: "Report it to the peer with the time and this number; the link was closed and nothing was taken from it."
    )
    public static let address = FaultEntry(
        3035, "peer-address", status: 422, "The address of a peer cannot be read.",
        fix: "Write host:port, and [address]:port for IPv6."
    )
    public static let nameUnknown = FaultEntry(
        3036, "name-unknown", status: 502, "The name of the peer's host is not known.",
        fix: "Check the address of the route and this machine's name service, or write the address as a number."
    )
    public static let unreachable = FaultEntry(
        3037, "unreachable", status: 502, "The peer's port does not answer.",
        fix: "Check that the peer runs and that firewalls at both ends let this connection through."
    )
    public static let handshake = FaultEntry(
        3038, "handshake-failed", status: 502, "The TLS handshake with the peer failed.",
        fix:
            "Check that the address is the peer's federation port, that nothing between takes TLS apart, and both clocks."
    )
    public static let wrongPeer = FaultEntry(
        3039, "wrong-peer", status: 502, "Another site answers at the peer's address.",
        fix: "Correct the address of the route; if it is right, ask the peer whether its site was set up anew."
    )
    public static let silent = FaultEntry(
        3040, "no-greeting", status: 504, "The other side connected and did not say hello in time.",
        fix: "Try again; if it stays, something between the sites holds messages back: `atoll route probe` measures it."
    )
    public static let closed = FaultEntry(
        3041, "link-closed", status: 503, "The link was ended by one of the two sites.",
        fix: "Nothing, if the route comes back by itself; the reason is in the log of the site that ended it."
    )
    public static let noMethod = FaultEntry(
        3042, "unknown-call", status: 501, "The peer does not know this call.",
        fix: "Update the peer's program."
    )
    public static let busy = FaultEntry(
        3043, "peer-busy", status: 503, "The peer works on as many calls or links of this site as it takes at once.",
        fix: "Try again in a moment."
    )
    public static let remote = FaultEntry(
        3044, "peer-fault", status: 502, "The peer refused with a number that this program does not know.",
        fix: "Look the number up with the peer's program: `atoll explain`."
    )
    public static let callFailed = FaultEntry(
        3045, "call-failed", status: 502, "The peer could not work on the call.",
        fix: "Try again; the reason is in the peer's log."
    )

    static let all: [FaultEntry] = [
        lost, tooLarge, noAnswer, noVersion, malformed, address, nameUnknown, unreachable, handshake, wrongPeer,
        silent, closed, noMethod, busy, remote, callFailed,
    ]
}
