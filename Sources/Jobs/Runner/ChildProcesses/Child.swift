import CProcesses

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One worker that runs, as the thread that watches has it.
struct Child {
    let worker: WorkerID
    let process: Int32
    let record: WorkerRecord
    let group: WorkerGroup?
    let cores: [Int]?
    var watch: WorkerWatch
    var meter: WorkerMeter
    var lines = LineKeeper()
    /// Writing end of its standard input; less than 0 when the order was written or is not wanted.
    private(set) var input: Int32
    /// Reading end of its standard error; less than 0 after its end.
    private(set) var errors: Int32
    private var order: ArraySlice<UInt8>
    /// Other processes of its process group that were seen.
    private var companions: Set<Int32> = []

    /// Bytes of lines that are read of one worker before the others have their turn.
    private static let turn = 1 << 16

    init(
        _ worker: WorkerID, process: Int32, record: WorkerRecord, group: WorkerGroup?, cores: [Int]?,
        watch: WorkerWatch, input: Int32, errors: Int32, order: [UInt8]
    ) {
        self.worker = worker
        self.process = process
        self.record = record
        self.group = group
        self.cores = cores
        self.watch = watch
        meter = WorkerMeter(at: .now)
        self.input = input
        self.errors = errors
        self.order = order[...]
        for end in [input, errors] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
    }

    /// As much of the order as goes in now; its end is the end of the worker's standard input.
    mutating func feed() {
        while input >= 0 {
            if order.isEmpty { return closeInput() }
            let count = order.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count > 0 {
                order = order.dropFirst(count)
            } else if errno != EINTR {
                // A worker that has closed its input, or has ended, wants no order.
                if errno != EAGAIN { closeInput() }
                return
            }
        }
    }

    /// The lines that it has written since.
    mutating func listen() -> [String] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var complete: [String] = []
        var taken = 0
        while errors >= 0, taken < Self.turn {
            let count = read(errors, &buffer, buffer.count)
            if count > 0 {
                taken += count
                complete += lines.feed(buffer[..<count])
            } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                close(errors)
                errors = -1
            } else if errno == EAGAIN {
                break
            }
        }
        if taken > 0 { watch.touch(at: .now) }
        return complete
    }

    /// Memory and processor time of all its processes.
    ///
    /// - Parameter members: the processes of its process group if they were looked up just now.
    mutating func sight(members: [ProcessStatus]?) -> WorkerWatch.Sight {
        if let members { companions = Set(members.map(\.id)).subtracting([process]) }
        var sight = WorkerWatch.Sight()
        for id in [process] + companions {
            guard let status = ProcessStatus(of: id), status.group == process else { continue }
            sight.memory += status.memory
            sight.ticks += status.ticks
        }
        if companions.isEmpty { sight.peak = ProcessStatus.peakMemory(of: process) }
        return sight
    }

    var usage: WorkerUsage {
        WorkerUsage(
            worker: worker, cores: meter.cores, processorTime: meter.time, memory: meter.memory, limits: watch.limits)
    }

    /// The process is not yet collected when this is called, so its number, which is the group's too, is its own.
    func carryOut(_ action: WorkerWatch.Action) {
        switch action {
        case .none: break
        case .ask: kill(-process, SIGTERM)
        case .end:
            kill(-process, SIGKILL)
            group?.end()
        }
    }

    /// Takes the process out of the system's table when it has ended.
    mutating func collect() -> (ending: WorkerWatch.Ending, time: Duration)? {
        var information = siginfo_t()
        guard waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 else {
            return (.status(-1), .zero)
        }
        guard information.si_signo == SIGCHLD else { return nil }
        // What it left in its group ends before the number can go to others.
        kill(-process, SIGKILL)
        group?.end()
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
        let time = Duration(usage.ru_utime) + Duration(usage.ru_stime)
        let signal = status & 0x7F
        return (signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal), time)
    }

    mutating func closeEnds() {
        closeInput()
        if errors >= 0 { close(errors) }
        errors = -1
    }

    private mutating func closeInput() {
        if input >= 0 { close(input) }
        input = -1
        order = []
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
    }
}
