import CProcesses

/// Which cores each worker runs on: those with the fewest workers, among the cores that the site may use.
struct CoreAllotment: Sendable {
    /// Numbers of the cores, rising.
    let allowed: [Int]
    private var workers: [Int: Int] = [:]

    /// 8,192 cores.
    private static let maskBytes = 1024

    init(allowed: [Int]) {
        self.allowed = allowed
    }

    /// The cores of this thread; empty where the system does not say.
    static func current() -> CoreAllotment {
        var mask = [UInt8](repeating: 0, count: maskBytes)
        guard atoll_cores_allowed(&mask, mask.count) == 0 else { return CoreAllotment(allowed: []) }
        return CoreAllotment(allowed: (0..<maskBytes * 8).filter { mask[$0 / 8] >> ($0 % 8) & 1 == 1 })
    }

    /// - Parameter others: how many workers of other sites on this machine are on each core.
    /// - Returns: nil when the worker may use all of them.
    mutating func take(_ count: Int, others: [Int: Int] = [:]) -> [Int]? {
        guard count > 0, count < allowed.count else { return nil }
        func load(_ core: Int) -> (Int, Int) { ((workers[core] ?? 0) + (others[core] ?? 0), core) }
        let chosen = allowed.sorted { load($0) < load($1) }.prefix(count)
        for core in chosen { workers[core, default: 0] += 1 }
        return chosen.sorted()
    }

    mutating func give(back cores: [Int]?) {
        for core in cores ?? [] { workers[core, default: 1] -= 1 }
    }

    /// One bit for each core, lowest first.
    static func mask(_ cores: [Int]) -> [UInt8] {
        var mask = [UInt8](repeating: 0, count: maskBytes)
        for core in cores where core < maskBytes * 8 { mask[core / 8] |= 1 << UInt8(core % 8) }
        return mask
    }
}
