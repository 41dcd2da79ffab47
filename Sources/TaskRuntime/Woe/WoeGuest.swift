import Faults
import HomomorphicEncryption
import Modeling

/// The guest's side of `woe`. Units as at the hosts.
struct WoeGuest<Pair: AdditiveKeyPair>: TaskProtocol {
    typealias Key = Pair.PublicKey

    private enum Stage {
        case rows(missing: Set<Int>)
        case counts
        case parts(missing: Set<Int>)
        case ended
    }

    private enum Outgoing: Sendable {
        case frame(TaskMessage)
        /// Encrypted labels for all hosts, by frame.
        case labels(Int)
    }

    private let plan: WoePlan
    private let scheme: BoostScheme<Pair>
    private let makeTable: @Sendable () throws(Fault) -> BoostTable
    /// Of each host, what earlier tasks have let it know.
    private let known: [GuestColumns]
    private let workers: Workers
    private let hosts: [Int]

    private var stage = Stage.ended
    private var unit: UInt64 = 0
    private var digest: [UInt8] = []
    private var labels: [Int64] = []
    private var part: WoePart?
    private var own: [FineCounts] = []
    private var pair: Pair?
    private var replies: [WoeReply] = []
    private var told: [[WoeToldColumn]] = []
    private var digests: [ModelDigest?]
    private var outbox = Outbox<Outgoing>()
    private let watch = StageWatch()

    /// - Parameters:
    ///   - known: one per host.
    ///   - table: reads this party's rows; called at the start.
    init(
        _ plan: WoePlan, scheme: BoostScheme<Pair>, threads: Int, known: [GuestColumns],
        table: @escaping @Sendable () throws(Fault) -> BoostTable
    ) {
        self.plan = plan
        self.scheme = scheme
        self.known = known
        makeTable = table
        workers = Workers(threads)
        hosts = Array(plan.parties.dropFirst())
        digests = hosts.map { _ in nil }
    }

    var awaited: Set<Int>? {
        guard outbox.isEmpty else { return [] }
        switch stage {
        case .rows(let missing), .parts(let missing): return missing
        case .counts: return Set(hosts.indices.filter { !replies[$0].isComplete }.map { hosts[$0] })
        case .ended: return []
        }
    }

