import Faults
import Resources
import ResourcesTestKit
import Synchronization

/// A store whose calls are made to fail: a decorator for tests of those who must bear it.
final class FaultyStore: ResourceStore {
    /// What happens at a call, decided before it.
    enum Turn: Sendable {
        case work
        /// The call is not made.
        case failBefore
        /// The call is made and its answer lost.
        case failAfter
        /// Neither this call nor any other is made: the caller is dead.
        case die
    }

    private let store: any ResourceStore
    private let decide: @Sendable () -> Turn
    private let state: Mutex<(isDead: Bool, calls: Int)> = Mutex((false, 0))

    init(_ store: any ResourceStore, decide: @escaping @Sendable () -> Turn) {
        self.store = store
        self.decide = decide
    }

    var isDead: Bool { state.withLock { $0.isDead } }
    var calls: Int { state.withLock { $0.calls } }

    func get(_ id: ResourceID) async throws -> Resource {
        try await turn { try await self.store.get(id) }
    }

    func list(_ query: ResourceQuery) async throws -> ResourcePage {
        try await turn { try await self.store.list(query) }
    }

    func create(_ resource: Resource, by change: ChangeNote) async throws -> Resource {
        try await turn { try await self.store.create(resource, by: change) }
    }

    func update(_ resource: Resource, by change: ChangeNote) async throws -> Resource {
        try await turn { try await self.store.update(resource, by: change) }
    }

    func updateStatus(_ resource: Resource) async throws -> Resource {
        try await turn { try await self.store.updateStatus(resource) }
    }

    func delete(_ id: ResourceID, version: ResourceVersion?, by change: ChangeNote) async throws -> Resource {
        try await turn { try await self.store.delete(id, version: version, by: change) }
    }

    func watch(_ query: ResourceQuery, from version: ResourceVersion?) async throws -> ResourceWatch {
        let watch = try await turn { try await self.store.watch(query, from: version) }
        return ResourceWatch {
            var iterator = watch.makeAsyncIterator()
            return { try await self.turn { try await iterator.next() } }
        }
    }

    private func turn<Value>(_ body: () async throws -> Value) async throws -> Value {
        let turn: Turn = state.withLock { state in
            if state.isDead { return .die }
            state.calls += 1
            let turn = decide()
            state.isDead = turn == .die
            return turn
        }
        switch turn {
        case .work: return try await body()
        case .failBefore: throw Fault(ResourceFaults.storeFailed, "made to fail before")
        case .failAfter:
            _ = try await body()
            throw Fault(ResourceFaults.storeFailed, "made to fail after")
        case .die: throw CancellationError()
        }
    }
}
