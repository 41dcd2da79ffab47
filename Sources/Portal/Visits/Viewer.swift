import API
import People
import Resources

/// Who looks at a page.
struct Viewer: Sendable {
    /// The user's name; nil for nobody, and for the operator.
    let user: String?
    private let authority: Authority?

    init(_ caller: Caller?) {
        user = caller?.user
        authority = caller?.authority
    }

    var isKnown: Bool { authority != nil }

    /// Where a viewer is who names no place: the platform for those with a role there, else the first place with a role.
    var home: Scope {
        guard let bindings = authority?.bindings, !bindings.contains(where: { $0.scope == .platform }) else {
            return .platform
        }
        return bindings.first?.scope ?? .platform
    }

    /// The places in which the viewer was given a role, in the order of the roles.
    var places: [Scope] {
        var seen: Set<Scope> = []
        return (authority?.bindings ?? []).map(\.scope).filter { seen.insert($0).inserted }
    }

    /// As the API's door judges it.
    func may(_ permission: Permission, in place: Scope) -> Bool {
        guard let authority else { return false }
        return switch permission.noun.level {
        case .platform: authority.holds(permission, in: .platform)
        case .shared where permission.verb == .view: authority.holdsAnywhere(permission)
        case .shared: authority.holds(permission, in: .platform)
        case .scoped: authority.holds(permission, in: place)
        }
    }

    /// Enough for an entry of the menu.
    func mayAnywhere(_ permission: Permission) -> Bool { authority?.holdsAnywhere(permission) ?? false }
}
