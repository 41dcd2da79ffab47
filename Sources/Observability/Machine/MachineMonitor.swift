public import Logging
import Metrics
public import Resources
public import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Watches the machine that the site runs on: a sample every 15 seconds, kept for a day, and averages over five minutes,
/// kept for 90 days. A restart of the site keeps them; one that is killed loses at most the last minute.
///
/// Nothing of it ever fails the site: what cannot be read is not known, what cannot be written is tried again.
public final class MachineMonitor: Service {
    public static let pace: Duration = .seconds(15)

    /// Samples that are written at once.
    private static let batch = 4
    /// Samples that wait for a database that does not take them: as many as it would keep.
    private static let most = 5_760

    private let reader: MachineReader
    private let graphics: GraphicsReader?
    private let rows: MachineRows
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    private struct State {
        var last: MachineReader.Reading?
        var sample: MachineSample?
        var cards: [GraphicsCard] = []
        var pending: [MachineSample] = []
    }

    /// - Parameter data: the site's data directory, whose file system counts as the machine's storage.
    public convenience init(
        _ database: SQLiteDatabase, data: String, logger: Logger,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.init(
            database, reader: MachineReader(data: data), graphics: GraphicsReader(), logger: logger, now: now)
    }

    init(
        _ database: SQLiteDatabase, reader: MachineReader, graphics: GraphicsReader?, logger: Logger,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        rows = MachineRows(database: database)
        self.reader = reader
        self.graphics = graphics
        self.logger = logger
        self.now = now
    }

    /// As the system calls this machine.
    public static let machineName: String = {
        var name = [UInt8](repeating: 0, count: 256)
        let answer = name.withUnsafeMutableBytes {
            gethostname($0.baseAddress!.assumingMemoryBound(to: CChar.self), 255)
        }
        return answer == 0 ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : "localhost"
    }()

    // MARK: Asking

    /// The machines of this site, each with its last sample: this one.
    public func machines() -> [MachineState] {
        state.withLock { [MachineState(name: Self.machineName, sample: $0.sample, cards: $0.cards)] }
    }

    /// Averages over steps, oldest first; steps without samples are left out.
    ///
    /// - Parameter step: milliseconds, at least 1.
    public func history(from: Timestamp, until: Timestamp, step: Int64) async throws -> [MachineSample] {
        try await rows.history(
            from: from.milliseconds, until: until.milliseconds, step: step, pending: state.withLock { $0.pending })
    }

    // MARK: Watching

    /// Until cancelled or shut down; what is not written by then is written.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            self.begin()
            // A first sample soon, so that who looks right after the start sees one.
            var wait = Duration.seconds(1)
            while (try? await Task.sleep(for: wait)) != nil {
                await self.look()
                wait = Self.pace
            }
        }
        await write()
    }

    /// Where the first sample's rates begin; until there is one, what needs no rate is shown.
    func begin() {
        let reading = reader.read()
        let sample = MachineSample(reading, after: nil, time: now())
        state.withLock { ($0.last, $0.sample) = (reading, sample) }
    }

    /// Takes one sample; writes those that wait when they are enough.
    func look() async {
        let cards = await graphics?.read() ?? []
        let reading = reader.read()
        let time = now()
        let (sample, isFull) = state.withLock { state in
            var sample = MachineSample(reading, after: state.last, time: time)
            sample.add(cards)
            (state.last, state.sample, state.cards) = (reading, sample, cards)
            state.pending.append(sample)
            state.pending.removeFirst(max(0, state.pending.count - Self.most))
            return (sample, state.pending.count >= Self.batch)
        }
        Self.tell(sample)
        if isFull { await write() }
    }

    /// Writes every sample that waits; they wait on where that fails.
    func write() async {
        let samples = state.withLock { $0.pending }
        guard let last = samples.last else { return }
        do {
            try await rows.keep(samples, now: now())
            state.withLock { state in state.pending.removeAll { $0.time <= last.time } }
        } catch {
            logger.warning("samples of the machine wait", metadata: ["error": "\(type(of: error))"])
        }
    }

    /// The gauges of the metrics page.
    private static func tell(_ sample: MachineSample) {
        for (name, unit, share) in [
            ("cpu", "cores", sample.cpu), ("memory", "bytes", sample.memory), ("storage", "bytes", sample.storage),
            ("gpu", "cards", sample.gpu), ("gpu_memory", "bytes", sample.gpuMemory),
        ] {
            guard let share else { continue }
            Gauge(label: "machine_\(name)_used_\(unit)").record(share.used)
            Gauge(label: "machine_\(name)_\(unit)").record(share.total)
        }
        if let load = sample.load { Gauge(label: "machine_load1").record(load) }
        if let received = sample.received { Gauge(label: "machine_received_bytes_per_second").record(received) }
        if let sent = sample.sent { Gauge(label: "machine_sent_bytes_per_second").record(sent) }
    }
}
