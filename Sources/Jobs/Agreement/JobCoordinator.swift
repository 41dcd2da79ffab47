public import Faults
public import Ledger

/// The owner's side of a job as a value: what the parties say goes in, the next decision comes out. No clock, no store,
/// no network; whoever runs it stores `record` before it tells anybody of a new decision.
///
/// Rules:
/// - Nothing runs before every party has accepted and holds capacity, in answer to the same decision.
/// - Whatever may leave a worker of an earlier start alive raises the epoch. All parties then stop, say which checkpoints
///   they have, and go on from the largest unit that all of them have.
/// - A party that is silent for `JobTimes.silence` pauses the job; its first answer resumes it.
/// - What does not pass by itself ends the job with its number, and so do a task that was started
///   `JobTimes.attempts` times without getting further, and the job's wall time.
public struct JobCoordinator: Sendable {
    /// Everything that must survive; the views are told again by the parties.
    public struct Record: Sendable, Hashable, Codable {
        public internal(set) var decision: JobDecision
        public internal(set) var wish = JobWish()
        /// When the present phase ends the job, in milliseconds of the owner's clock; nil for never.
        var phaseDeadline: Int64?
        /// When the job's wall time is over; nil before it first ran.
        var runDeadline: Int64?
        /// Since when it is paused by a wish, which does not count as wall time.
        var pausedSince: Int64?
        /// Since when it is paused for whatever reason, and how long earlier pauses were, in milliseconds.
        var pauseBegan: Int64?
        var paused: Int64?
        var attempts = 0
        /// The largest unit that the task in work was started from.
        var bestUnit: UInt64 = 0
        var retries = 0

        /// Whether workers were ever started.
        public var hasRun: Bool { runDeadline != nil }

        /// How long the job was paused in all, in seconds; a pause counts when it is over.
        public var pausedSeconds: Double { Double(paused ?? 0) / 1_000 }
    }

    public private(set) var record: Record
    public let parties: [SiteID]
    public let owner: SiteID
    private let times: JobTimes

    public var decision: JobDecision { record.decision }

    /// A new job.
    ///
    /// - Parameter now: milliseconds of the owner's clock.
    public init(
        job: String, tasks: [String], parties: [SiteID], owner: SiteID, times: JobTimes = JobTimes(), now: Int64
    ) {
        var record = Record(decision: JobDecision(job: job, tasks: tasks))
        record.phaseDeadline = now + times.agreement
        self.init(record, parties: parties, owner: owner, times: times)
    }

    /// One that was stored.
    public init(_ record: Record, parties: [SiteID], owner: SiteID, times: JobTimes) {
        self.record = record
        self.parties = parties
        self.owner = owner
        self.times = times
    }

    /// What a person at the owner's site wants from now on.
    ///
    /// - Throws: `JobFaults.notNow`.
    public mutating func wish(_ action: JobAction) throws(Fault) {
        let phase = decision.phase
        switch action {
        case .pause:
            guard !phase.isFinal else { throw notNow("pause") }
            record.wish.isPaused = true
        case .resume:
            guard !phase.isFinal, record.wish.isPaused || phase == .pause else { throw notNow("resume") }
            record.wish.isPaused = false
        case .cancel(let problem):
            if phase == .cancelled { return }
            guard !phase.isFinal else { throw notNow("cancel") }
            record.wish.cancel = record.wish.cancel ?? problem
        case .retry:
            guard phase == .failed else { throw notNow("retry") }
            record.wish.retries = record.retries + 1
        }
    }

    private func notNow(_ action: String) -> Fault {
        Fault(JobFaults.notNow, "A job that is \(decision.phase.rawValue) cannot \(action).")
    }

    /// Takes the next decision, if there is one to take. To be called again until it returns false.
    ///
    /// - Parameters:
    ///   - views: by party, the newest of each.
    ///   - silence: by party, seconds since its last answer; 0 for this site.
    ///   - now: milliseconds of the owner's clock.
    /// - Returns: whether the record has changed: store it, then tell the decision.
    public mutating func decide(views: [SiteID: PartyView], silence: [SiteID: Double], now: Int64) -> Bool {
        let before = record
        step(views, silence, now)
        countPause(now)
        if record.decision != before.decision { record.decision.sequence = before.decision.sequence + 1 }
        return record != before
    }

