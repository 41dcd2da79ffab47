import CProcesses

#if canImport(Glibc)
    public import Glibc
#else
    public import Darwin
#endif

/// A mark that a process is started with and all its descendants inherit, by which they are found again whoever their
/// parent is: one variable of the environment with 128 random bits. No process of anybody else has it, however often
/// the system has given its numbers out again.
public struct ProcessMark: Sendable, Hashable {
    /// `ATOLL_WORKER`.
    public let variable: String
    public let value: String

    public init(variable: String, value: String) {
        self.variable = variable
        self.value = value
    }

    /// A new one.
    public static func make(_ variable: String) -> ProcessMark {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<2).map { _ in
            let half = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - half.count) + half
        }
        return ProcessMark(variable: variable, value: digits.joined())
    }

    /// Whether the value can be one of `make`; what is read from a file is checked with it.
    public var isWellFormed: Bool {
        value.utf8.count == 32 && value.utf8.allSatisfy { (0x30...0x39) ~= $0 || (0x61...0x66) ~= $0 }
    }

    /// The processes that have it, but this one. Those of other users, whose environment cannot be read, are not seen.
    public func processes() -> [Int32] {
        look().marked
    }

    /// Whether the process has it and has not ended.
    public func isOn(_ process: Int32) -> Bool {
        sight(of: process) == .marked
    }

    /// Signals every process that has it; a number that went to another process meanwhile is not touched.
    ///
    /// - Returns: the processes that were signalled.
    @discardableResult
    public func signal(_ signal: Int32) -> [Int32] {
        send(signal, to: look().marked)
    }

    /// Ends every process that has it, also those started meanwhile. Blocks until they are gone or the patience is over.
    ///
    /// - Returns: those that are still there.
    public func end(with signal: Int32 = SIGKILL, patience: Duration = .seconds(10)) -> [Int32] {
        let start = ContinuousClock.now
        var clean = 0
        while true {
            let (marked, isUnclear) = look()
            let left = send(signal, to: marked)
            let passed = ContinuousClock.now - start
            // One that ended while it was looked at may have started another that was not yet there to be seen; so
            // only the second look in a row that finds nothing is believed.
            clean = marked.isEmpty && (!isUnclear || passed > min(patience, .seconds(1))) ? clean + 1 : 0
            if clean == 2 { return [] }
            if passed > patience, clean == 0 { return left }
            if clean == 0 { usleep(5_000) }
        }
    }

    // MARK: - Looking

    private enum Sight {
        case marked, unmarked
        /// It has no environment at this moment: it begins another program, and will have one in the next.
        case unclear
    }

    private func look() -> (marked: [Int32], isUnclear: Bool) {
        guard isWellFormed else { return ([], false) }
        let own = getpid()
        var marked: [Int32] = []
        var isUnclear = false
        for process in ProcessStatus.all() where process != own {
            switch sight(of: process) {
            case .marked: marked.append(process)
            case .unclear: isUnclear = true
            case .unmarked: break
            }
        }
        return (marked, isUnclear)
    }

    private func sight(of process: Int32) -> Sight {
        guard let environment = SystemFile.read("/proc/\(process)/environ") else { return .unmarked }
        guard !environment.isEmpty else {
            guard let status = ProcessStatus(of: process), !status.hasEnded, !status.isKernelThread, status.isYoung
            else {
                return .unmarked
            }
            return .unclear
        }
        let wanted = Array("\(variable)=\(value)".utf8)
        return environment.split(separator: 0).contains { $0.elementsEqual(wanted) } ? .marked : .unmarked
    }

    private func send(_ signal: Int32, to processes: [Int32]) -> [Int32] {
        processes.filter { process in
            let handle = atoll_process_open(process)
            defer { if handle >= 0 { close(handle) } }
            guard isOn(process) else { return false }
            // A leader's whole group at once: one of it that begins another program at this moment is not missed.
            if signal == SIGKILL, ProcessStatus(of: process)?.group == process { kill(-process, signal) }
            // An older system gives no handle: between looking and signalling the number would have to come round.
            return handle >= 0 ? atoll_process_signal(handle, signal) == 0 : kill(process, signal) == 0
        }
    }
}
