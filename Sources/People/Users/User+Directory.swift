public import Resources

/// Users whose passwords a directory keeps. Which one is part of the document and never changes; what it told last is
/// the status, which nobody writes by a document: name and id of the entry, and the roles that its groups give.
extension User {
    /// The name of the directory; nil for a user of the site's own.
    static func directory(of user: Resource) -> String? {
        user.spec["directory"]?.string
    }

    static func isDisabled(_ user: Resource) -> Bool {
        user.isBeingDeleted || user.spec["disabled"]?.bool == true
    }

    /// Whether the entry is the one that the user was made of; any for one that was never seen.
    static func isSame(_ id: String, as user: Resource) -> Bool {
        seen(of: user)?["id"]?.string.map { $0 == id } ?? true
    }

    /// What the directory told last.
    static func seen(of user: Resource) -> JSONValue? {
        guard let name = directory(of: user), let seen = user.status["directory"], seen["name"]?.string == name else {
            return nil
        }
        return seen
    }

    /// The directory has nobody any more who is this user.
    static func isGone(_ user: Resource) -> Bool {
        seen(of: user)?["gone"]?.bool == true
    }

    /// Roles by groups, in the form of those in the document.
    static func directoryRoles(of user: Resource) -> [JSONValue] {
        isGone(user) ? [] : seen(of: user)?["roles"]?.array ?? []
    }
}

/// A role by its name and where it is given, whether there is such a role or not.
public struct GivenRole: Sendable, Hashable {
    public let role: String
    public let scope: Scope

    public init(role: String, scope: Scope) {
        (self.role, self.scope) = (role, scope)
    }

    /// As in the document of a user.
    var entry: JSONValue {
        var members: [String: JSONValue] = ["role": .string(role)]
        if let tenant = scope.tenant { members["tenant"] = .string(tenant) }
        if let project = scope.project { members["project"] = .string(project) }
        return .object(members)
    }
}
