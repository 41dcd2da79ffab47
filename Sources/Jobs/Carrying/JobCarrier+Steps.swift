import Faults
import Ledger
import Logging
import Resources
import TaskRuntime

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The steps of this site's side.
extension JobCarrier {
    var ask: WorkerCapacity { WorkerCapacity(memory: plan.limits.memory, cores: plan.limits.cores) }

    func perform(_ step: JobStep) async throws {
        switch step {
        case .stop(let workers):
            // First nothing of them crosses any more.
            if openEpoch != nil {
                openEpoch = nil
                await around.door.suspend(job: plan.job)
            }
            let grace = isHurried ? around.pace.hurry : around.pace.grace
            await withDiscardingTaskGroup { group in
                for worker in workers { group.addTask { await self.around.runner.stop(worker, grace: grace) } }
            }
            running.subtract(workers)
            for worker in workers { (ended[worker], hints[worker], tables[worker]) = (nil, nil, nil) }
        case .suspend:
            openEpoch = nil
            await around.door.suspend(job: plan.job)
        case .readUnits:
            var found: [String: [UInt64]] = [:]
            for task in plan.tasks { found[task.name] = try await around.door.units(job: plan.job, task: task.name) }
            (units, areUnitsKnown) = (found, true)
        case .ask: desk.ask(plan.job, ask, bell)
        case .use: _ = desk.use(plan.job)
        case .rest: desk.rest(plan.job)
        case .release: desk.release(plan.job)
        case .open(let epoch):
            let declared = try around.planning.declared(plan, digest: entry.digest, epoch: epoch)
            do {
                try await around.door.open(declared)
                openEpoch = epoch
            } catch {
                participant.interrupt(epoch: epoch, Self.problem(error))
            }
        case .start(let worker, let unit): await start(worker, from: unit)
        case .close(let phase, _): try await close(phase)
        }
    }

    private func start(_ worker: WorkerID, from unit: UInt64) async {
        participant.started(worker.task)
        areUnitsKnown = false
        running.insert(worker)
        do {
            let needs = around.planning.reads(of: worker.task, plan)
            if !needs.isEmpty {
                reading.insert(worker)
                try await around.reads.begin(needs, for: worker)
            }
            let token = try await around.door.token(job: plan.job, task: worker.task, unit: unit)
            var order = try order(worker, unit, token)
            let files = try await openFiles(for: worker, &order)
            let limits = WorkerLimits(
                memory: plan.limits.memory, cores: plan.limits.cores, time: .seconds(plan.limits.seconds),
                silence: .seconds(600))
            try await around.runner.start(
                WorkerLaunch(id: worker, order: try order.encoded(), limits: limits, files: files))
        } catch {
            running.remove(worker)
            tables[worker] = nil
            participant.failed(worker.task, epoch: worker.epoch, Self.problem(error))
        }
    }

    /// Opens what the task reads, and a file for the table that it leaves, and says in the order where they are.
    private func openFiles(for worker: WorkerID, _ order: inout TaskOrder) async throws -> [WorkerFile] {
        let needs = around.planning.needs(of: worker.task, plan)
        var files: [WorkerFile] = []
        for dataset in needs.datasets {
            order.inputs.append(.init(dataset: dataset, descriptor: WorkerLaunch.firstFile + Int32(files.count)))
            files.append(try await around.tables.open(dataset))
        }
        for text in needs.results {
            order.results.append(.init(reference: text, descriptor: WorkerLaunch.firstFile + Int32(files.count)))
            files.append(try WorkerFile(holding: try await result(text), folder: order.scratch))
        }
        try await lendColumns(of: needs.columns, to: worker, &order, &files)
        if needs.table != nil {
            let file = try await around.tables.makeFile()
            tables[worker] = file
            order.output = WorkerLaunch.firstFile + Int32(files.count)
            files.append(file)
        }
        return files
    }

