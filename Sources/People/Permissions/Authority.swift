public import Resources

/// A role given somewhere: on the installation, in a tenant with all its projects, or in one project.
public struct RoleBinding: Sendable, Hashable {
    public let role: Role
    public let scope: Scope

    /// - Returns: nil where the role is for the whole installation and the scope is not.
    public init?(_ role: Role, in scope: Scope) {
        guard !role.isForPlatform || scope == .platform else { return nil }
        self.role = role
        self.scope = scope
    }
}

/// What one caller may do. A pure value: it is made from bindings for every request, so that a role that is taken away
/// is gone with the next one.
public struct Authority: Sendable, Hashable {
    private enum Base: Hashable, Sendable {
        /// The operator of the platform, at the local socket.
        case everything
        case bindings([RoleBinding])
    }

    /// What a token leaves of its owner's authority.
    private struct Limit: Hashable, Sendable {
        let permissions: Set<Permission>?
        let scope: Scope

        func leaves(_ permission: Permission) -> Bool {
            permissions.map { $0.contains { $0.covers(permission) } } ?? true
        }
    }

    private let base: Base
    private var limit: Limit?

    /// The one who runs the site: whoever can open its local socket can read its files as well.
    public static let everything = Authority(base: .everything)

    public init(_ bindings: [RoleBinding]) {
        base = .bindings(bindings)
    }

    private init(base: Base) {
        self.base = base
    }

    /// The same without what is not named: never more than before.
    ///
    /// - Parameters:
    ///   - permissions: what is left; nil for all.
    ///   - scope: outside of it nothing is left, except for seeing what every project needs.
    public func limited(to permissions: Set<Permission>?, in scope: Scope) -> Authority {
        var limited = self
        limited.limit = Limit(permissions: permissions, scope: scope)
        return limited
    }

    /// The roles and where they were given; empty for the platform's operator, who needs none.
    public var bindings: [RoleBinding] {
        switch base {
        case .everything: []
        case .bindings(let bindings): bindings
        }
    }

    /// Whether the permission holds for everything in the scope: a role given there, or above it.
    public func holds(_ permission: Permission, in scope: Scope) -> Bool {
        if let limit, !limit.scope.contains(scope) || !limit.leaves(permission) { return false }
        return switch base {
        case .everything: true
        case .bindings(let bindings):
            bindings.contains { $0.scope.contains(scope) && $0.role.holds(permission) }
        }
    }

    /// Whether the permission holds anywhere at all: enough to see what every project needs.
    public func holdsAnywhere(_ permission: Permission) -> Bool {
        if let limit, !limit.leaves(permission) { return false }
        return switch base {
        case .everything: true
        case .bindings(let bindings): bindings.contains { $0.role.holds(permission) }
        }
    }
}
