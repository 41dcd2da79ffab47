/// What the control groups of this process are held to: the tightest limit, its own or of a group above it, with what is
/// used in the group that has the limit. Versions 1 and 2; see cgroups(7) and the kernel's documentation of both.
struct ControlGroupFigures: Sendable, Hashable {
    /// Bytes, without files in the page cache that can be given back at once.
    var memory: Share?
    /// Cores that the group may use together.
    var cores: Double?
    /// Seconds of processor time that the group with this limit has used; rises.
    var seconds: Double?

    /// - Parameter root: before every path; empty but in tests.
    init(_ places: ControlGroupPlaces, root: String = "") {
        let second = Self.above(places.unified.map { root + $0 })
        let memories =
            second.compactMap { Self.secondMemory($0) }
            + Self.above(places.memory.map { root + $0 }).compactMap { Self.firstMemory($0) }
        memory = memories.min { $0.total < $1.total }
        // Version 1 may count in another tree than it limits in; groups have the same names in both.
        let counting = Self.above(places.accounting.map { root + $0 })
        let limits =
            second.compactMap { Self.secondCores($0) }
            + Self.above(places.cpu.map { root + $0 }).enumerated().compactMap { level, folder in
                Self.firstCores(folder, accounting: counting.indices.contains(level) ? counting[level] : nil)
            }
        if let tightest = limits.min(by: { $0.cores < $1.cores }) { (cores, seconds) = tightest }
    }

    /// A group's folder and those above it, as long as they are groups.
    private static func above(_ folder: String?) -> [String] {
        var folders: [String] = []
        var next = folder
        while let folder = next, SystemFile.text(folder + "/cgroup.procs") != nil {
            folders.append(folder)
            next = folder.lastIndex(of: "/").map { String(folder[..<$0]) }
        }
        return folders
    }

    private static func secondMemory(_ folder: String) -> Share? {
        guard let limit = number(folder + "/memory.max"), let used = number(folder + "/memory.current") else {
            return nil
        }
        return share(used, of: limit, folder, cache: "inactive_file")
    }

    private static func firstMemory(_ folder: String) -> Share? {
        // Without a limit, version 1 tells a number near the largest.
        guard let limit = number(folder + "/memory.limit_in_bytes"), limit < 0x1p62,
            let used = number(folder + "/memory.usage_in_bytes")
        else { return nil }
        return share(used, of: limit, folder, cache: "total_inactive_file")
    }

    private static func share(_ used: Double, of limit: Double, _ folder: String, cache word: String) -> Share {
        let cache = SystemFile.text(folder + "/memory.stat").flatMap { field(word, $0) } ?? 0
        return Share(used: max(0, used - cache), total: limit)
    }

    /// `200000 100000`: so many microseconds of each period; `max` for no limit.
    private static func secondCores(_ folder: String) -> (cores: Double, seconds: Double?)? {
        let words = SystemFile.text(folder + "/cpu.max")?.split { $0 == " " || $0 == "\n" } ?? []
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0 else {
            return nil
        }
        let used = SystemFile.text(folder + "/cpu.stat").flatMap { field("usage_usec", $0) }
        return (quota / period, used.map { $0 / 1e6 })
    }

    private static func firstCores(_ folder: String, accounting: String?) -> (cores: Double, seconds: Double?)? {
        guard let quota = number(folder + "/cpu.cfs_quota_us"), quota > 0,
            let period = number(folder + "/cpu.cfs_period_us"), period > 0
        else { return nil }
        let used =
            number(folder + "/cpuacct.usage") ?? accounting.flatMap { number($0 + "/cpuacct.usage") }
        return (quota / period, used.map { $0 / 1e9 })
    }

    private static func number(_ path: String) -> Double? {
        SystemFile.text(path).flatMap { Double($0.filter { !$0.isWhitespace }) }
    }

    private static func field(_ word: String, _ text: String) -> Double? {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2, parts[0] == word { return Double(parts[1]) }
        }
        return nil
    }
}