    /// The earliest moment at which time alone changes the decision, in milliseconds of the owner's clock.
    public var deadline: Int64? {
        switch decision.phase {
        case .propose: record.phaseDeadline
        case .reserve: [record.phaseDeadline, record.runDeadline].compactMap { $0 }.min()
        case .run: record.runDeadline
        case .pause: record.pausedSince == nil ? record.runDeadline : nil
        case .cancelled, .failed, .succeeded: nil
        }
    }

    private mutating func countPause(_ now: Int64) {
        if decision.phase == .pause {
            record.pauseBegan = record.pauseBegan ?? now
        } else if let since = record.pauseBegan {
            record.paused = (record.paused ?? 0) + max(0, now - since)
            record.pauseBegan = nil
        }
    }

    // MARK: Deciding

    private mutating func step(_ views: [SiteID: PartyView], _ silence: [SiteID: Double], _ now: Int64) {
        if decision.phase.isFinal { return retry(now) }
        let cancel = record.wish.cancel ?? parties.lazy.compactMap({ views[$0]?.wish }).first
        if let cancel { return end(.cancelled, cancel) }
        if let limit = record.runDeadline, now >= limit, record.pausedSince == nil {
            return fail(Fault(JobFaults.overtime))
        }
        switch decision.phase {
        case .propose: agree(views, now)
        case .reserve: reserve(views, silence, now)
        case .run: run(views, silence, now)
        case .pause: resume(views, silence, now)
        case .cancelled, .failed, .succeeded: break
        }
    }

    private mutating func retry(_ now: Int64) {
        guard decision.phase == .failed, record.wish.retries > record.retries else { return }
        record.retries = record.wish.retries
        record.wish.isPaused = false
        (record.runDeadline, record.pausedSince) = (nil, nil)
        (record.attempts, record.bestUnit) = (0, 0)
        startAgain(nil, now)
    }

    private mutating func agree(_ views: [SiteID: PartyView], _ now: Int64) {
        var missing: [String] = []
        for party in parties {
            switch views[party]?.consent {
            case .refused(let problem): return end(.failed, problem)
            case .accepted: break
            case .awaitingApproval(let why): missing.append("\(party.short) waits for approval: \(why)")
            case .considering, nil: missing.append("\(party.short) has not answered")
            }
        }
        if missing.isEmpty { return startAgain(nil, now) }
        if isOver(now) { fail(Fault(JobFaults.notAgreed, missing.joined(separator: "; ") + ".")) }
    }

    private mutating func reserve(_ views: [SiteID: PartyView], _ silence: [SiteID: Double], _ now: Int64) {
        if record.wish.isPaused { return pause(nil, now) }
        if record.hasRun, let lost = lostParty(silence) { return pause(lost, now) }
        var missing: [String] = []
        for party in parties {
            if case .refused(let problem) = views[party]?.consent { return end(.failed, problem) }
            guard let view = views[party], view.answers(decision) else {
                missing.append("\(party.short) has not answered")
                continue
            }
            switch view.reservation {
            case .held: break
            case .waiting(let shortage): missing.append("\(party.short): \(shortage.text)")
            case .none: missing.append("\(party.short) holds nothing")
            }
            if !view.isQuiet || view.tasks.contains(where: { $0.units == nil }) {
                missing.append("\(party.short) still ends its workers")
            }
        }
        if missing.isEmpty { return start(views, now) }
        if isOver(now) { fail(Fault(JobFaults.notReserved, missing.joined(separator: "; ") + ".")) }
    }

    private mutating func run(_ views: [SiteID: PartyView], _ silence: [SiteID: Double], _ now: Int64) {
        if record.wish.isPaused { return pause(nil, now) }
        if let lost = lostParty(silence) { return pause(lost, now) }
        let current = parties.compactMap { party in views[party].flatMap { $0.epoch == decision.epoch ? $0 : nil } }
        let failures = current.flatMap { $0.tasks.compactMap(\.problem) }
        if let final = failures.first(where: { !$0.isPassing }) { return end(.failed, final) }
        if let failure = failures.first {
            record.attempts += 1
            guard record.attempts < times.attempts else {
                let text = "\(times.attempts) starts from unit \(record.bestUnit). The last: \(failure.text)"
                return fail(Fault(JobFaults.tooManyAttempts, text))
            }
            return startAgain(failure, now)
        }
        if let why = current.lazy.compactMap(\.interruption).first {
            return why.isPassing ? startAgain(why, now) : end(.failed, why)
        }
        advance(views, isStart: false)
    }

