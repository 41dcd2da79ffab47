#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Workers of other sites on this machine, told by the kernel: processes of this program's name that are held to some of the
/// cores. Two sites of a trial would otherwise both put their only worker on the first core.
enum OtherWorkers {
    /// How many there are on each core; empty where the system does not say.
    static func perCore(_ allowed: [Int]) -> [Int: Int] {
        guard let name = SystemFile.text("/proc/self/comm") else { return [:] }
        let own = getpid()
        var found: [Int: Int] = [:]
        for process in ProcessStatus.all() where SystemFile.text("/proc/\(process)/comm") == name {
            guard let status = SystemFile.text("/proc/\(process)/status"),
                field("PPid:", of: status).flatMap({ Int32($0) }) != own,
                let cores = field("Cpus_allowed_list:", of: status).map(cores), cores.count < allowed.count
            else { continue }
            for core in cores { found[core, default: 0] += 1 }
        }
        return found
    }

    /// The numbers of a list such as `0-2,5`; none of what is no such list.
    static func cores(_ list: some StringProtocol) -> [Int] {
        list.split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, (0...8_191).contains(first),
                (first...8_191).contains(last)
            else { return [] }
            return Array(first...last)
        }
    }

    private static func field(_ name: String, of status: String) -> String? {
        for line in status.split(separator: "\n") where line.hasPrefix(name) {
            return line.dropFirst(name.count).split(whereSeparator: \.isWhitespace).first.map(String.init)
        }
        return nil
    }
}
