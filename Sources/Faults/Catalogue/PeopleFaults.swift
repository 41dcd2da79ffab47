/// 8xxx: people and permissions.
public enum PeopleFaults {
    public static let notSignedIn = FaultEntry(
        8001, "not-signed-in", status: 401, "The request does not say who asks, or what it says is not valid any more.",
        fix: "Log in again, or send a valid token as `Authorization: Bearer TOKEN`."
    )
    public static let forbidden = FaultEntry(
        8002, "forbidden", status: 403, "The caller may not do that there.",
        fix: "Ask an administrator of the tenant or of the platform for a role that holds the permission named."
    )
    public static let wrongLogin = FaultEntry(
        8003, "wrong-login", status: 401, "The name or the password is wrong, or the user is locked for now.",
        fix: "Try again with the right ones; after five failures wait 30 minutes, or ask for `atoll user unlock NAME`."
    )
    public static let tooManyTries = FaultEntry(
        8004, "too-many-tries", status: 429, "Too many logins were tried from this address.",
        fix: "Wait a minute."
    )
    public static let busy = FaultEntry(
        8005, "logins-busy", status: 503, "Too many logins are being checked at once.",
        fix: "Try again in a few seconds."
    )
    public static let weakPassword = FaultEntry(
        8006, "weak-password", status: 422, "The password cannot be taken.",
        fix: "Choose a longer one, such as four words that do not belong together."
    )
    public static let roleMisplaced = FaultEntry(
        8007, "role-misplaced", status: 422, "A role cannot be given there.",
        fix: "Give roles for the whole platform without a tenant, and others with a tenant, or a tenant and a project."
    )
    public static let unknownRole = FaultEntry(
        8008, "unknown-role", status: 422, "There is no such role.",
        fix: "Give one of the roles that `atoll role list` shows."
    )
    public static let tokenTooStrong = FaultEntry(
        8009, "token-too-strong", status: 422, "A token may do no more than its owner.",
        fix: "Name fewer permissions, or a tenant and project where the owner has them."
    )
    public static let tokenForm = FaultEntry(
        8010, "token-form", status: 422, "A token cannot be made like that.",
        fix: "Correct the field named."
    )
    public static let unknownLogin = FaultEntry(
        8011, "unknown-login", status: 404, "There is no such session or token.",
        fix: "See `atoll token list`, or `GET /api/v1/sessions`; it may have ended already."
    )
    public static let notFirst = FaultEntry(
        8012, "not-first", status: 403, "The link for the first administrator is used, over, or not valid.",
        fix: "While there are no users, `atoll user link` makes a new one; afterwards ask an administrator."
    )
    public static let personOnly = FaultEntry(
        8013, "person-only", status: 403, "Only a person who is logged in may do that, not a token.",
        fix: "Log in with `atoll login`, or ask as the platform's operator at the local socket."
    )
    public static let serverAddress = FaultEntry(
        8014, "server-address", status: 400, "The server's address or its certificates cannot be used.",
        fix: "Give https://HOST:PORT of the server's management plane; http only on this machine."
    )
    public static let auditBroken = FaultEntry(
        8015, "audit-broken", status: 500, "The audit does not hold together.",
        fix:
            "Keep the file as it is, compare it with exports that were kept elsewhere, and find out who could write it."
    )
    public static let roleName = FaultEntry(
        8018, "role-name", status: 422, "The program has a role of that name.",
        fix: "Give the role another name; `atoll role list` shows those that are taken."
    )
    public static let roleInUse = FaultEntry(
        8019, "role-in-use", status: 409, "Users have the role, or groups of a directory give it.",
        fix: "Take it from them first: `atoll role take ROLE USER`, or in the documents of users and directories."
    )
    public static let outcomeUnknown = FaultEntry(
        8024, "outcome-unknown", status: 500, "The site ended while the request was carried out.",
        fix: "See what is there: the change was made whole or not at all."
    )
    public static let ownApproval = FaultEntry(
        8020, "own-approval", status: 403, "Who asks for something cannot decide on it.",
        fix: "Have another person with `approvals.manage` decide: `atoll approval approve NAME`."
    )
    public static let approvalDecided = FaultEntry(
        8021, "approval-decided", status: 409, "The approval does not wait for a decision any more.",
        fix: "See `atoll approval show NAME`; what was refused can be asked for again."
    )
    public static let notReleased = FaultEntry(
        8022, "not-released", status: 403, "The tenant wants a second person's approval before results leave the site.",
        fix:
            "Ask for it with `atoll approval request SUBJECT --why TEXT`, and wait until another person has approved it."
    )
    public static let releaseSubject = FaultEntry(
        8023, "release-subject", status: 422, "That is no result that could be released.",
        fix: "Name one: jobs/NAME, models/NAME:VERSION, or datasets/NAME of a dataset that a job has left."
    )
    public static let auditForm = FaultEntry(
        8016, "audit-form", status: 400, "The audit cannot be searched like that.",
        fix: "Correct the parameter named."
    )

    public static let directoryLibrary = FaultEntry(
        8030, "directory-library", status: 503, "OpenLDAP's client library, which asks directories, is not there.",
        fix: "Install the Debian package libldap-2.5-0 (libldap2 from Debian 13 on) and try again, without a restart."
    )
    public static let directoryAway = FaultEntry(
        8031, "directory-away", status: 503, "The directory that people log in by does not answer.",
        fix:
            "Try again later; users of the site's own log in meanwhile. `atoll directory test NAME` says what is wrong."
    )
    public static let directoryUntrusted = FaultEntry(
        8032, "directory-untrusted", status: 503, "The certificate or the encryption of the directory is not believed.",
        fix: "Run `atoll directory test NAME`, which shows the certificate and says what is wrong with it."
    )
    public static let directoryUnusable = FaultEntry(
        8033, "directory-unusable", status: 503, "The directory does not take what the site asks of it.",
        fix: "Run `atoll directory test NAME`, which says at which step and why."
    )
    public static let directoryForm = FaultEntry(
        8034, "directory-form", status: 422, "A directory cannot be described like that.",
        fix: "Correct the field named; `atoll explain directory` says what each is."
    )
    public static let directoryPlain = FaultEntry(
        8035, "directory-plain", status: 422, "Passwords would cross the network without encryption.",
        fix:
            "Use ldaps://, or ldap:// with startTLS; without encryption only 127.0.0.1 or [::1], with allowPlain: true."
    )
    public static let directoryUser = FaultEntry(
        8036, "directory-user", status: 422, "That is kept by the directory of the user, and not here.",
        fix: "Change it at the directory."
    )
    public static let directoryNoRole = FaultEntry(
        8037, "directory-no-role", status: 403, "The directory knows the person, and nothing there gives a role here.",
        fix: "Ask an administrator of the platform for a group that roles of the directory's document names."
    )

    static let all: [FaultEntry] = [
        notSignedIn, forbidden, wrongLogin, tooManyTries, busy, weakPassword, roleMisplaced, unknownRole,
        tokenTooStrong, tokenForm, unknownLogin, notFirst, personOnly, serverAddress,
        auditBroken, auditForm, roleName, roleInUse, outcomeUnknown, ownApproval, approvalDecided, notReleased,
        releaseSubject,
        directoryLibrary, directoryAway, directoryUntrusted, directoryUnusable, directoryForm, directoryPlain,
        directoryUser, directoryNoRole,
    ]
}
