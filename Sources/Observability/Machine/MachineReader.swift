import CProcesses
import Resources

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads this machine's figures from `/proc`, control groups and the file system of the data.
struct MachineReader: Sendable {
    /// Before every path; empty but in tests.
    let root: String
    /// The site's data directory.
    let data: String
    /// Numbers of the cores that the site may use; nil for all.
    let cores: Set<Int>?
    /// Clock ticks of a second.
    let ticks: Double

    init(
        data: String, root: String = "", cores: Set<Int>? = Self.allowedCores(),
        ticks: Double = Double(sysconf(Int32(_SC_CLK_TCK)))
    ) {
        self.root = root
        self.data = data
        self.cores = cores
        self.ticks = ticks
    }

    /// What was read at one moment, with counters that only rise.
    struct Reading: Sendable {
        var instant: ContinuousClock.Instant
        /// Seconds in which cores were busy since some beginning.
        var seconds: Double?
        /// The seconds are of a control group and not of the machine.
        var isOfGroup = false
        var cores: Double?
        var memory: Share?
        var storage: Share?
        var load: Double?
        var received: Double?
        var sent: Double?
    }

    func read(at instant: ContinuousClock.Instant = .now) -> Reading {
        let group = ControlGroupFigures(
            ControlGroupPlaces(groups: text("/proc/self/cgroup") ?? "", mounts: text("/proc/self/mountinfo") ?? ""),
            root: root)
        var reading = Reading(instant: instant)
        let stat = text("/proc/stat") ?? ""
        let count = cores?.count ?? stat.split(separator: "\n").count { $0.hasPrefix("cpu") && !$0.hasPrefix("cpu ") }
        reading.cores = count > 0 ? Double(count) : nil
        if let limit = group.cores, limit < reading.cores ?? .infinity {
            (reading.cores, reading.seconds, reading.isOfGroup) = (limit, group.seconds, true)
        } else {
            reading.seconds = SystemFigures.busyTicks(stat, cores: cores).map { $0 / ticks }
        }
        reading.memory = text("/proc/meminfo").flatMap(SystemFigures.memory)
        if let limited = group.memory, limited.total < reading.memory?.total ?? .infinity { reading.memory = limited }
        reading.load = text("/proc/loadavg").flatMap(SystemFigures.load)
        if let network = text("/proc/net/dev").flatMap(SystemFigures.network) {
            (reading.received, reading.sent) = network
        }
        reading.storage = Self.storage(data)
        return reading
    }

    /// What is used of the file system of a folder, and what this process could use of it: what is kept for the
    /// system's own use counts for neither.
    static func storage(_ folder: String) -> Share? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return nil }
        let block = Double(status.f_frsize)
        let used = max(0, Double(status.f_blocks) - Double(status.f_bfree)) * block
        return Share(used: used, total: used + Double(status.f_bavail) * block)
    }

    private func text(_ path: String) -> String? { SystemFile.text(root + path) }

    /// Nil where the system does not say.
    private static func allowedCores() -> Set<Int>? {
        var mask = [UInt8](repeating: 0, count: 1024)
        guard atoll_cores_allowed(&mask, mask.count) == 0 else { return nil }
        let all: Range<Int> = 0..<mask.count * 8
        return Set(all.filter { core in mask[core / 8] & (1 << UInt8(core % 8)) != 0 })
    }
}

extension MachineSample {
    /// What the figures say of the time since those before them.
    init(_ reading: MachineReader.Reading, after before: MachineReader.Reading?, time: Timestamp) {
        self.init(time: time)
        memory = reading.memory
        storage = reading.storage
        load = reading.load
        guard let before, reading.instant > before.instant else { return }
        let (whole, attoseconds) = (reading.instant - before.instant).components
        let passed = Double(whole) + Double(attoseconds) * 1e-18
        // A counter that has fallen begins anew: what happened in between is not known.
        func rate(_ new: Double?, _ old: Double?) -> Double? {
            guard let new, let old, new >= old else { return nil }
            return (new - old) / passed
        }
        if let cores = reading.cores, reading.isOfGroup == before.isOfGroup,
            let used = rate(reading.seconds, before.seconds)
        {
            cpu = Share(used: min(used, cores), total: cores)
        }
        received = rate(reading.received, before.received)
        sent = rate(reading.sent, before.sent)
    }
}