    // MARK: Events

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        let table = try makeTable()
        let values = table.extra[plan.label] ?? []
        guard values.count <= plan.schedule.rows else {
            throw Fault(ModelingFaults.rows, "more rows are learnt from than the plan allows for")
        }
        guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw Fault(ModelingFaults.label, at: plan.label) }
        labels = values.map { Int64($0) }
        digest = table.digest
        guard let checkpoint else {
            try divideOwn(table)
            stage = .rows(missing: Set(hosts))
            for host in hosts { add(.rows, step: WoeSchedule.agreement, to: host, digest, WoeSchedule.digestBytes) }
            return try drain()
        }
        let found = try WoeCheckpoint(bytes: checkpoint)
        unit = found.unit
        switch unit {
        case 1:
            try divideOwn(table)
            return try encrypt()
        case 2:
            let decided = try WoeGuestResult(bytes: found.content)
            guard decided.hosts.count == hosts.count else { throw Fault(TaskFaults.checkpointUnreadable) }
            (part, own, told) = (decided.part, decided.counts, decided.hosts.map(\.columns))
            return try answer()
        default: throw Fault(TaskFaults.checkpointUnreadable)
        }
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, _) = event else { return try drain() }
        guard let host = hosts.firstIndex(of: message.party) else { throw Fault(TaskFaults.messageUnexpected) }
        do throws(Fault) {
            return try take(message, host)
        } catch {
            throw error.placed(at: error.place ?? "party \(message.party)")
        }
    }

    private mutating func take(_ message: TaskMessage, _ host: Int) throws(Fault) -> [TaskEffect] {
        switch stage {
        case .rows(var missing):
            try message.expect(WoeMessage.rows.rawValue, step: WoeSchedule.agreement)
            guard missing.remove(message.party) != nil else { throw Fault(TaskFaults.messageUnexpected) }
            guard message.payload == digest else { throw Fault(BoostFaults.rowsDiffer) }
            stage = .rows(missing: missing)
            return missing.isEmpty ? endUnit([]) + (try encrypt()) : []
        case .counts:
            try message.expect(replies[host].awaited.rawValue, step: WoeSchedule.counting)
            guard let pair else { throw Fault(TaskFaults.protocolBroken) }
            let watch = watch
            try replies[host].take(message.payload) { block, count throws(Fault) in
                try watch.timed("decrypt") { () throws(Fault) in try pair.decrypt(block, count: count) }
            }
            return replies.allSatisfy(\.isComplete) ? try decide() : []
        case .parts(var missing):
            try message.expect(WoeMessage.part.rawValue, step: WoeSchedule.dividing)
            guard missing.remove(message.party) != nil, message.payload.count == WoeSchedule.digestBytes else {
                throw Fault(BoostFaults.messageMalformed)
            }
            digests[host] = try ModelDigest(bytes: message.payload)
            stage = .parts(missing: missing)
            return missing.isEmpty ? try finish() : []
        case .ended: throw Fault(TaskFaults.messageUnexpected)
        }
    }

    // MARK: Bins

    /// The guest's own columns, which nobody else learns of.
    private mutating func divideOwn(_ table: BoostTable) throws(Fault) {
        let values = labels.map { Double($0) }
        var columns: [WoePart.Column] = []
        for (name, feature) in table.features {
            let column = WoeColumnName(party: 0, name: name)
            let partition = try plan.partition(column, feature)
            let counts = try FineCounts(partition, values: feature, labels: values)
            let groups = try plan.divide(counts, column)
            let bins = try groups.map { groups throws(Fault) in MergedBins(try WoeTable(counts, groups)) }
            columns.append(try WoePart.Column(partition, bins))
            own.append(counts)
        }
        part = try WoePart(columns)
    }

    private mutating func encrypt() throws(Fault) -> [TaskEffect] {
        pair = try watch.timed("keys") { () throws(Fault) in try scheme.makePair(workers) }
        guard let key = pair?.publicKey.encoded() else { throw Fault(TaskFaults.protocolBroken) }
        let sums = try FieldSums(gradients: labels, hessians: nil)
        replies = hosts.indices.map {
            WoeReply(plan, host: $0, rows: labels.count, bads: Int(sums.positive), within: sums)
        }
        for host in hosts { add(.key, step: WoeSchedule.counting, to: host, key, plan.schedule.shape.keyBytes) }
        outbox.add(BoostSchedule.blocks(plan.schedule.rows).indices.map { .labels($0) })
        stage = .counts
        return try drain()
    }

    /// All hosts have told their counts: divides their columns, and remembers how before a host learns of it.
    private mutating func decide() throws(Fault) -> [TaskEffect] {
        pair = nil
        told = []
        for host in hosts.indices {
            var history = known[host]
            var columns: [WoeToldColumn] = []
            for (place, bins) in replies[host].columns.enumerated() {
                let text = plan.sources[host + 1].features?[place] ?? "\(place + 1)"
                let name = WoeColumnName(party: host + 1, name: text)
                let counts = try replies[host].counts(of: place, named: name.description)
                let column = WoeToldColumn(
                    name: name, commitment: bins.commitment, counts: counts,
                    groups: try counts.flatMap { counts throws(Fault) in try plan.divide(counts, name) })
                try history.admit(column)
                columns.append(column)
            }
            told.append(columns)
        }
        try checkAnything()
        guard let part else { throw Fault(TaskFaults.protocolBroken) }
        let decided = WoeGuestResult(
            part: part, counts: own,
            hosts: told.map { WoeGuestResult.Host(digest: .woe(parts: []), columns: $0) })
        return endUnit(decided.bytes) + (try answer())
    }

    /// - Throws: `ModelingFaults.binGuard` where not one column of any party can be divided.
    private func checkAnything() throws(Fault) {
        guard
            part?.columns.contains(where: { $0.bins != nil }) == true
                || told.contains(where: { $0.contains { $0.groups != nil } })
        else {
            throw WoePlan.least.refusal("no column of any party has two bins with enough rows", column: plan.label)
        }
    }

    private mutating func answer() throws(Fault) -> [TaskEffect] {
        for (host, columns) in told.enumerated() {
            let groups = columns.map { column -> ToldGroups.Column? in
                guard let counts = column.counts, let groups = column.groups else { return nil }
                return ToldGroups.Column(groups: groups, bads: groups.counts(counts.all).map(\.bads))
            }
            add(
                .groups, step: WoeSchedule.dividing, to: hosts[host], ToldGroups.encode(groups),
                plan.schedule.groupBytes(host: host))
        }
        stage = .parts(missing: Set(hosts))
        return try drain()
    }

    private mutating func finish() throws(Fault) -> [TaskEffect] {
        stage = .ended
        guard let part else { throw Fault(TaskFaults.protocolBroken) }
        var parts: [WoeGuestResult.Host] = []
        for (digest, columns) in zip(digests, told) {
            guard let digest else { throw Fault(TaskFaults.protocolBroken) }
            parts.append(WoeGuestResult.Host(digest: digest, columns: columns))
        }
        let result = WoeGuestResult(part: part, counts: own, hosts: parts)
        var figures = watch.figures
        for (column, table) in try result.tables where column.utf8.count <= 200 { figures["iv.\(column)"] = table.iv }
        for (host, columns) in told.enumerated() {
            figures["host.\(host + 1).columns"] = Double(columns.count)
            figures["host.\(host + 1).divided"] = Double(columns.count { $0.groups != nil })
            figures["host.\(host + 1).fine_bins"] = Double(columns.reduce(0) { $0 + ($1.counts?.bins ?? 0) })
        }
        return [
            .log(level: 2, "weights of evidence \(result.digest) of \(try result.tables.count) columns"),
            .finish(TaskResult(output: result.bytes, figures: figures)),
        ]
    }

    // MARK: Messages

    private mutating func add(_ type: WoeMessage, step: UInt32, to party: Int, _ bytes: [UInt8], _ size: Int) {
        outbox.add(BoostSchedule.frames(type.rawValue, step: step, to: party, bytes, size: size).map { .frame($0) })
    }

    private mutating func drain() throws(Fault) -> [TaskEffect] {
        let (schedule, hosts, watch, pair, labels) = (plan.schedule, hosts, watch, pair, labels)
        return try outbox.drain { item throws(Fault) in
            switch item {
            case .frame(let frame): return [frame]
            case .labels(let frame):
                guard let pair else { throw Fault(TaskFaults.protocolBroken) }
                let most = BoostSchedule.blocks(schedule.rows)[frame]
                let start = min(labels.count, frame * BoostSchedule.ciphertexts)
                let rows = Array(labels[start..<min(labels.count, start + most)])
                let block = try watch.timed("encrypt") { () throws(Fault) -> [UInt8]? in
                    if rows.isEmpty { return nil }
                    return try pair.encrypt(try schedule.layout.plaintexts(gradients: rows, hessians: nil).rows)
                }
                return hosts.map {
                    schedule.shape.frame(
                        WoeMessage.labels.rawValue, step: WoeSchedule.counting, to: $0, block, count: most)
                }
            }
        }
    }

    private mutating func endUnit(_ content: [UInt8]) -> [TaskEffect] {
        unit += 1
        return [
            .checkpoint(unit: unit, WoeCheckpoint(unit: unit, content: content).bytes),
            .progress(done: unit, total: 3, what: "counting bins"),
        ]
    }
}