    /// What an earlier task has left at this site.
    ///
    /// - Throws: `JobFaults.earlierJobUnknown` where it is gone.
    private func result(_ text: String) async throws -> [UInt8] {
        guard let reference = TaskReference(result: text) else { throw Fault(JobFaults.unreadableReference) }
        let job = reference.job ?? plan.job
        var result = try await around.rows.output(job, reference.task)?.result
        if result == nil { result = try await around.models.result(job, reference.task) }
        guard let result else {
            throw Fault(
                JobFaults.earlierJobUnknown, "The result '\(text)' is not here any more.", at: "result \(text)")
        }
        return try TaskResult(decoding: result).output
    }

    /// Keeps the table that a task has left, before its result is kept.
    private func keepTable(of worker: WorkerID) async throws {
        guard let source = around.planning.needs(of: worker.task, plan).table else { return }
        guard let file = tables[worker] else { throw Fault(TaskFaults.dataMissing, at: "task \(worker.task)") }
        let name = try await around.tables.keep(file, of: source, by: worker)
        tables[worker] = nil
        pendingLines.append(
            JobLine(
                time: .now, level: 2, task: worker.task, epoch: worker.epoch, text: "its rows are dataset \(name) here")
        )
    }

    /// Gives back what workers that are gone were let read.
    func endReading() async {
        for worker in reading where !running.contains(worker) {
            reading.remove(worker)
            await around.reads.end(worker)
        }
    }

