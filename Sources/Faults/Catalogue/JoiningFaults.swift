/// 30xx, first part: a site's identity, peers, invitations.
public enum JoiningFaults {
    public static let identityDamaged = FaultEntry(
        3001, "identity-damaged", status: 500, "The site's root key or certificate cannot be used.",
        fix: "Restore the folder `identity` of the data directory from a backup; a new key would be another site."
    )
    public static let certificateMalformed = FaultEntry(
        3002, "certificate-malformed", status: 502, "The other end's certificates are not those of a site.",
        fix: "Check that the address is a site's federation port; both ends need a program of this kind."
    )
    public static let rootRefused = FaultEntry(
        3003, "root-refused", status: 502, "The other end's root certificate is not a self-signed root of a site.",
        fix: "Check that the address is a site's federation port; both ends need a program of this kind."
    )
    public static let notSignedByRoot = FaultEntry(
        3004, "not-signed-by-root", status: 502, "The other end's certificate is not signed by the root beside it.",
        fix: "Someone presents another site's root, or the certificate is damaged; ask the peer's operator."
    )
    public static let wrongName = FaultEntry(
        3005, "wrong-name", status: 502, "The other end's certificate names another site than its key.",
        fix: "Someone presents another site's certificate; ask the peer's operator."
    )
    public static let wrongUsage = FaultEntry(
        3006, "wrong-usage", status: 502, "The other end's certificate was not made for a connection between sites.",
        fix: "Both ends need a program of this kind; ask the peer's operator."
    )
    public static let leafExpired = FaultEntry(
        3007, "leaf-expired", status: 502, "The other end's certificate has expired.",
        fix: "Compare the clocks of both sites; a site makes a new certificate by itself when it is started."
    )
    public static let leafNotYetValid = FaultEntry(
        3008, "leaf-not-yet-valid", status: 502, "The other end's certificate is not valid yet.",
        fix: "Compare the clocks of both sites."
    )
    public static let leafReplaced = FaultEntry(
        3009, "leaf-replaced", status: 403, "The other end's certificate has been replaced by newer ones.",
        fix: "If the peer was not just restored from an old copy, someone may hold an old key; ask the peer's operator."
    )
    public static let peerUnknown = FaultEntry(
        3010, "peer-unknown", status: 403, "The other end is no peer of this site, or is one no longer.",
        fix: "Join the two sites with `atoll peer invite` at one and `atoll peer accept` at the other."
    )

    static let all: [FaultEntry] = [
        identityDamaged, certificateMalformed, rootRefused, notSignedByRoot, wrongName, wrongUsage, leafExpired,
        leafNotYetValid, leafReplaced, peerUnknown,
    ]
}
