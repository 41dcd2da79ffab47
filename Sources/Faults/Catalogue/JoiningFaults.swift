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

    public static let codeMalformed = FaultEntry(
        3011, "join-code-malformed", status: 400, "The join code cannot be read.",
        fix: "Copy the whole code, from `atoll1-` to its end."
    )
    public static let codeMistyped = FaultEntry(
        3012, "join-code-mistyped", status: 400, "The join code was mistyped or cut short.",
        fix: "Copy the whole code again; nothing was sent to anybody."
    )
    public static let codeVersion = FaultEntry(
        3013, "join-code-version", status: 400, "The join code is of a version that this program does not know.",
        fix: "Use the same version of the program at both sites."
    )
    public static let codeExpired = FaultEntry(
        3014, "join-code-expired", status: 410, "The join code has expired.",
        fix: "Have the other side print a new one with `atoll peer invite`."
    )
    public static let codeUsed = FaultEntry(
        3015, "join-code-used", status: 410, "The join code has been used.",
        fix:
            "Have the other side print a new one with `atoll peer invite`. If you did not use it, tell them who may have."
    )
    public static let codeRefused = FaultEntry(
        3016, "join-code-refused", status: 403, "The other side does not know this join code.",
        fix: "Copy the code again, or have the other side print a new one with `atoll peer invite`."
    )
    public static let codeWithdrawn = FaultEntry(
        3017, "join-code-withdrawn", status: 410, "The invitation behind the join code has been withdrawn.",
        fix: "Have the other side print a new one with `atoll peer invite`."
    )
    public static let ownCode = FaultEntry(
        3018, "own-join-code", status: 400, "The join code is this site's own.",
        fix: "Give the code to the other site, and accept it there."
    )
    public static let alreadyPeer = FaultEntry(
        3019, "already-peer", status: 409, "The two sites are peers already.",
        fix: "Nothing; `atoll get peers` shows the peer."
    )
    public static let peerRevoked = FaultEntry(
        3020, "peer-revoked", status: 403, "The site was a peer and has been revoked.",
        fix: "If it is to be trusted again, delete the revoked peer at the site that revoked it and invite anew."
    )
    public static let joinVersion = FaultEntry(
        3021, "join-version", status: 426, "The two sites speak different versions of joining.",
        fix: "Use the same version of the program at both sites."
    )
    public static let joinMalformed = FaultEntry(
        3022, "join-malformed", status: 400, "A message of joining cannot be read.",
        fix: "Use the same version of the program at both sites."
    )
    public static let inviterNotProven = FaultEntry(
        3023, "inviter-not-proven", status: 502, "The other side did not prove that it made the join code.",
        fix: "Nothing was changed here. Have the other side print a new code, and compare the site id by telephone."
    )
    public static let noAddress = FaultEntry(
        3024, "no-address", status: 400, "An invitation needs an address at which this site can be reached.",
        fix: "Give --address HOST:PORT, or have the other side invite if only that one can be reached."
    )
    public static let inviterUnreachable = FaultEntry(
        3025, "inviter-unreachable", status: 502, "None of the addresses in the join code could be used.",
        fix: "See what each address answered; check names, firewalls and that the other site is running."
    )
    public static let noSuchInvitation = FaultEntry(
        3026, "no-such-invitation", status: 404, "There is no open invitation of that number.",
        fix: "`atoll peer invitations` lists them."
    )
    public static let revocationFinal = FaultEntry(
        3027, "revocation-final", status: 409, "A revoked peer cannot be trusted again.",
        fix: "Delete the peer and invite the site anew, if that is really wanted."
    )
    public static let leafRefused = FaultEntry(
        3028, "leaf-refused", status: 403, "A peer announced a certificate that is not its own.",
        fix: "Ask the peer's operator; the certificates known before stay in use."
    )

    static let all: [FaultEntry] = [
        identityDamaged, certificateMalformed, rootRefused, notSignedByRoot, wrongName, wrongUsage, leafExpired,
        leafNotYetValid, leafReplaced, peerUnknown, codeMalformed, codeMistyped, codeVersion, codeExpired, codeUsed,
        codeRefused, codeWithdrawn, ownCode, alreadyPeer, peerRevoked, joinVersion, joinMalformed, inviterNotProven,
        noAddress, inviterUnreachable, noSuchInvitation, revocationFinal, leafRefused,
    ]
}
