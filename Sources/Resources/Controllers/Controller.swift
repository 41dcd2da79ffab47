public import Logging
public import ServiceLifecycle

/// Watches resources and has a reconciler make them so, until it is told to stop.
///
/// Each source is listed, then watched from the list's version; too-old or a strange version means listing again, any
/// other failure of the store waiting (with jitter) and going on from where the watch stood. Listing again happens on
/// resync as well, and then resources that have vanished meanwhile are reconciled, too. One id is never worked on twice at a
/// time; an id whose reconciler throws comes again after a back-off of its own.
///
/// On graceful shutdown the watches end, running reconciles are finished, and `run` returns; ids that still wait are
/// found by the list of the next start. On cancellation the running reconciles are cancelled as well.
public struct Controller: Service {
    public let name: String
    private let store: any ResourceStore
    private let sources: [ControllerSource]
    private let reconciler: any Reconciler
    private let settings: ControllerSettings
    private let logger: Logger
    private let meters: ControllerMeters

    /// - Parameter name: stable, `[a-z0-9-]`; labels logs and metrics, and changes are noted as `controller/NAME`.
    public init(
        _ name: String,
        store: any ResourceStore,
        sources: [ControllerSource],
        reconciler: any Reconciler,
        settings: ControllerSettings = ControllerSettings(),
        logger: Logger = Logger(label: "controller")
    ) {
        self.name = name
        self.store = store
        self.sources = sources
        self.reconciler = reconciler
        self.settings = settings
        self.meters = ControllerMeters(name)
        var logger = logger
        logger[metadataKey: "controller"] = .string(name)
        self.logger = logger
    }

    public func run() async throws {
        let run = ControllerRun(reconciler: reconciler, settings: settings, logger: logger, meters: meters)
        let feeds = sources.map { source in
            ControllerFeed(
                source: source,
                store: store,
                queue: run.queue,
                settings: settings,
                logger: logger,
                meters: meters
            )
        }
        logger.debug("controller started")
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                for feed in feeds {
                    group.addTask { await cancelWhenGracefulShutdown { await feed.run() } }
                }
                for _ in 0..<max(settings.concurrency, 1) {
                    group.addTask { await run.work() }
                }
            }
        } onGracefulShutdown: {
            run.queue.close()
        }
        logger.debug("controller stopped")
    }
}