    private mutating func resume(_ views: [SiteID: PartyView], _ silence: [SiteID: Double], _ now: Int64) {
        if record.wish.isPaused {
            if record.pausedSince == nil { record.pausedSince = now }
            return
        }
        if let since = record.pausedSince {
            record.runDeadline = record.runDeadline.map { $0 + (now - since) }
            record.pausedSince = nil
        }
        // Every party has to be there and to know that it is paused.
        guard parties.allSatisfy({ views[$0]?.answers(decision) == true }), lostParty(silence) == nil else { return }
        record.decision.phase = .reserve
        record.phaseDeadline = now + times.reservation
        // The epoch stays: no worker of it was started.
    }

    /// All hold capacity and are quiet: the task in work goes on, or the first begins.
    private mutating func start(_ views: [SiteID: PartyView], _ now: Int64) {
        record.phaseDeadline = nil
        if record.runDeadline == nil { record.runDeadline = now + times.wall }
        record.decision.phase = .run
        record.decision.reason = nil
        advance(views, isStart: true)
    }

    /// Marks what is done everywhere, and has the next task run.
    private mutating func advance(_ views: [SiteID: PartyView], isStart: Bool) {
        for index in decision.tasks.indices where decision.tasks[index].state != .done {
            let name = decision.tasks[index].name
            let sides = parties.map { views[$0]?.task(name) }
            let digests = sides.map { $0?.state == .done ? $0?.digest : nil }
            if !digests.contains(nil) {
                record.decision.tasks[index].state = .done
                for (party, digest) in zip(parties, digests) {
                    record.decision.tasks[index].digests[party.text] = digest
                }
                (record.attempts, record.bestUnit) = (0, 0)
                continue
            }
            if isStart || decision.tasks[index].state == .waiting {
                // A task that was never started has no checkpoints; of one that was, each party has said its own.
                let unit = isStart ? Self.commonUnit(sides.map { $0?.units ?? [] }) : 0
                if unit > record.bestUnit { (record.attempts, record.bestUnit) = (0, unit) }
                record.decision.tasks[index].state = .run
                record.decision.tasks[index].unit = unit
            }
            return
        }
        end(.succeeded, nil)
    }

    /// The largest unit that every party has; 0 when there is none.
    static func commonUnit(_ units: [[UInt64]]) -> UInt64 {
        guard var common = units.first.map(Set.init) else { return 0 }
        for other in units.dropFirst() { common.formIntersection(other) }
        return common.max() ?? 0
    }

    private mutating func startAgain(_ reason: JobProblem?, _ now: Int64) {
        record.decision.epoch += 1
        record.decision.phase = .reserve
        record.decision.reason = reason
        record.phaseDeadline = now + times.reservation
    }

    private mutating func pause(_ reason: JobProblem?, _ now: Int64) {
        record.decision.epoch += 1
        record.decision.phase = .pause
        record.decision.reason = reason
        record.phaseDeadline = nil
        if reason == nil { record.pausedSince = now }
    }

    private mutating func fail(_ fault: Fault) { end(.failed, JobProblem(fault)) }

    private mutating func end(_ phase: JobPhase, _ reason: JobProblem?) {
        // A new epoch, so that no worker of the last one goes on where the end is not known yet.
        if phase != .succeeded { record.decision.epoch += 1 }
        record.decision.phase = phase
        record.decision.reason = reason
        (record.phaseDeadline, record.pausedSince) = (nil, nil)
    }

    private func isOver(_ now: Int64) -> Bool { record.phaseDeadline.map { now >= $0 } ?? false }

    private func lostParty(_ silence: [SiteID: Double]) -> JobProblem? {
        for party in parties where party != owner {
            let seconds = silence[party] ?? .infinity
            guard seconds >= times.silence else { continue }
            let text = seconds.isFinite ? " for \(Int(seconds)) s" : ""
            return JobProblem(Fault(JobFaults.noContact, "Nothing was heard of site \(party.short)\(text)."))
        }
        return nil
    }
}
