public import Faults
public import Ledger
import Logging
public import Resources
public import ServiceLifecycle
public import Sites
import Synchronization

/// All jobs of a site: those that it owns and its side of those of others.
///
/// Serves `jobs.consider`, `jobs.offer`, `jobs.sync` and `jobs.changed`; until the service runs they are refused.
public final class JobService: Service {
    let around: JobSurroundings
    let desk: ReservationDesk
    private let state = Mutex(State())
    private let starts: AsyncStream<JobCarrier>
    private let startInput: AsyncStream<JobCarrier>.Continuation
    private let events: AsyncStream<WorkerEvent>
    private let eventInput: AsyncStream<WorkerEvent>.Continuation

    private struct State {
        var carriers: [String: JobCarrier] = [:]
        var isReady = false
    }

    public init(_ around: JobSurroundings) {
        self.around = around
        desk = ReservationDesk(capacity: around.runner.capacity)
        (starts, startInput) = AsyncStream.makeStream()
        (events, eventInput) = AsyncStream.makeStream()
        serve()
    }

    /// What workers say to the gateway: for `GatewayOptions.onWorker`. From any thread; returns at once.
    public func tell(_ event: WorkerEvent) {
        eventInput.yield(event)
    }

    /// The ledger cannot go on with a peer: the job ends.
    public func ledgerStopped(job: String, _ fault: Fault) async {
        await state.withLock { $0.carriers[job] }?.stopped(fault, isHurried: false)
    }

    /// A job may not read any more what it reads here: it ends, its workers at once. Close the gateway to it before.
    public func readingStopped(job: String, _ fault: Fault) async {
        await state.withLock { $0.carriers[job] }?.stopped(fault, isHurried: true)
    }

    /// A link to a peer came up: what it missed is told now.
    public func peerUp(_ peer: SiteID) async {
        for carrier in state.withLock({ Array($0.carriers.values) }) { await carrier.nudged(by: peer) }
    }

    // MARK: Running

