import Crypto
import Faults
import PrivateSetIntersection

/// One party of `align`. Each unit is the exchange of one part, under a scalar of its own that no checkpoint holds: what
/// a unit leaves is which rows are common, a bit each. So a task that was interrupted in a part begins that part again,
/// with another scalar, and finds the same.
struct AlignProtocol: TaskProtocol {
    private let plan: AlignPlan
    private let site: any AlignSite
    /// 0 for the guest, 1 for the host; and the peer's index among the task's parties.
    private let own: Int
    private let peer: Int

    private var part = 0
    private var exchange: PartExchange?
    private var steps: [ExchangeStep] = []
    private var at = 0

    private var common: RowSet
    private var count: UInt64 = 0
    /// Chained over the rows of each part in the common order.
    private var digest = [UInt8](repeating: 0, count: 32)
    private var output: (any AlignOutput)?

    init(_ plan: AlignPlan, party: Int, site: any AlignSite) {
        self.plan = plan
        self.site = site
        own = plan.own(party)
        peer = plan.parties[1 - own]
        common = RowSet(rows: plan.exchange.rows[own])
    }

    var awaited: Set<Int>? { part < plan.exchange.parts ? [peer] : [] }

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        if learnsRows {
            output = try site.output()
            try output?.begin()
        }
        if let checkpoint { try restore(checkpoint) }
        return try beginPart()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard at < steps.count, exchange != nil else { throw Fault(TaskFaults.messageUnexpected) }
        guard case .message(let message, _) = event else { return try goOn() }
        switch steps[at] {
        case .takePoints(let frame):
            try check(message, .points, count: plan.exchange.count(1 - own, frame: frame))
            try exchange?.take(points: message.payload, frame: frame)
        case .takeTags(let frame):
            try check(message, .tags, count: plan.exchange.count(own, frame: frame))
            try exchange?.take(tags: message.payload, frame: frame)
        case .sendPoints, .sendTags: throw Fault(TaskFaults.messageUnexpected)
        }
        at += 1
        return [progress] + (try goOn())
    }

    // MARK: Parts

    private mutating func beginPart() throws(Fault) -> [TaskEffect] {
        guard part < plan.exchange.parts else {
            exchange = nil
            guard !plan.exchange.learns(own) || count >= plan.minimumCommon else {
                throw Fault(AlignFaults.tooFewCommon, wanted: "at least \(plan.minimumCommon) common ids")
            }
            if learnsRows { try output?.end() }
            return [.finish(TaskResult(output: result))]
        }
        exchange = try PartExchange(
            try identifiers(part), plan: plan.exchange, party: own, kernel: try CurveKernel.preferred())
        steps = plan.exchange.steps(own)
        at = 0
        return try goOn()
    }

    /// Sends until something must be taken, or ends the part. A second frame of points, where the peer has no more of its
    /// own, waits until the first has left: one is in memory at a time.
    private mutating func goOn() throws(Fault) -> [TaskEffect] {
        var effects: [TaskEffect] = []
        while at < steps.count, steps[at].isSending {
            if effects.count == 2 { return effects + [.measure(.clock)] }
            switch steps[at] {
            case .sendPoints(let frame):
                let count = plan.exchange.count(own, frame: frame)
                effects.append(send(.points, count: count, exchange?.points(frame: frame) ?? []))
            case .sendTags(let frame):
                let count = plan.exchange.count(1 - own, frame: frame)
                effects.append(send(.tags, count: count, exchange?.tags(frame: frame) ?? []))
            case .takePoints, .takeTags: break
            }
            at += 1
        }
        if at < steps.count { return effects }
        return effects + (try endPart())
    }

    private mutating func endPart() throws(Fault) -> [TaskEffect] {
        let outcome: (count: Int, rows: [UInt32]) = exchange?.outcome() ?? (0, [])
        exchange = nil
        count += UInt64(outcome.count)
        for row in outcome.rows { common.insert(row) }
        try write(outcome.rows)
        part += 1
        return [.checkpoint(unit: UInt64(part), checkpoint), progress] + (try beginPart())
    }

    /// This party's ids of one part: a reading of the whole dataset.
    private func identifiers(_ part: Int) throws(Fault) -> PartIdentifiers {
        let input = try site.ids(of: plan.datasets[own], columns: plan.columns[own], rules: plan.rules)
        var reader = try input.reader()
        var identifiers = PartIdentifiers(part: part, of: plan.exchange, binding: plan.binding)
        while let block = try reader.next(atMost: plan.exchange.frameSize) {
            guard block.rows.last.map({ $0 < plan.exchange.rows[own] }) ?? true else {
                throw Fault(AlignFaults.tooManyIdentifiers, at: "dataset \(plan.datasets[own])")
            }
            identifiers.add(block.ids, rows: block.rows)
        }
        return identifiers
    }

    // MARK: Results

    private var learnsRows: Bool { plan.exchange.disclosure != .sizeOnly && plan.exchange.learns(own) }

    private mutating func write(_ rows: [UInt32]) throws(Fault) {
        guard learnsRows else { return }
        try output?.append(rows)
        var writer = WireWriter()
        for row in rows { writer.put(row) }
        var hash = SHA256()
        hash.update(data: digest)
        hash.update(data: writer.bytes)
        digest = Array(hash.finalize())
    }

    /// Number of common ids and the digest of the rows; the number alone in `size-only`; nothing for who learns nothing.
    private var result: [UInt8] {
        guard plan.exchange.learns(own) else { return [] }
        var writer = WireWriter()
        writer.put(count)
        if learnsRows { writer.put(digest) }
        return writer.bytes
    }

    private var progress: TaskEffect {
        let each = UInt64(plan.exchange.steps(own).count)
        return .progress(
            done: UInt64(part) * each + UInt64(exchange == nil ? 0 : at), total: UInt64(plan.exchange.parts) * each,
            what: "aligning ids")
    }

    // MARK: Checkpoints

    /// A version byte 1, `u32` parts done, `u64` common ids, and for who learns rows a bit per row.
    private var checkpoint: [UInt8] {
        var writer = WireWriter()
        writer.put(1 as UInt8)
        writer.put(UInt32(part))
        writer.put(count)
        if learnsRows { writer.put(common.bytes) }
        return writer.bytes
    }

    /// Goes on behind the parts that a checkpoint has, and writes their rows again.
    private mutating func restore(_ checkpoint: [UInt8]) throws(Fault) {
        var reader = WireReader(checkpoint, or: TaskFaults.checkpointUnreadable)
        guard try reader.number(UInt8.self) == 1 else { throw Fault(TaskFaults.checkpointUnreadable) }
        let done = Int(try reader.number(UInt32.self))
        count = try reader.number()
        let bits = reader.rest()
        guard (1...plan.exchange.parts).contains(done), bits.count == (learnsRows ? common.bytes.count : 0) else {
            throw Fault(TaskFaults.checkpointUnreadable)
        }
        if learnsRows { common = RowSet(rows: plan.exchange.rows[own], bytes: bits) }
        while part < done {
            if learnsRows { try write(try identifiers(part).commonRows(where: common.contains)) }
            part += 1
        }
    }

    // MARK: Frames

    private func send(_ type: AlignMessage, count: Int, _ payload: [UInt8]) -> TaskEffect {
        .send(
            TaskMessage(
                party: peer, step: UInt32(part + 1), type: type.rawValue, elements: UInt64(count), payload: payload))
    }

    private func check(_ message: TaskMessage, _ type: AlignMessage, count: Int) throws(Fault) {
        try message.expect(type.rawValue, step: UInt32(part + 1), from: peer)
        guard message.elements == UInt64(count) else {
            throw Fault(AlignFaults.messageMalformed, at: "party \(message.party)", wanted: "\(count) elements")
        }
    }
}
