import CoreMetrics
import Faults
import Logging

/// Feeds a controller's queue from one source: list, watch from the list's version, list again when that is needed.
struct ControllerFeed: Sendable {
    private let source: ControllerSource
    private let store: any ResourceStore
    private let queue: WorkQueue<ResourceID>
    private let settings: ControllerSettings
    private let logger: Logger
    private let meters: ControllerMeters

    init(
        source: ControllerSource,
        store: any ResourceStore,
        queue: WorkQueue<ResourceID>,
        settings: ControllerSettings,
        logger: Logger,
        meters: ControllerMeters
    ) {
        self.source = source
        self.store = store
        self.queue = queue
        self.settings = settings
        self.logger = logger
        self.meters = meters
    }

    /// Runs until the task is cancelled.
    func run() async {
        var state = State(pause: settings.storeBackoff)
        while !Task.isCancelled {
            do {
                if state.position == nil || ContinuousClock.now >= state.resync { try await list(&state) }
                try await watch(&state)
            } catch {
                if Task.isCancelled { return }
                let pause = state.pause.next()
                if let fault = error as? Fault,
                    fault.is(ResourceFaults.tooOld) || fault.is(ResourceFaults.invalidVersion)
                {
                    state.position = nil
                    logger.debug("listing again", metadata: error.forLogs())
                } else {
                    logger.warning("watch failed", metadata: error.forLogs(["retrySeconds": "\(pause.seconds)"]))
                }
                try? await Task.sleep(for: pause)
            }
        }
    }

    private struct State {
        /// Everything up to here was seen; nil: list first.
        var position: ResourceVersion?
        /// When to list again in any case.
        var resync: ContinuousClock.Instant = .now
        /// What each resource that exists concerned when it was last seen.
        var concerned: [ResourceID: [ResourceID]] = [:]
        var pause: Backoff
    }

    private func list(_ state: inout State) async throws {
        meters.lists.increment()
        var query = source.query
        var position: ResourceVersion?
        var concerned: [ResourceID: [ResourceID]] = [:]
        repeat {
            let page = try await store.list(query)
            position = position ?? page.version
            for resource in page.items {
                let ids = source.ids(resource)
                concerned[resource.id] = ids
                await add(ids, state.concerned[resource.id])
            }
            query.pageToken = page.nextToken
        } while query.pageToken != nil
        for (id, ids) in state.concerned where concerned[id] == nil { await add(ids, nil) }
        state.concerned = concerned
        state.position = position
        state.resync = .now + settings.resync * Double.random(in: 0.75...1.25)
    }

    /// Returns when it is time to list again, or when the watch ends by itself.
    private func watch(_ state: inout State) async throws {
        var query = source.query
        // Bookmarks are the clock that tells when a quiet watch is due for resync.
        query.bookmarkInterval = min(.seconds(10), max(settings.resync / 8, .milliseconds(10)))
        var isEmpty = true
        for try await event in try await store.watch(query, from: state.position) {
            isEmpty = false
            if let resource = event.resource {
                let ids = source.ids(resource)
                await add(ids, state.concerned[resource.id])
                state.concerned[resource.id] = event.kind == .deleted ? nil : ids
            }
            state.position = event.version
            state.pause.reset()
            if ContinuousClock.now >= state.resync { return }
        }
        // An adapter may end a watch at any time; one that does so at once must not be asked without a pause.
        if isEmpty { try await Task.sleep(for: state.pause.next()) }
    }

    private func add(_ ids: [ResourceID], _ before: [ResourceID]?) async {
        for id in ids { await queue.add(id) }
        for id in before ?? [] where !ids.contains(id) { await queue.add(id) }
    }
}
