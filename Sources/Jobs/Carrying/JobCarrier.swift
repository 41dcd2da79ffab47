import Faults
import Ledger
import Logging
import Resources
import Sites

/// Carries one job at this site: the pure cores with a clock, the store, the gateway, the runner and the other sites.
///
/// One task runs `run`; everything else only puts something in and rings the bell. A decision is stored before anything
/// is done about it or anybody is told.
actor JobCarrier {
    /// Another party, as the owner knows it.
    struct Partner {
        var view: PartyView?
        var answered: ContinuousClock.Instant
        /// A call is on its way.
        var isAsked = false
        /// Something changed while a call was on its way, or before.
        var isNews = true
        var due = ContinuousClock.now
        var failures = 0
        /// It ran the job and does not know it any more.
        var hasForgotten = false

        /// Whether it has carried this end out, never took the job, or has forgotten it since.
        func knows(_ decision: JobDecision) -> Bool {
            if hasForgotten, decision.phase.isFinal { return true }
            guard let view else { return false }
            if case .refused = view.consent, view.sequence == 0 { return true }
            return view.answers(decision) && view.isClosed
        }
    }

    nonisolated let entry: JobEntry
    nonisolated let plan: JobPlan
    nonisolated let bell = Bell()
    let around: JobSurroundings
    let desk: ReservationDesk
    let logger: Logger

    var participant: JobParticipant
    var coordinator: JobCoordinator?
    var partners: [SiteID: Partner] = [:]

    // What there is here.
    var running: Set<WorkerID> = []
    var openEpoch: UInt64?
    var units: [String: [UInt64]] = [:]
    var areUnitsKnown = false
    var heard = ContinuousClock.now
    let began = ContinuousClock.now
    /// Workers that ended before it is known what they left.
    var ended: [WorkerID: (exit: WorkerExit, until: ContinuousClock.Instant)] = [:]
    /// Files of the tables that running tasks will leave.
    var tables: [WorkerID: WorkerFile] = [:]
    /// Workers whose result has come and is being kept.
    var keeping: Set<WorkerID> = []
    /// Why a worker's connection ended.
    var hints: [WorkerID: Fault] = [:]
    /// Tasks whose models are kept.
    var keptModels: Set<String> = []
    /// Workers that were let read.
    var reading: Set<WorkerID> = []
    /// Workers of this job are not given time: what they read was taken back.
    var isHurried = false
    /// Steps that could not be done are tried again then.
    var retryTime: ContinuousClock.Instant?

    private var revision: Int64
    private var saved: Int64
    private var toldView: PartyView?
    private let displayBell = Bell()
    private var shown: JobSummary?

    var isOwner: Bool { coordinator != nil }

    init(
        _ entry: JobEntry, plan: JobPlan, state: JobState, revision: Int64, desk: ReservationDesk,
        _ around: JobSurroundings
    ) {
        self.entry = entry
        self.plan = plan
        self.around = around
        self.desk = desk
        self.revision = revision
        saved = revision
        var logger = around.logger
        logger[metadataKey: "app"] = "job/\(entry.name)"
        logger[metadataKey: "job"] = "\(entry.job)"
        self.logger = logger
        var times = around.times
        times.wall = plan.limits.seconds * 1_000
        participant = JobParticipant(
            job: plan.job, tasks: plan.tasks.map(\.name), record: state.participant, times: times)
        coordinator = state.coordinator.map {
            JobCoordinator($0, parties: plan.parties.map(\.site), owner: plan.owner, times: times)
        }
        if coordinator != nil {
            for party in plan.parties where party.site != around.site {
                partners[party.site] = Partner(answered: .now)
            }
        }
    }

    // MARK: Running

    /// Until the job is over everywhere that this site cares for, or the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.display() }
            while !Task.isCancelled {
                var next: ContinuousClock.Instant?
                do {
                    guard let turn = try await turn() else { continue }
                    for peer in turn.asks { group.addTask { await self.ask(peer) } }
                    if turn.isNudge { group.addTask { await self.nudgeOwner() } }
                    next = turn.next
                } catch {
                    let fault = (error as? Fault).map { "\($0.number)" } ?? "\(type(of: error))"
                    logger.error("a job cannot go on and is tried again", metadata: ["fault": "\(fault)"])
                    next = .now + .seconds(1)
                }
                displayBell.ring()
                if isOver { break }
                await bell.wait(until: next)
            }
            group.cancelAll()
        }
        if isOver, !Task.isCancelled {
            await storeLines()
            await publish()
            desk.release(plan.job)
            await endReading()
        }
    }

    /// What is to be done beside the next turn.
    private struct Turn {
        var asks: [SiteID] = []
        var isNudge = false
        var next: ContinuousClock.Instant?
    }

    /// One look at everything.
    ///
    /// - Returns: nil when something was done and there may be more to do.
    private func turn() async throws -> Turn? {
        concludeEnds()
        await endReading()
        if participant.record.consent == .considering { await consider() }
        while revision != saved { try await save() }
        // Nothing is awaited from here to the first step: what is acted on is stored.
        let now = ContinuousClock.now
        if retryTime.map({ $0 <= now }) ?? true {
            retryTime = nil
            let steps = participant.steps(local)
            let decision = participant.record.decision
            for step in steps {
                try await perform(step)
                if participant.record.decision != decision || retryTime != nil { break }
            }
            if !steps.isEmpty, retryTime == nil { return nil }
        }
        if try decide() { return nil }
        if isOver {
            try await save(isOver: true)
            return Turn()
        }
        var turn = Turn(asks: duePartners())
        for peer in turn.asks { partners[peer]!.isAsked = true }
        if !isOwner, let told = toldView {
            let view = Self.withoutProgress(self.view)
            turn.isNudge = view != told
            toldView = view
        }
        turn.next = nextTime
        return turn
    }

    /// Takes the owner's next decision.
    private func decide() throws -> Bool {
        guard coordinator != nil else { return false }
        var views = partners.compactMapValues(\.view)
        views[around.site] = view
        let before = coordinator!.decision
        let isChanged = coordinator!.decide(views: views, silence: silence, now: Timestamp.now.milliseconds)
        if isChanged { changed() }
        guard participant.record.decision != coordinator!.decision else { return isChanged }
        if try participant.take(coordinator!.decision) { changed() }
        if coordinator!.decision != before {
            for peer in partners.keys { partners[peer]!.isNews = true }
            note(coordinator!.decision)
        }
        return true
    }

    /// The job has ended, and nobody who has to know does not.
    var isOver: Bool {
        guard let decision = participant.record.decision, decision.phase.isFinal, participant.record.isClosed,
            running.isEmpty
        else { return false }
        return partners.values.allSatisfy { $0.knows(decision) }
    }

    // MARK: What there is

    var silence: [SiteID: Double] {
        // Who is not asked has no reason to speak.
        partners.mapValues { mustAsk($0) ? $0.answered.duration(to: .now) / .seconds(1) : 0 }
    }

    var local: LocalState {
        var local = LocalState()
        local.running = running
        local.openEpoch = openEpoch
        local.reservation = desk.state(of: plan.job).0
        local.units = units
        local.unitsKnown = areUnitsKnown
        local.silence = isOwner ? 0 : heard.duration(to: .now) / .seconds(1)
        return local
    }

    var view: PartyView { participant.view(local, shortage: desk.state(of: plan.job).1) }

    var summary: JobSummary {
        var views = partners.compactMapValues(\.view)
        views[around.site] = view
        var silence = silence
        if !isOwner { silence[plan.owner] = heard.duration(to: .now) / .seconds(1) }
        return JobSummary(
            plan: plan, site: around.site, decision: participant.record.decision, views: views, silence: silence,
            lost: around.times.silence, pausedSeconds: coordinator?.record.pausedSeconds)
    }

    /// The next moment at which time alone changes something.
    private var nextTime: ContinuousClock.Instant? {
        let now = ContinuousClock.now
        var times: [ContinuousClock.Instant] =
            ended.filter { !keeping.contains($0.key) }.map(\.value.until) + [retryTime].compactMap { $0 }
        if let coordinator {
            if let deadline = coordinator.deadline {
                times.append(now + .milliseconds(max(0, deadline - Timestamp.now.milliseconds) + 1))
            }
            for partner in partners.values where !partner.isAsked && mustAsk(partner) {
                times.append(partner.isNews ? now : partner.due)
            }
            if coordinator.decision.phase == .run {
                times += partners.values.map { $0.answered + .seconds(around.times.silence) }.filter { $0 > now }
            }
        } else if let phase = participant.record.decision?.phase, !phase.isFinal {
            let limits = [around.times.silence, around.times.lease].map { heard + .seconds($0) }
            times += limits.filter { $0 > now }
        }
        return times.min()
    }

    // MARK: Storing

    var hasUnsaved: Bool { revision != saved }

    func changed() {
        revision += 1
        bell.ring()
    }

    /// Returns when everything up to now is on the disk.
    func save() async throws { try await save(isOver: false) }

    private func save(isOver: Bool) async throws {
        if isOver { revision += 1 }
        let revision = revision
        let state = JobState(participant: participant.record, coordinator: coordinator?.record)
        try await around.rows.save(plan.job, state, revision: revision, isOver: isOver)
        saved = max(saved, revision)
    }

    // MARK: The owner's word

    /// A decision of the owner has arrived.
    func sync(_ decision: JobDecision) async throws -> PartyView {
        if try participant.take(decision) {
            changed()
            note(decision)
        }
        heard = .now
        bell.ring()
        while revision != saved { try await save() }
        let view = view
        toldView = Self.withoutProgress(view)
        return view
    }

    private func nudgeOwner() async {
        guard let body = try? JobMessages.encode(JobMessages.Changed(job: plan.job)) else { return }
        // Nothing depends on it: the owner asks by itself, only later.
        _ = try? await around.calls.call(JobMessages.changed, body, of: plan.owner)
    }

    private static func withoutProgress(_ view: PartyView) -> PartyView {
        var view = view
        for index in view.tasks.indices {
            (view.tasks[index].done, view.tasks[index].total, view.tasks[index].rate) = (0, 0, nil)
        }
        return view
    }

    // MARK: Telling people

    /// Writes the status when something has changed, and not too often.
    private func display() async {
        while !Task.isCancelled {
            // How long the owner has been silent is told as it grows.
            let isWatching = !isOwner && participant.record.decision?.phase == .run
            await displayBell.wait(until: isWatching ? .now + .seconds(5) : nil)
            await storeLines()
            await publish()
            try? await Task.sleep(for: around.pace.status)
        }
    }

    private func publish() async {
        let summary = summary
        guard summary != shown else { return }
        do {
            try await around.mirrors.publish(summary, of: entry)
            shown = summary
        } catch {
            let fault = (error as? Fault).map { "\($0.number)" } ?? "\(type(of: error))"
            logger.warning("a job's status was not written", metadata: ["fault": "\(fault)"])
        }
    }

    /// A line for the job's log when the owner's decision has changed what is done.
    private func note(_ decision: JobDecision) {
        let running = decision.tasks.first { $0.state == .run }.map { ", task \($0.name) from unit \($0.unit)" } ?? ""
        let text = "start \(decision.epoch): \(decision.phase.rawValue)\(running)"
        let reason = decision.reason.map { " (ATL-\($0.number): \($0.text))" } ?? ""
        logger.info("\(text)\(reason)")
        pendingLines.append(
            JobLine(
                time: .now, level: decision.phase == .failed ? 4 : 2, task: "", epoch: decision.epoch,
                text: text + reason))
    }

    /// Lines that are not stored yet.
    var pendingLines: [JobLine] = []

    /// Whoever waits until lines on their way to the disk are there.
    private var lineWaiters: [CheckedContinuation<Void, Never>] = []
    private var isStoringLines = false

    /// Returns when every line up to now is on the disk.
    func storeLines() async {
        while isStoringLines { await withCheckedContinuation { lineWaiters.append($0) } }
        guard !pendingLines.isEmpty else { return }
        let lines = pendingLines
        pendingLines = []
        isStoringLines = true
        defer {
            isStoringLines = false
            for waiter in lineWaiters { waiter.resume() }
            lineWaiters = []
        }
        // In a task of its own: whoever asked may be cancelled when the job ends, and the lines are told all the same.
        do { try await Task { [rows = around.rows, job = plan.job] in try await rows.add(lines, to: job) }.value } catch
        {
            logger.warning("lines of a job's log were lost", metadata: ["lines": "\(lines.count)"])
        }
    }
}
