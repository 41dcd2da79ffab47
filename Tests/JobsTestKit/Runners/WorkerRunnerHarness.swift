public import Jobs
public import Testing

/// Makes runners for the suite: one for each check, empty, that runs the probe.
public struct WorkerRunnerHarness: Sendable {
    private let make: @Sendable () async throws -> any WorkerRunner
    private let end: @Sendable (any WorkerRunner) async -> Void

    /// - Parameter end: stops what still runs and removes what the runner kept.
    public init(
        make: @escaping @Sendable () async throws -> any WorkerRunner,
        end: @escaping @Sendable (any WorkerRunner) async -> Void
    ) {
        self.make = make
        self.end = end
    }

    func with(_ body: (any WorkerRunner) async throws -> Void) async throws {
        let runner = try await make()
        do {
            try await body(runner)
        } catch {
            await end(runner)
            throw error
        }
        await end(runner)
    }
}

/// One check of the suite: a sentence of the port's comments and the code that holds a runner to it.
public struct WorkerRunnerCheck: Sendable, CustomTestStringConvertible {
    public let name: String
    private let body: @Sendable (any WorkerRunner) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any WorkerRunner) async throws -> Void) {
        self.name = name
        self.body = body
    }

    public func run(on harness: WorkerRunnerHarness) async throws {
        try await harness.with(body)
    }

    public var testDescription: String { name }
}

extension WorkerRunner {
    /// Starts a worker of the suite.
    public func start(
        _ behaviour: WorkerBehaviour, as name: String = "task", epoch: UInt64 = 1, memory: UInt64 = 512 << 20,
        time: Duration? = nil, silence: Duration? = nil
    ) async throws -> WorkerID {
        let id = WorkerID(job: "01J000000000000000000000JB", task: name, epoch: epoch)
        let limits = WorkerLimits(memory: memory, cores: 1, time: time, silence: silence)
        try await start(WorkerLaunch(id: id, order: behaviour.order, limits: limits))
        return id
    }

    /// The next end; the test's time limit ends the waiting.
    public func nextExit() async throws -> WorkerExit {
        for await exit in exits { return exit }
        throw CancellationError()
    }
}
