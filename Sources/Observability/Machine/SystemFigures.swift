/// Reads the texts of `/proc` that tell of the whole machine: see proc(5). Each answers nil to what it does not know.
enum SystemFigures {
    /// Clock ticks in which cores did something, of `/proc/stat`. Waiting for disks counts as idle, and what a
    /// hypervisor gave to others as well.
    ///
    /// - Parameter cores: those that count; nil for all.
    static func busyTicks(_ text: String, cores: Set<Int>?) -> Double? {
        var busy = 0.0
        var isThere = false
        for line in text.split(separator: "\n") where line.hasPrefix("cpu") {
            let fields = line.split(separator: " ")
            guard let core = Int(fields[0].dropFirst(3)), cores?.contains(core) ?? true, fields.count >= 8 else {
                continue
            }
            // User, nice, system, then interrupts and soft interrupts; fields 4 and 5 are idle and waiting.
            let numbers = [1, 2, 3, 6, 7].compactMap { Double(fields[$0]) }
            guard numbers.count == 5 else { return nil }
            busy += numbers.reduce(0, +)
            isThere = true
        }
        return isThere ? busy : nil
    }

    /// Bytes of `/proc/meminfo`: what there is, without what is available.
    static func memory(_ text: String) -> Share? {
        guard let total = kibibytes("MemTotal:", text), let available = kibibytes("MemAvailable:", text), total > 0
        else { return nil }
        return Share(used: max(0, total - available) * 1024, total: total * 1024)
    }

    /// The average over one minute of `/proc/loadavg`.
    static func load(_ text: String) -> Double? {
        text.split(separator: " ").first.flatMap { Double($0) }
    }

    /// Bytes in and out of `/proc/net/dev`, of devices that lead to other machines.
    static func network(_ text: String) -> (received: Double, sent: Double)? {
        var (received, sent) = (0.0, 0.0)
        var isThere = false
        for line in text.split(separator: "\n").dropFirst(2) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].filter { $0 != " " }
            guard !inside.contains(where: name.hasPrefix), name != "lo" else { continue }
            let fields = line[line.index(after: colon)...].split(separator: " ")
            guard fields.count >= 9, let came = Double(fields[0]), let went = Double(fields[8]) else { continue }
            received += came
            sent += went
            isThere = true
        }
        return isThere ? (received, sent) : nil
    }

    /// Devices between parts of one machine: what crosses them was counted, or never left.
    private static let inside = ["veth", "cali", "cni", "docker", "br-", "virbr", "flannel", "ifb", "dummy"]

    private static func kibibytes(_ word: String, _ text: String) -> Double? {
        for line in text.split(separator: "\n") where line.hasPrefix(word) {
            return line.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        }
        return nil
    }
}
