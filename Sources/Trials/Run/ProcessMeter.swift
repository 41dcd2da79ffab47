import Jobs
import Synchronization
import WorkerSocket

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the sites of a trial and their workers use.
struct ProcessMeter: Sendable {
    /// The sites.
    let sites: [Int32]

    /// Processor time so far in seconds: of the sites, of the children that they waited for, and of those that run.
    func seconds() -> Double {
        var ticks: UInt64 = 0
        for site in sites { ticks += ProcessStatus(of: site).map { $0.ticks + $0.childTicks } ?? 0 }
        for child in children() { ticks += ProcessStatus(of: child)?.ticks ?? 0 }
        return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident memory now, in bytes.
    func memory() -> UInt64 {
        (sites + children()).reduce(0) { $0 + (ProcessStatus(of: $1)?.memory ?? 0) }
    }

    private func children() -> [Int32] { sites.flatMap(ProcessStatus.children) }
}

/// Looks at the memory of a trial's processes every quarter of a second, on a thread of its own.
final class MemoryWatch: Sendable {
    private struct State {
        var most: UInt64 = 0
        var isStopped = false
    }

    private let state: Shared

    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    init(_ meter: ProcessMeter) {
        let shared = Shared()
        state = shared
        _ = PlainThread {
            while true {
                let memory = meter.memory()
                let isStopped = shared.state.withLock { state in
                    state.most = max(state.most, memory)
                    return state.isStopped
                }
                if isStopped { return }
                usleep(250_000)
            }
        }
    }

    /// - Returns: the most of all looks, in bytes.
    @discardableResult
    func stop() -> UInt64 {
        state.state.withLock { state in
            state.isStopped = true
            return state.most
        }
    }
}
