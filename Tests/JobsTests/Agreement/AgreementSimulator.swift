import Faults
import Jobs
import Ledger
import ResourcesTestKit

/// Several sites that carry out several jobs by the pure cores, over a network that loses, repeats and reorders, with
/// crashes of sites and workers at any point. What is not stored is lost in a crash. Checks the rules as it goes.
struct AgreementSimulator {
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    enum Message {
        case decision(job: Int, to: Int, JobDecision)
        case view(job: Int, from: Int, PartyView)
    }

    /// One worker; a task has `unitCount` units.
    struct Worker {
        var unit: UInt64
    }

    struct Node {
        // On the disk.
        var records: [Int: JobParticipant.Record] = [:]
        var coordinators: [Int: JobCoordinator.Record] = [:]
        var checkpoints: [String: Set<UInt64>] = [:]
        // In memory.
        var participants: [Int: JobParticipant] = [:]
        var owned: [Int: JobCoordinator] = [:]
        var views: [Int: [SiteID: PartyView]] = [:]
        var answered: [Int: [SiteID: Int64]] = [:]
        var heard: [Int: Int64] = [:]
        var reservations: Reservations
        var workers: [WorkerID: Worker] = [:]
        var open: [Int: UInt64] = [:]
        var units: [Int: [String: [UInt64]]] = [:]
        var startTime: Int64 = 0
        var isCut = false
    }

    static let unitCount: UInt64 = 5
    static let ask = WorkerCapacity(memory: 100, cores: 2)

    let sites: [SiteID]
    let jobs: [String]
    let owners: [Int]
    let tasks: [String]
    var times = JobTimes()
    var nodes: [Node]
    var network: [Message] = []
    var now: Int64 = 1_000_000
    var generator: SeededGenerator
    /// Chance per thousand of each kind of mischief.
    var mischief = 20
    var finals: [Int: JobDecision] = [:]
    var starts = 0
    var crashes = 0

    init(sites count: Int, jobs jobCount: Int, tasks taskCount: Int, _ generator: SeededGenerator) {
        self.generator = generator
        sites = (0..<count).map { SiteID(digest: [UInt8](repeating: UInt8($0 + 1), count: 32)) }
        jobs = (0..<jobCount).map { "01JOB\($0)" }
        owners = (0..<jobCount).map { $0 % count }
        tasks = (0..<taskCount).map { "task\($0)" }
        times.reservation = 3_600_000
        times.attempts = 1_000
        // Two jobs at once at each site.
        let capacity = WorkerCapacity(memory: 250, cores: 4)
        nodes = (0..<count).map { _ in Node(reservations: Reservations(capacity: capacity)) }
        for job in jobs.indices {
            let owned = JobCoordinator(
                job: jobs[job], tasks: tasks, parties: sites, owner: sites[owners[job]], times: times, now: now)
            nodes[owners[job]].coordinators[job] = owned.record
        }
        for node in nodes.indices { boot(node) }
    }

    mutating func chance(_ perThousand: Int) -> Bool { Int.random(in: 0..<1_000, using: &generator) < perThousand }

    /// A site starts with what is on its disk.
    mutating func boot(_ node: Int) {
        let old = nodes[node]
        var fresh = Node(reservations: Reservations(capacity: old.reservations.capacity))
        (fresh.records, fresh.coordinators, fresh.checkpoints) = (old.records, old.coordinators, old.checkpoints)
        (fresh.startTime, fresh.isCut) = (now, old.isCut)
        for job in jobs.indices {
            fresh.participants[job] = JobParticipant(
                job: jobs[job], tasks: tasks, record: old.records[job] ?? .init(), times: times)
            if let record = old.coordinators[job] {
                fresh.owned[job] = JobCoordinator(record, parties: sites, owner: sites[node], times: times)
            }
        }
        nodes[node] = fresh
    }

