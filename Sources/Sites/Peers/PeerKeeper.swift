public import Logging
public import Resources
public import ServiceLifecycle

/// Watches the peers' resources and writes to their status what the book saw: leaves, links.
public struct PeerKeeper: Service {
    private let book: PeerBook
    private let reconciler: PeerReconciler
    private let controller: Controller
    private let logger: Logger

    public init(
        store: any ResourceStore, book: PeerBook, keys: PeerKeys, logger: Logger = Logger(label: "peers")
    ) {
        self.book = book
        self.logger = logger
        reconciler = PeerReconciler(store: store, book: book, keys: keys)
        controller = Controller(
            "peers", store: store, sources: [.each(Peer.kind.name)], reconciler: reconciler, logger: logger)
    }

    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await controller.run() }
            group.addTask { await cancelWhenGracefulShutdown { await tell() } }
            try await group.waitForAll()
        }
    }

    /// Runs until cancelled. What cannot be written now is written at the controller's next look.
    private func tell() async {
        for await name in book.changes {
            do {
                _ = try await reconciler.reconcile(Peer.id(name))
            } catch {
                if Task.isCancelled { return }
                logger.warning("a peer's status was not written", metadata: ["peer": "\(name)"])
            }
        }
    }
}