    private func order(_ worker: WorkerID, _ unit: UInt64, _ token: [UInt8]) throws -> TaskOrder {
        guard let task = plan.tasks.first(where: { $0.name == worker.task }),
            let party = plan.parties.firstIndex(where: { $0.site == around.site })
        else { throw Fault(JobFaults.malformed, "The task is not of the plan.") }
        let scratch = scratchFolder + "/" + worker.task
        try? FileManager.default.removeItem(atPath: scratch)
        try FileManager.default.createDirectory(
            atPath: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return TaskOrder(
            socket: around.socket, token: token.hexadecimal, job: plan.job, task: task.name, epoch: worker.epoch,
            operatorName: task.operatorName, operatorVersion: task.operatorVersion, parameters: task.parameters,
            parties: plan.parties.map { .init(site: $0.site.text, role: $0.role) }, party: party,
            seed: around.planning.seed(of: task.name, plan).hexadecimal, unit: unit, threads: plan.limits.cores,
            scratch: scratch)
    }

    private var scratchFolder: String { around.scratch + "/" + plan.job }

    private func close(_ phase: JobPhase) async throws {
        openEpoch = nil
        try? FileManager.default.removeItem(atPath: scratchFolder)
        try await giveColumnsBack()
        if phase == .succeeded { try await keepModels() }
        let epoch = participant.record.decision?.epoch ?? 0
        let declared = try around.planning.declared(plan, digest: entry.digest, epoch: epoch)
        guard try await around.door.close(declared, phase) else {
            // The receipt is still to come from somebody.
            retryTime = .now + .milliseconds(500)
            return
        }
        (units, areUnitsKnown) = ([:], true)
        participant.closed()
        changed()
    }

    /// Keeps the models that the job's tasks left, which stay when the job is forgotten. One that cannot be kept is still
    /// among the job's results.
    private func keepModels() async throws {
        for task in plan.tasks where !keptModels.contains(task.name) {
            guard let kind = around.planning.model(of: task, plan),
                let output = try await around.rows.output(plan.job, task.name)
            else { continue }
            var (level, text): (UInt8, String?) = (2, nil)
            do {
                let place = JobEntry.Place(name: entry.name, scope: entry.scope)
                text = try await around.models.keep(
                    LeftModel(kind: kind, plan: plan, task: task, place: place, output: output))
            } catch let fault as Fault {
                (level, text) = (4, "the model is not kept: \(fault.number) \(fault.what)")
            }
            keptModels.insert(task.name)
            guard let text else { continue }
            pendingLines.append(JobLine(time: .now, level: level, task: task.name, epoch: 0, text: text))
        }
    }

    static func problem(_ error: any Error) -> JobProblem {
        JobProblem((error as? Fault) ?? Fault(JobFaults.workerFailed, "\(type(of: error)) when a worker was started."))
    }

    // MARK: Workers

    func concludeEnds() {
        let now = ContinuousClock.now
        for (worker, end) in ended where end.until <= now && !keeping.contains(worker) { conclude(worker, end.exit) }
    }

    /// A worker has ended. What it left may be on its way through the gateway still.
    func exited(_ exit: WorkerExit) {
        let worker = exit.worker
        guard running.contains(worker) else { return }
        logger.debug("a worker ended", metadata: ["worker": "\(worker)", "cause": "\(exit.cause)"])
        let isDone = participant.hasFinished(worker.task, epoch: worker.epoch)
        let mayFollow: Bool =
            switch exit.cause {
            case .finished: !isDone
            case .failed: hints[worker] == nil && !isDone
            default: false
            }
        if mayFollow {
            ended[worker] = (exit, .now + (exit.cause == .finished ? around.pace.farewell : around.pace.farewell / 10))
        } else {
            conclude(worker, exit)
        }
        bell.ring()
    }

    private func conclude(_ worker: WorkerID, _ exit: WorkerExit) {
        ended[worker] = nil
        running.remove(worker)
        let hint = hints.removeValue(forKey: worker)
        guard !participant.hasFinished(worker.task, epoch: worker.epoch), exit.cause != .stopped else { return }
        let fault = Self.fault(exit, hint)
        participant.failed(worker.task, epoch: worker.epoch, JobProblem(fault))
        tables[worker] = nil
        pendingLines.append(
            JobLine(time: .now, level: 4, task: worker.task, epoch: worker.epoch, text: "\(fault.number) \(fault.what)")
        )
        for line in exit.lastLines {
            pendingLines.append(JobLine(time: .now, level: 4, task: worker.task, epoch: worker.epoch, text: line))
        }
    }

    private static func fault(_ exit: WorkerExit, _ hint: Fault?) -> Fault {
        let task = exit.worker.task
        switch exit.cause {
        case .crashed(let signal):
            return Fault(JobFaults.workerCrashed, "The worker of task \(task) was ended by signal \(signal).")
        case .lost, .stopped:
            return Fault(JobFaults.workerCrashed, "The worker of task \(task) is gone.")
        case .outOfMemory(let limit, let peak):
            return Fault(
                JobFaults.workerOutOfMemory,
                "The worker of task \(task) wanted more memory than \(limit) bytes; it had \(peak).")
        case .hung(let time):
            return Fault(JobFaults.workerHung, "The worker of task \(task) did nothing for \(time).")
        case .overtime(let time):
            return Fault(JobFaults.workerOvertime, "The worker of task \(task) ran longer than \(time).")
        case .finished:
            return hint ?? Fault(JobFaults.workerFailed, "The worker of task \(task) ended without a result.")
        case .failed(let status):
            let last = exit.lastLines.last.map { ": \($0)" } ?? ""
            return hint
                ?? Fault(JobFaults.workerFailed, "The worker of task \(task) ended with status \(status)\(last)")
        }
    }

    /// A worker said something through the gateway.
    func handle(_ worker: WorkerID, _ said: WorkerSaying) async {
        around.runner.touch(worker)
        switch said {
        case .progress(let done, let total):
            participant.progressed(
                worker.task, epoch: worker.epoch, done: done, total: total, at: began.duration(to: .now))
        case .log(let level, let text):
            let line = String(text.prefix(2_000))
            pendingLines.append(JobLine(time: .now, level: level, task: worker.task, epoch: worker.epoch, text: line))
        case .failed(let fault):
            hints[worker] = fault
            if let end = ended[worker] { conclude(worker, end.exit) }
        case .done(let result):
            // However long it takes to keep: the worker did not end without a result.
            keeping.insert(worker)
            defer { keeping.remove(worker) }
            do {
                try await keepTable(of: worker)
                let digest = try around.planning.digest(ofResult: result, of: worker.task, plan).hexadecimal
                let kept = try await around.rows.keep(
                    result, digest: digest, job: plan.job, task: worker.task, now: .now)
                try await cache(digest, of: worker.task)
                if let task = plan.tasks.first(where: { $0.name == worker.task }) {
                    try await giveColumnsBack(of: task)
                }
                participant.finished(worker.task, epoch: worker.epoch, digest: digest)
                if kept != digest { participant.finished(worker.task, epoch: worker.epoch, digest: kept) }
                await keepRates(result, of: worker.task)
                changed()
            } catch {
                participant.failed(worker.task, epoch: worker.epoch, Self.problem(error))
            }
            if let end = ended[worker] { conclude(worker, end.exit) }
        }
        bell.ring()
    }

    /// What a task `verify` measured is kept for the costs of later jobs. Losing it costs a job nothing.
    private func keepRates(_ result: [UInt8], of task: String) async {
        guard let rates = around.rates, plan.tasks.contains(where: { $0.name == task && $0.operatorName == "verify" })
        else { return }
        do {
            try await rates.record(figures: TaskResult(decoding: result).figures, of: plan)
        } catch {
            around.logger.warning("what verify measured is not kept", metadata: ["job": "\(plan.job)"])
        }
    }

    // MARK: What people want

    /// What this site says to the plan.
    func consider() async {
        do {
            guard plan.limits.cores <= desk.capacity.cores, plan.limits.memory <= desk.capacity.memory else {
                throw Fault(
                    JobFaults.overCapacity,
                    "Site \(around.site.short) is asked for \(ask.text) and has \(desk.capacity.text) in all.")
            }
            try await around.planning.check(plan, isForeign: !isOwner)
            await reuse()
            if let why = try await around.planning.approval(of: plan, isForeign: !isOwner) {
                participant.consider(.awaitingApproval(why))
            } else {
                participant.consider(.accepted)
            }
        } catch {
            participant.consider(.refused(JobProblem((error as? Fault) ?? Fault(JobFaults.refused))))
        }
        changed()
    }

    var wish: JobWish? { coordinator?.record.wish }

    func check(_ action: JobAction) throws {
        var trial = coordinator
        if trial != nil { return try trial!.wish(action) }
        guard case .cancel = action else { throw Fault(JobFaults.notOwner) }
    }

    func act(_ action: JobAction) async throws {
        if coordinator != nil {
            try coordinator!.wish(action)
        } else if case .cancel(let problem) = action {
            guard participant.record.decision?.phase.isFinal != true else {
                throw Fault(JobFaults.notNow, "The job has ended.")
            }
            participant.withdraw(problem)
        } else {
            throw Fault(JobFaults.notOwner)
        }
        changed()
        while hasUnsaved { try await save() }
    }

    func approve(by author: String) async throws {
        try participant.approve(by: author, requester: entry.requester)
        pendingLines.append(JobLine(time: .now, level: 2, task: "", epoch: 0, text: "approved by \(author)"))
        changed()
        while hasUnsaved { try await save() }
    }

    /// The ledger, or who lets it read, has stopped the job here.
    ///
    /// - Parameter isHurried: its workers are given less time than usual.
    func stopped(_ fault: Fault, isHurried: Bool) {
        self.isHurried = self.isHurried || isHurried
        participant.interrupt(epoch: participant.record.decision?.epoch ?? 0, JobProblem(fault))
        bell.ring()
    }
}

/// What a worker tells its site, beside its messages.
enum WorkerSaying: Sendable {
    case progress(done: UInt64, total: UInt64)
    case log(level: UInt8, text: String)
    case done(result: [UInt8])
    case failed(Fault)
}
