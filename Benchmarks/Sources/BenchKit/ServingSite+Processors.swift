import Foundation

/// Processor seconds of a site, told apart.
public struct SiteProcessors: Sendable, Equatable {
    /// Of the program itself: API, gateway, TLS, ledger, store.
    public var program = 0.0
    /// Of all workers that it has had and has.
    public var workers = 0.0
    /// Of the threads of lowest priority in the present workers, by process and thread: those that make randomness in
    /// idle time.
    public var idle: [String: Double] = [:]
}

extension ServingSite {
    /// What its program and its workers have used so far.
    public func processors() throws -> SiteProcessors {
        guard let own = Self.times("/proc/\(processIdentifier)/stat") else {
            throw BenchFailure("no times of `atoll serve`")
        }
        var found = SiteProcessors(program: own.spent, workers: own.ofChildren)
        for worker in workers {
            // One that has ended in the meantime is among the times of children at the next look.
            guard let times = Self.times("/proc/\(worker)/stat") else { continue }
            found.workers += times.spent + times.ofChildren
            let folder = "/proc/\(worker)/task"
            for thread in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                guard let times = Self.times("\(folder)/\(thread)/stat"), times.nice == 19 else { continue }
                found.idle["\(worker)/\(thread)"] = times.spent
            }
        }
        return found
    }

    /// Of a process or a thread: seconds of its own and of children that have ended, and its nice value.
    private static func times(_ path: String) -> (spent: Double, ofChildren: Double, nice: Int)? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        // The name in parentheses may hold anything; user and system time, own and children's, are 12 to 15 after it.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 16 else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let times = fields[11...14].map { (Double($0) ?? 0) / ticks }
        return (times[0] + times[1], times[2] + times[3], Int(fields[16]) ?? 0)
    }
}