    /// One random thing happens.
    mutating func tick() throws {
        let node = Int.random(in: nodes.indices, using: &generator)
        let job = Int.random(in: jobs.indices, using: &generator)
        if chance(mischief) {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                crashes += 1
                boot(node)
            case 1: nodes[node].isCut.toggle()
            case 2:
                if let id = nodes[node].workers.keys.randomElement(using: &generator) {
                    nodes[node].workers[id] = nil
                    ended(id, node, Fault(JobFaults.workerCrashed))
                }
            case 3: now += Int64.random(in: 0...20_000, using: &generator)
            case 4: if !network.isEmpty { network.remove(at: Int.random(in: network.indices, using: &generator)) }
            default: network += network.randomElement(using: &generator).map { [$0] } ?? []
            }
            return
        }
        now += Int64.random(in: 0...(mischief == 0 ? 3 : 20), using: &generator)
        // A network keeps no message for ever.
        while network.count > 12 * sites.count * jobs.count {
            network.remove(at: Int.random(in: network.indices, using: &generator))
        }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: try decide(job, owners[job])
        case 1: tell(job, owners[job])
        case 2, 3, 4:
            if !network.isEmpty { try deliver(network.remove(at: Int.random(in: network.indices, using: &generator))) }
        case 5: try step(job, node)
        default: work(node)
        }
    }

    mutating func decide(_ job: Int, _ node: Int) throws {
        guard var owned = nodes[node].owned[job] else { return }
        var silence: [SiteID: Double] = [:]
        for (index, site) in sites.enumerated() {
            let last = max(nodes[node].answered[job]?[site] ?? 0, nodes[node].startTime)
            silence[site] = index == node ? 0 : Double(now - last) / 1_000
        }
        let views = nodes[node].views[job] ?? [:]
        let before = owned.decision
        guard owned.decide(views: views, silence: silence, now: now) else { return }
        let after = owned.decision
        if after != before {
            guard before.isOlder(than: after), before.sequence < after.sequence else {
                throw Broken(description: "job \(job): decision \(after) after \(before)")
            }
            if before.phase.isFinal, !(before.phase == .failed && after.phase == .reserve) {
                throw Broken(description: "job \(job): \(before.phase) became \(after.phase)")
            }
            if after.phase == .run, before.phase != .run {
                for site in sites where views[site]?.reservation != .held || views[site]?.answers(before) != true {
                    throw Broken(description: "job \(job) runs though \(site.short) has not reserved")
                }
            }
            if after.phase.isFinal { finals[job] = after } else { finals[job] = nil }
        }
        // Stored, and perhaps killed right then.
        nodes[node].coordinators[job] = owned.record
        nodes[node].owned[job] = owned
        if chance(mischief / 4) { boot(node) }
    }

    mutating func tell(_ job: Int, _ node: Int) {
        guard let decision = nodes[node].owned[job]?.decision else { return }
        for index in sites.indices { network.append(.decision(job: job, to: index, decision)) }
    }

    mutating func deliver(_ message: Message) throws {
        switch message {
        case .decision(let job, let node, let decision):
            if node != owners[job], nodes[node].isCut || nodes[owners[job]].isCut { return }
            let hasConsidered = nodes[node].records[job]?.consent == .accepted
            if !hasConsidered { nodes[node].participants[job]?.consider(.accepted) }
            do {
                let isNew = try nodes[node].participants[job]!.take(decision)
                if isNew || !hasConsidered { nodes[node].records[job] = nodes[node].participants[job]!.record }
                if isNew { nodes[node].units[job] = nil }
                nodes[node].heard[job] = now
            } catch {
                guard error.is(JobFaults.oldCommand) else { throw error }
                return
            }
            if chance(mischief / 4) { return boot(node) }
            let local = local(job, node)
            let view = nodes[node].participants[job]!.view(
                local, shortage: nodes[node].reservations.shortage(of: jobs[job]))
            network.append(.view(job: job, from: node, view))
        case .view(let job, let from, let view):
            let owner = owners[job]
            if from != owner, nodes[from].isCut || nodes[owner].isCut { return }
            guard let decision = nodes[owner].owned[job]?.decision, view.epoch <= decision.epoch else { return }
            // Views may come late: what answers an older decision does not take the place of a newer one.
            if let known = nodes[owner].views[job]?[sites[from]],
                (view.epoch, view.sequence) < (known.epoch, known.sequence)
            {
                return
            }
            nodes[owner].views[job, default: [:]][sites[from]] = view
            nodes[owner].answered[job, default: [:]][sites[from]] = now
        }
    }

    func local(_ job: Int, _ node: Int) -> LocalState {
        var local = LocalState()
        local.running = Set(nodes[node].workers.keys.filter { $0.job == jobs[job] })
        local.openEpoch = nodes[node].open[job]
        local.reservation =
            switch nodes[node].reservations.state(of: jobs[job]) {
            case nil: .none
            case .waiting: .waiting
            case .held: .held
            case .inUse: .inUse
            }
        local.units = nodes[node].units[job] ?? [:]
        local.unitsKnown = nodes[node].units[job] != nil
        if node != owners[job] {
            local.silence = Double(now - max(nodes[node].heard[job] ?? 0, nodes[node].startTime)) / 1_000
        }
        return local
    }

    mutating func step(_ job: Int, _ node: Int) throws {
        let steps = nodes[node].participants[job]!.steps(local(job, node))
        for step in steps {
            if chance(mischief / 4) { return boot(node) }
            switch step {
            case .stop(let ids):
                for id in ids {
                    nodes[node].workers[id] = nil
                    ended(id, node, Fault(JobFaults.workerCrashed))
                }
            case .suspend: nodes[node].open[job] = nil
            case .readUnits:
                nodes[node].units[job] = Dictionary(
                    uniqueKeysWithValues: tasks.map { ($0, (nodes[node].checkpoints["\(job)/\($0)"] ?? []).sorted()) })
            case .ask: _ = nodes[node].reservations.ask(jobs[job], Self.ask)
            case .use: _ = nodes[node].reservations.use(jobs[job])
            case .rest: _ = nodes[node].reservations.rest(jobs[job])
            case .release: _ = nodes[node].reservations.release(jobs[job])
            case .open(let epoch):
                if let known = nodes[node].open[job], known >= epoch { throw Broken(description: "opened again") }
                nodes[node].open[job] = epoch
            case .start(let id, let unit): try start(id, unit, job, node)
            case .close:
                nodes[node].open[job] = nil
                for task in tasks { nodes[node].checkpoints["\(job)/\(task)"] = nil }
                nodes[node].participants[job]!.closed()
                nodes[node].records[job] = nodes[node].participants[job]!.record
            }
        }
    }

    mutating func start(_ id: WorkerID, _ unit: UInt64, _ job: Int, _ node: Int) throws {
        starts += 1
        nodes[node].participants[job]!.started(id.task)
        nodes[node].units[job] = nil
        if let other = nodes[node].workers.keys.first(where: { $0.job == id.job }) {
            throw Broken(description: "\(id) beside \(other)")
        }
        guard nodes[node].reservations.state(of: id.job) == .inUse else {
            throw Broken(description: "\(id) without capacity")
        }
        guard nodes[node].open[job] == id.epoch else { throw Broken(description: "\(id) with a closed gateway") }
        let coordinator = nodes[owners[job]].coordinators[job]!.decision
        guard id.epoch <= coordinator.epoch else { throw Broken(description: "\(id) is ahead of its owner") }
        let kept = nodes[node].checkpoints["\(job)/\(id.task)"] ?? []
        guard unit == 0 || kept.contains(unit) else { throw Broken(description: "\(id) from unit \(unit) of \(kept)") }
        nodes[node].checkpoints["\(job)/\(id.task)"] = kept.filter { $0 <= unit }
        nodes[node].workers[id] = Worker(unit: unit)
    }

    mutating func ended(_ id: WorkerID, _ node: Int, _ fault: Fault) {
        let job = jobs.firstIndex(of: id.job)!
        nodes[node].participants[job]!.failed(id.task, epoch: id.epoch, JobProblem(fault))
    }

    /// A worker makes a unit when no other party is behind: those of the same epoch, as the gateways hold it.
    mutating func work(_ node: Int) {
        guard let (id, worker) = nodes[node].workers.randomElement(using: &generator) else { return }
        let job = jobs.firstIndex(of: id.job)!
        for other in nodes.indices where other != node {
            let isThere = nodes[other].workers[id].map { $0.unit >= worker.unit } ?? false
            guard isThere || isDone[other]?.contains(id) == true else { return }
        }
        let unit = worker.unit + 1
        if unit <= Self.unitCount {
            nodes[node].workers[id]!.unit = unit
            let key = "\(job)/\(id.task)"
            nodes[node].checkpoints[key, default: []].insert(unit)
            if let least = nodes[node].checkpoints[key]!.sorted().suffix(3).first {
                nodes[node].checkpoints[key] = nodes[node].checkpoints[key]!.filter { $0 >= least }
            }
            return
        }
        nodes[node].workers[id] = nil
        isDone[node, default: []].insert(id)
        nodes[node].participants[job]!.finished(id.task, epoch: id.epoch, digest: "\(id.task) at \(node)")
        nodes[node].records[job] = nodes[node].participants[job]!.record
    }

    /// Workers that have given their output, by node; what their gateways have passed on is with the others.
    var isDone: [Int: Set<WorkerID>] = [:]

    /// Whether every job has ended, everywhere alike and with nothing left behind.
    var isSettled: Bool {
        jobs.indices.allSatisfy { job in
            guard let decision = nodes[owners[job]].coordinators[job]?.decision, decision.phase.isFinal else {
                return false
            }
            return nodes.allSatisfy { node in
                node.records[job]?.decision == decision && node.records[job]?.isClosed == true
                    && node.reservations.state(of: jobs[job]) == nil && node.open[job] == nil
                    && !node.workers.keys.contains { $0.job == jobs[job] }
            }
        }
    }

    var summary: String {
        jobs.indices.map { job in
            let decision = nodes[owners[job]].coordinators[job]!.decision
            let views = nodes[owners[job]].views[job] ?? [:]
            return
                "\(jobs[job]) \(decision.phase) \(decision.epoch)/\(decision.sequence) \(decision.reason?.text ?? "")"
                + " \(decision.tasks.map(\.state.rawValue)) "
                + sites.map { site in
                    "\(views[site]?.epoch ?? 0)/\(views[site]?.sequence ?? 0) "
                        + "\(views[site]?.isQuiet ?? false) \(views[site]?.interruption?.text ?? "")"
                }.joined(separator: "; ")
        }.joined(separator: "\n")
    }
}