    /// Until cancelled or shut down. Workers that run then are left to the next life, which ends them.
    public func run() async throws {
        try await around.runner.recover()
        let open = try await around.rows.open()
        try await around.door.forgetCheckpoints(exceptOf: Set(open.map(\.0.job)))
        for (entry, stored, revision) in open { try add(entry, stored, revision) }
        state.withLock { $0.isReady = true }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.takeEvents() }
                group.addTask { await self.takeExits() }
                for await carrier in self.starts {
                    group.addTask {
                        await carrier.run()
                        self.state.withLock { state in
                            if state.carriers[carrier.plan.job] === carrier { state.carriers[carrier.plan.job] = nil }
                        }
                    }
                }
                group.cancelAll()
            }
        }
        state.withLock { $0.isReady = false }
    }

    private func takeEvents() async {
        for await event in events {
            guard let carrier = state.withLock({ $0.carriers[event.job] }) else { continue }
            let worker = WorkerID(job: event.job, task: event.task, epoch: event.epoch)
            switch event.what {
            case .connected: break
            case .progress(let done, let total): await carrier.handle(worker, .progress(done: done, total: total))
            case .log(let level, let text): await carrier.handle(worker, .log(level: level, text: text))
            case .done(let result): await carrier.handle(worker, .done(result: result))
            case .failed(let fault): await carrier.handle(worker, .failed(fault))
            }
        }
    }

    private func takeExits() async {
        for await exit in around.runner.exits {
            await state.withLock { $0.carriers[exit.worker.job] }?.exited(exit)
        }
    }

    /// Has a job carried; the carrier that there is already when there is one.
    @discardableResult
    private func add(_ entry: JobEntry, _ stored: JobState, _ revision: Int64) throws -> JobCarrier {
        let plan = try around.planning.decode(entry.plan)
        let carrier = JobCarrier(entry, plan: plan, state: stored, revision: revision, desk: desk, around)
        let known = state.withLock { state -> JobCarrier? in
            if let known = state.carriers[entry.job] { return known }
            state.carriers[entry.job] = carrier
            return nil
        }
        if let known { return known }
        startInput.yield(carrier)
        return carrier
    }

    /// The carrier of a job that is stored, also of one that is over.
    func carrier(_ job: String) async throws -> JobCarrier {
        try ready()
        if let carrier = state.withLock({ $0.carriers[job] }) { return carrier }
        guard let (entry, stored, revision) = try await around.rows.find(job) else {
            throw Fault(JobFaults.unknownJob, at: "job \(job.prefix(30))")
        }
        return try add(entry, stored, revision)
    }

    private func ready() throws {
        guard state.withLock({ $0.isReady }) else {
            throw Fault(JobFaults.restarted, "The site is starting: ask again.")
        }
    }

    // MARK: Calls of other sites

    private func serve() {
        let calls = around.calls
        calls.serve(JobMessages.consider) { [weak self] caller, body in
            guard let self else { throw Fault(JobFaults.restarted) }
            let plan = try self.foreign(body, from: caller)
            do {
                try await self.check(plan, isForeign: true, in: self.around.mirrors.scope(of: caller))
                return []
            } catch let fault as Fault {
                return try JobMessages.encode(JobMessages.Refusals(fault))
            }
        }
        calls.serve(JobMessages.offer) { [weak self] caller, body in
            guard let self else { throw Fault(JobFaults.restarted) }
            try await self.offered(body, by: caller)
            return []
        }
        calls.serve(JobMessages.sync) { [weak self] caller, body in
            guard let self else { throw Fault(JobFaults.restarted) }
            let request = try JobMessages.decode(JobMessages.Sync.self, body)
            let carrier = try await self.carrier(request.decision.job)
            guard carrier.plan.owner == caller, caller != self.around.site else { throw Fault(JobFaults.notParty) }
            guard request.plan == carrier.entry.digest.hexadecimal else { throw Fault(JobFaults.planDiffers) }
            return try JobMessages.encode(try await carrier.sync(request.decision))
        }
        calls.serve(JobMessages.size) { [weak self] caller, body in
            guard let self else { throw Fault(JobFaults.restarted) }
            let question = try JobMessages.decode(JobMessages.SizeQuestion.self, body)
            let rows = try await self.around.sizes.rows(
                of: question.dataset, for: caller, operatorName: question.operatorName)
            return try JobMessages.encode(JobMessages.SizeAnswer(rows: rows))
        }
        calls.serve(JobMessages.changed) { [weak self] caller, body in
            guard let self else { throw Fault(JobFaults.restarted) }
            let changed = try JobMessages.decode(JobMessages.Changed.self, body)
            await self.state.withLock { $0.carriers[changed.job] }?.nudged(by: caller)
            return []
        }
    }

    /// A plan of another site.
    ///
    /// - Throws: what decoding throws; `JobFaults.notParty`.
    private func foreign(_ body: [UInt8], from caller: SiteID) throws -> JobPlan {
        try ready()
        let plan = try around.planning.decode(body)
        guard plan.owner == caller, plan.parties.contains(where: { $0.site == around.site }) else {
            throw Fault(JobFaults.notParty, "The plan is not the caller's, or does not name this site.")
        }
        return plan
    }

    private func offered(_ body: [UInt8], by caller: SiteID) async throws {
        let plan = try foreign(body, from: caller)
        let digest = JobPlan.digest(of: body)
        if let (entry, _, _) = try await around.rows.find(plan.job) {
            guard entry.digest == digest, entry.owner == caller else { throw Fault(JobFaults.planDiffers) }
            return
        }
        let scope = around.mirrors.scope(of: caller)
        var quotas: [JobQuota] = []
        if let scope { quotas = try await around.quotas.quotas(over: scope) }
        try await hold(quotas, plan)
        let place = try await around.mirrors.mirror(plan, digest: digest)
        let entry = JobEntry(
            job: plan.job, name: place.name, scope: place.scope, owner: plan.owner, requester: nil, created: .now,
            plan: body, digest: digest)
        try await around.rows.add(entry, JobState(), asking: JobUse(asking: plan), within: quotas)
        _ = try await carrier(plan.job)
    }

    // MARK: What people want

    /// Whether this site could carry the plan out.
    ///
    /// - Parameter scope: where the job would be kept.
    private func check(_ plan: JobPlan, isForeign: Bool, in scope: Scope?) async throws {
        let (asked, capacity) = (WorkerCapacity(memory: plan.limits.memory, cores: plan.limits.cores), desk.capacity)
        guard asked.cores <= capacity.cores, asked.memory <= capacity.memory else {
            throw Fault(
                JobFaults.overCapacity,
                "Site \(around.site.short) is asked for \(asked.text) and has \(capacity.text) in all.")
        }
        try await around.planning.check(plan, isForeign: isForeign)
        if let scope { try await hold(try await around.quotas.quotas(over: scope), plan) }
    }

    /// - Throws: `JobFaults.overQuota`.
    private func hold(_ quotas: [JobQuota], _ plan: JobPlan) async throws {
        let asked = JobUse(asking: plan)
        for quota in quotas {
            try quota.check(used: try await around.rows.use(in: quota.scope, at: .now), asked: asked)
        }
    }

    /// Asks every party whether it could take part, before anything is stored.
    ///
    /// - Parameter scope: where the job would be kept here.
    /// - Throws: `JobFaults.refused` with every party's reason.
    public func consider(_ plan: JobPlan, in scope: Scope) async throws {
        let bytes = try around.planning.encode(plan)
        let faults = await withTaskGroup(of: [Fault].self) { group in
            for party in plan.parties { group.addTask { await self.refusals(of: plan, bytes, at: party.site, scope) } }
            var faults: [Fault] = []
            for await found in group { faults += found }
            return faults.sorted { ($0.place ?? "") < ($1.place ?? "") }
        }
        guard faults.isEmpty else { throw Fault(JobFaults.refused, parts: faults) }
    }

    /// Everything that a party has against the plan, each with the party as its place.
    private func refusals(of plan: JobPlan, _ bytes: [UInt8], at site: SiteID, _ scope: Scope) async -> [Fault] {
        let place = "party \(site.short)"
        do {
            if site == around.site {
                try await check(plan, isForeign: false, in: scope)
                return []
            }
            let answer = try await ask(site, JobMessages.consider, bytes)
            return answer.isEmpty ? [] : try JobMessages.decode(JobMessages.Refusals.self, answer).faults(of: place)
        } catch let fault as Fault {
            if site != around.site, JobCarrier.isOfTheWay(fault) {
                return [Fault(JobFaults.unreachable, "\(fault.number) \(fault.what)", at: place)]
            }
            return fault.leaves.map { leaf in
                leaf.placed(at: leaf.place.map { $0.hasPrefix("party ") ? $0 : "\(place), \($0)" } ?? place)
            }
        } catch {
            return [Fault(JobFaults.unreachable, at: place)]
        }
    }

    /// Asks a party again where the way to it failed: a link that was just measured may be made anew with other windows.
    private func ask(_ site: SiteID, _ call: String, _ body: [UInt8]) async throws -> [UInt8] {
        for _ in 0..<4 {
            do {
                return try await around.calls.call(call, body, of: site)
            } catch let fault as Fault where JobCarrier.isOfTheWay(fault) {
                try await Task.sleep(for: around.pace.active / 2)
            }
        }
        return try await around.calls.call(call, body, of: site)
    }

    /// Rows of a dataset of a party, for a plan that is made here.
    ///
    /// - Throws: `DataFaults`, `GrantFaults.missing`, faults of the way; each with the party as its place.
    public func rows(of dataset: String, at site: SiteID, operatorName: String) async throws -> Int64 {
        if site == around.site { return try await around.sizes.rows(of: dataset, for: nil, operatorName: operatorName) }
        let question = JobMessages.SizeQuestion(dataset: dataset, operatorName: operatorName)
        do {
            let answer = try await ask(site, JobMessages.size, try JobMessages.encode(question))
            return try JobMessages.decode(JobMessages.SizeAnswer.self, answer).rows
        } catch let fault as Fault {
            throw fault.placed(at: "party \(site.short), dataset \(dataset)")
        }
    }

    /// Begins a job that this site owns. Again with the same job changes nothing.
    ///
    /// - Parameters:
    ///   - place: of its resource.
    ///   - requester: who asked for it, as the API recorded it.
    /// - Throws: `JobFaults.overQuota`; nothing has begun then.
    public func begin(_ plan: JobPlan, at place: JobEntry.Place, requester: String) async throws {
        try ready()
        let bytes = try around.planning.encode(plan)
        let now = Timestamp.now
        let entry = JobEntry(
            job: plan.job, name: place.name, scope: place.scope, owner: plan.owner, requester: requester, created: now,
            plan: bytes, digest: JobPlan.digest(of: bytes))
        var times = around.times
        times.wall = plan.limits.seconds * 1_000
        let coordinator = JobCoordinator(
            job: plan.job, tasks: plan.tasks.map(\.name), parties: plan.parties.map(\.site), owner: plan.owner,
            times: times, now: now.milliseconds)
        try await around.rows.add(
            entry, JobState(coordinator: coordinator.record), asking: JobUse(asking: plan),
            within: try await around.quotas.quotas(over: place.scope))
        _ = try await carrier(plan.job)
    }

    /// Pause, resume, cancel or retry. Stored when this returns; the parties follow.
    ///
    /// - Throws: `JobFaults.unknownJob`, `.notNow`, `.notOwner`; for a retry `.overQuota`.
    public func act(_ action: JobAction, on job: String) async throws {
        let carrier = try await carrier(job)
        if case .retry = action {
            try await carrier.check(action)
            try await hold(try await around.quotas.quotas(over: carrier.entry.scope), carrier.plan)
        }
        try await carrier.act(action)
    }

    /// Whether it could be done now; changes nothing.
    ///
    /// - Throws: what `act` throws.
    public func check(_ action: JobAction, on job: String) async throws {
        try await carrier(job).check(action)
    }

    /// What this site's people want of a job that it owns; nil for one of another site.
    public func wish(of job: String) async throws -> JobWish? {
        let carrier = try await carrier(job)
        return await carrier.wish
    }

    /// - Throws: `JobFaults.unknownJob`, `.notNow`, `.ownApproval`.
    public func approve(_ job: String, by author: String) async throws {
        try await carrier(job).approve(by: author)
    }

    /// The job of a resource.
    ///
    /// - Throws: `JobFaults.unknownJob`.
    public func job(named name: String, in scope: Scope) async throws -> String {
        guard let job = try await around.rows.find(named: name, in: scope) else {
            throw Fault(JobFaults.unknownJob, "No job of the name \(name) was begun in \(scope).", at: name)
        }
        return job
    }

    /// The newest job of a name that was begun in a scope; nil where there is none.
    public func find(named name: String, in scope: Scope) async throws -> String? {
        try await around.rows.find(named: name, in: scope)
    }

    /// What is known of a job at this moment.
    public func summary(_ job: String) async throws -> JobSummary {
        let carrier = try await carrier(job)
        return await carrier.summary
    }

    /// What was agreed, or is to be.
    ///
    /// - Throws: `JobFaults.unknownJob`.
    public func plan(of job: String) async throws -> JobPlan {
        // Looking at a job that is over carries it no further.
        if let carrier = state.withLock({ $0.carriers[job] }) { return carrier.plan }
        guard let (entry, _, _) = try await around.rows.find(job) else {
            throw Fault(JobFaults.unknownJob, at: "job \(job.prefix(30))")
        }
        return try around.planning.decode(entry.plan)
    }

    /// Lines of the job's log after a number, oldest first.
    public func lines(_ job: String, after line: Int64 = 0, most: Int = 1_000) async throws -> [JobLine] {
        if let carrier = state.withLock({ $0.carriers[job] }) { await carrier.storeLines() }
        return try await around.rows.lines(job, after: line, most: most)
    }

    /// Forgets a job that has ended everywhere.
    ///
    /// - Throws: `JobFaults.notFinal`.
    public func forget(_ job: String) async throws {
        guard try await around.rows.find(job) != nil else { return }
        let carrier = try await carrier(job)
        guard await carrier.isOver else { throw Fault(JobFaults.notFinal) }
        state.withLock { $0.carriers[job] = nil }
        try await around.cache?.forget(job: job)
        try await around.rows.remove(job)
    }
}
