import Observability

extension WorkerCapacity {
    /// The cores that the site may use, and the memory of the machine or of the site's control group, whichever is
    /// less, but an eighth, which is the site's own and the system's.
    public static func ofMachine() -> WorkerCapacity {
        let groups = ControlGroupPlaces.current()
        let limits = [
            SystemFile.text("/proc/meminfo").flatMap { SystemFile.number("MemTotal:", in: $0) }.map { $0 * 1024 },
            groups.unified.flatMap { limit($0 + "/memory.max") },
            groups.memory.flatMap { limit($0 + "/memory.limit_in_bytes") },
        ]
        let memory = limits.compactMap { $0 }.min() ?? 1 << 30
        return WorkerCapacity(memory: memory - memory / 8, cores: max(1, CoreAllotment.current().allowed.count))
    }

    /// Nil for none: `max`, or in version 1 a number near the largest.
    private static func limit(_ path: String) -> UInt64? {
        SystemFile.text(path).flatMap { UInt64($0.filter { !$0.isNewline }) }
    }
}
