import Resources
import Synchronization

/// What a request was about, where its path does not say it: told by the handler, written by the door.
final class AuditSubject: Sendable {
    /// So many things are named; of more only the number is told.
    private static let most = 16

    private let names = Mutex<[String]>([])
    private let scopes = Mutex<Set<Scope>>([])

    /// - Parameter name: `user ana`; nothing secret, no value of a row.
    func add(_ name: String) {
        names.withLock { $0.append(name) }
    }

    /// A resource that was written, and where it lives.
    func add(_ id: ResourceID) {
        add(id.description)
        scopes.withLock { _ = $0.insert(id.scope) }
    }

    /// The one tenant, or project, in which everything lives that was written; the platform where there is none.
    var scope: Scope {
        scopes.withLock { scopes in
            let (tenants, projects) = (Set(scopes.map(\.tenant)), Set(scopes.map(\.project)))
            return Scope(
                tenant: tenants.count == 1 ? tenants.first ?? nil : nil,
                project: projects.count == 1 ? projects.first ?? nil : nil)
        }
    }

    /// In the order in which they were told.
    var text: String {
        names.withLock { names in
            let more = names.count > Self.most ? ["and \(names.count - Self.most) more"] : []
            return (names.prefix(Self.most) + more).joined(separator: ", ")
        }
    }
}
