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

    static let all: [FaultEntry] = [notSignedIn, forbidden]
}
