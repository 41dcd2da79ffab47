import CProcesses
import Faults
import Logging
import Metrics

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension ChildWatcher {
    /// The record comes before the process, and its number is in the record before it gets its order: a worker whose
    /// site was killed in between has its mark, and ends by itself at the end of an input without an order.
    mutating func start(_ launch: WorkerLaunch) throws(Fault) {
        guard children[launch.id] == nil else { return }
        guard launch.order.count <= ChildProcessOptions.longestOrder else {
            throw Fault(
                RunnerFaults.orderTooLarge, at: "\(launch.id)",
                wanted: "at most \(ChildProcessOptions.longestOrder) bytes, not \(launch.order.count)")
        }
        let limits = launch.limits
        guard limits.memory <= capacity.memory, limits.cores <= capacity.cores, limits.cores > 0, limits.memory > 0
        else {
            throw Fault(
                RunnerFaults.beyondCapacity, at: "\(launch.id)",
                wanted: "1 to \(capacity.cores) cores and at most \(capacity.memory) bytes of memory")
        }
        let mark = ProcessMark.make(WorkerRecord.variable)
        let group = groups.map { WorkerGroup(in: $0, mark: mark) }
        var record = WorkerRecord(launch.id, mark: mark, groups: group?.folders ?? [])
        try records.keep(record)
        let madeGroup = group.flatMap { $0.make(limits, allowedCores: cores.allowed.count) ? $0 : nil }
        let taken = cores.take(limits.cores, others: OtherWorkers.perCore(cores.allowed))
        do throws(Fault) {
            let started = try startProcess(launch, mark: mark, cores: taken)
            record.process = started.process
            record.start = ProcessStatus(of: started.process)?.start
            let child = Child(
                launch.id, process: started.process, record: record,
                group: madeGroup.flatMap { $0.add(started.process) ? $0 : nil }, cores: taken,
                watch: WorkerWatch(limits, grace: options.grace, at: .now),
                input: started.input, errors: started.errors, order: launch.order)
            if child.group == nil { madeGroup?.remove() }
            atoll_forbid_core_file(started.process)
            do throws(Fault) {
                try records.keep(record)
            } catch {
                abandon(child)
                throw error
            }
            children[launch.id] = child
        } catch {
            cores.give(back: taken)
            madeGroup?.remove()
            records.forget(record)
            throw error
        }
        desk.setRunning(children.keys)
        Counter(label: "worker_started").increment()
        logger.info("worker started", metadata: ["worker": "\(launch.id)", "process": "\(record.process ?? 0)"])
    }

    private func startProcess(
        _ launch: WorkerLaunch, mark: ProcessMark, cores: [Int]?
    ) throws(Fault) -> (process: Int32, input: Int32, errors: Int32) {
        let input = try pipe(launch.id)
        defer { close(input.reading) }
        let errors: (reading: Int32, writing: Int32)
        do throws(Fault) {
            errors = try pipe(launch.id)
        } catch {
            close(input.writing)
            throw error
        }
        defer { close(errors.writing) }
        var environment = PassedEnvironment.current(ChildProcessOptions.passed)
        environment.merge(ChildProcessOptions.fixed) { $1 }
        environment.merge(options.environment) { $1 }
        environment[mark.variable] = mark.value
        var start = ChildStart(program: options.program, arguments: options.arguments, environment: environment)
        start.input = input.reading
        start.errors = errors.writing
        start.cores = cores
        start.files = launch.files
        let (process, failure) = start.start()
        guard failure == 0 else {
            close(input.writing)
            close(errors.reading)
            throw refusal(failure, launch.id)
        }
        return (process, input.writing, errors.reading)
    }

    private func pipe(_ worker: WorkerID) throws(Fault) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        let failure = atoll_pipe(&ends)
        guard failure == 0 else { throw refusal(failure, worker) }
        return (ends[0], ends[1])
    }

    private func refusal(_ code: Int32, _ worker: WorkerID) -> Fault {
        Fault(
            RunnerFaults.notStarted, "The worker could not be started: \(String(cString: strerror(code))).",
            at: "\(worker)")
    }

    /// A worker that could not be written down may not run.
    private func abandon(_ started: Child) {
        var child = started
        child.closeEnds()
        kill(-child.process, SIGKILL)
        child.group?.end()
        var status: Int32 = 0
        while waitpid(child.process, &status, 0) < 0 && errno == EINTR {}
        child.group?.remove()
    }
}
