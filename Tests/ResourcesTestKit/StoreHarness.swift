public import Resources
public import Testing

/// How the conformance suite gets stores of one adapter.
///
///     let memory = StoreHarness { history, body in try await body(MemoryResourceStore(history: history ?? 8192)) }
///     @Test(arguments: ResourceStoreSuite.checks) func memory(_ check: StoreCheck) async throws { try await check.run(on: memory) }
public struct StoreHarness: Sendable {
    public typealias Store = any ResourceStore & RevisionStore

    /// Runs the body on a fresh, empty store and cleans up after it. `history`, when not nil, is how many changes the
    /// store keeps for watchers, so that a check can ask for older ones; an adapter that cannot choose says so below.
    public let withStore:
        @Sendable (_ history: Int?, _ body: @Sendable (Store) async throws -> Void) async throws -> Void
    /// Whether `history` is obeyed (within a quarter).
    public let choosesHistory: Bool
    /// How long a check waits for what the port lets happen soon after a call, and for events.
    public let patience: Duration

    public init(
        choosesHistory: Bool = true,
        patience: Duration = .seconds(120),
        withStore: @escaping @Sendable (Int?, @Sendable (Store) async throws -> Void) async throws -> Void
    ) {
        self.withStore = withStore
        self.choosesHistory = choosesHistory
        self.patience = patience
    }
}

/// One check of the suite: a sentence of the port's comments and the code that holds a store to it.
public struct StoreCheck: Sendable, CustomTestStringConvertible {
    public let name: String
    private let body: @Sendable (StoreHarness) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (StoreHarness) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// A check that needs one store of the usual history.
    static func onStore(
        _ name: String,
        _ body: @escaping @Sendable (StoreHarness.Store, StoreHarness) async throws -> Void
    ) -> StoreCheck {
        StoreCheck(name) { harness in
            try await harness.withStore(nil) { store in try await body(store, harness) }
        }
    }

    public func run(on harness: StoreHarness) async throws {
        try await body(harness)
    }

    public var testDescription: String { name }
}
