public import Resources

/// A login that goes on, without the secret that proves it.
public struct Session: Sendable, Hashable {
    public let id: String
    public let user: String
    let uid: String
    public let created: Timestamp
    /// Known to a minute.
    public let seen: Timestamp
    /// Then it is over, however much it is used.
    public let ends: Timestamp
    /// Where the login came from.
    public let address: String
}

/// A secret for programs, with less than its owner may do, or as much; without the secret itself.
public struct Token: Sendable, Hashable {
    public let id: String
    public let user: String
    let uid: String
    /// What its owner calls it.
    public let name: String
    /// What it may do; nil for all that its owner may.
    public let permissions: Set<Permission>?
    /// Where; the platform for everywhere that its owner may.
    public let scope: Scope
    public let created: Timestamp
    public let ends: Timestamp
    /// Known to a minute; nil when it was never used.
    public let used: Timestamp?
}

/// What a token shall be.
public struct NewToken: Sendable {
    public var name: String
    public var permissions: Set<Permission>?
    public var scope = Scope.platform
    /// 1 to 365.
    public var days = 30

    public static let days = 1...365

    public init(name: String) {
        self.name = name
    }
}
