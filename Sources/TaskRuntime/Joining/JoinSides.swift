import Faults
import Modeling

/// A host's side of `model.join`: sends its part, with the salt of the digest that the guest has had since the training.
struct JoinHost: TaskProtocol {
    private let plan: JoinPlan
    private let number: Int
    private let part: BoostHostResult
    private var outbox = Outbox<TaskMessage>()

    init(_ plan: JoinPlan, number: Int, part: BoostHostResult) {
        self.plan = plan
        self.number = number
        self.part = part
    }

    var awaited: Set<Int>? { [] }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let own = part.part.bytes
        var writer = WireWriter()
        writer.put(part.salt)
        writer.put(UInt32(own.count))
        writer.put(own)
        let size = plan.partBytes(host: number)
        guard part.part.party == number + 1, writer.bytes.count <= size else { throw Fault(BoostFaults.modelUnusable) }
        outbox.add(
            BoostSchedule.frames(JoinMessage.part.rawValue, step: 1, to: plan.parties[0], writer.bytes, size: size))
        return try goOn()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .measured = event else { throw Fault(TaskFaults.messageUnexpected) }
        return try goOn()
    }

    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        let effects = try outbox.drain { [$0] }
        guard outbox.isEmpty else { return effects }
        return effects + [
            .progress(done: 1, total: 1, what: "telling its part"),
            .finish(TaskResult(output: part.part.digest(salt: part.salt).bytes)),
        ]
    }
}

/// The guest's side of `model.join`: takes the parts that it has the digests of, and no others.
struct JoinGuest: TaskProtocol {
    private let plan: JoinPlan
    private let model: BoostGuestResult
    private var frames: [FrameCollector]

    init(_ plan: JoinPlan, model: BoostGuestResult) {
        self.plan = plan
        self.model = model
        frames = (0..<plan.hosts).map { FrameCollector(BoostSchedule.frames(plan.partBytes(host: $0))) }
    }

    var awaited: Set<Int>? { Set(frames.indices.filter { !frames[$0].isComplete }.map { plan.parties[$0 + 1] }) }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        guard model.hosts.count == plan.hosts else { throw Fault(BoostFaults.modelUnusable) }
        return []
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return [] }
        try message.expect(JoinMessage.part.rawValue, step: 1)
        guard let host = plan.parties.dropFirst().firstIndex(of: message.party).map({ $0 - 1 }) else {
            throw Fault(TaskFaults.messageUnexpected)
        }
        try frames[host].take(message.payload)
        guard frames.allSatisfy(\.isComplete) else { return [] }
        var salts: [[UInt8]] = []
        var parts = model.model.parts
        for host in frames.indices {
            let (salt, part) = try part(of: host)
            salts.append(salt)
            parts.append(part)
        }
        // Reading what it writes holds every part against the structure.
        let joined = try JoinedModel(
            bytes: JoinedModel(
                model: BoostedModel(structure: model.model.structure, parts: parts), salts: salts
            ).bytes)
        return [
            .progress(done: 1, total: 1, what: "joining"),
            .log(level: 2, "model \(joined.digest) is whole at the guest"),
            .finish(TaskResult(output: joined.bytes)),
        ]
    }

    /// - Throws: `BoostFaults.messageMalformed`; `.partDiffers` for another part than the one that was trained.
    private func part(of host: Int) throws(Fault) -> (salt: [UInt8], part: ModelPart) {
        var reader = WireReader(frames[host].bytes, or: BoostFaults.messageMalformed)
        let salt = try reader.block(JoinPlan.saltBytes)
        let own = try reader.block(Int(try reader.number(UInt32.self)))
        guard reader.rest().allSatisfy({ $0 == 0 }) else { throw Fault(BoostFaults.messageMalformed) }
        let part: ModelPart
        do throws(Fault) {
            part = try ModelPart(bytes: own)
        } catch {
            throw Fault(BoostFaults.messageMalformed, at: "party \(plan.parties[host + 1])")
        }
        guard part.party == host + 1, part.digest(salt: salt) == model.hosts[host] else {
            throw Fault(BoostFaults.partDiffers, at: "party \(plan.parties[host + 1])")
        }
        return (salt, part)
    }
}
