import Faults
import Modeling

/// What the guest has after a unit: the trees so far, its own conditions, scores, losses, and what was told.
struct GuestRecord {
    var unit: UInt64 = 0
    private(set) var trees: [BoostedTree] = []
    private var conditions: [SplitCondition] = []
    private(set) var scores: [Double]
    private var losses: [Double] = []
    /// Directions of rows that each host has told.
    var told: [UInt64]
    /// Of `LabelMeter`, the highest of any tree.
    var separation = 0.5

    init(hosts: Int = 0, rows: Int = 0) {
        told = [UInt64](repeating: 0, count: hosts)
        scores = [Double](repeating: 0, count: rows)
    }

    mutating func add(_ more: [SplitCondition]) { conditions += more }

    mutating func add(_ tree: BoostedTree, loss: Double?, scores: [Double]) {
        trees.append(tree)
        if let loss { losses.append(loss) }
        self.scores = scores
    }

    private func stopping(_ settings: BoostingSettings) -> (stops: Bool, best: Int?) {
        var stopping = EarlyStopping(patience: settings.patience)
        var stops = false
        for loss in losses { stops = stopping.stops(after: loss) }
        return (stops, stopping.bestCount)
    }

    func isStopped(_ settings: BoostingSettings) -> Bool { stopping(settings).stops }

    /// How many trees the model keeps.
    func kept(_ settings: BoostingSettings) -> Int { stopping(settings).best ?? trees.count }

    /// The model with the guest's part alone.
    func model(_ settings: BoostingSettings, baseScore: Double, columns: [String], parties: Int) -> BoostedModel {
        let kept = kept(settings)
        return BoostedModel(
            structure: ModelStructure(
                settings: settings, baseScore: baseScore, parties: parties, trees: Array(trees.prefix(kept))),
            parts: [ModelPart(party: 0, columns: columns, conditions: conditions.filter { $0.tree < kept })])
    }

    /// A version byte 1, `u64` unit, `u32` losses and each, the bits of the separation, `u64` told by each host, the bits of
    /// the scores, `u32` length and the bytes of the own part, then the structure.
    func encoded(_ settings: BoostingSettings, _ baseScore: Double) -> [UInt8] {
        var writer = WireWriter()
        writer.put(1 as UInt8)
        writer.put(unit)
        writer.put(UInt32(losses.count))
        for loss in losses { writer.put(loss.bitPattern) }
        writer.put(separation.bitPattern)
        for told in told { writer.put(told) }
        for score in scores { writer.put(score.bitPattern) }
        // Names of columns are those of the dataset; only places are kept.
        let most = conditions.map(\.column).max().map { $0 + 1 } ?? 0
        let part = ModelPart(party: 0, columns: (0..<most).map { "\($0)" }, conditions: conditions).bytes
        writer.put(UInt32(part.count))
        writer.put(part)
        writer.put(
            ModelStructure(settings: settings, baseScore: baseScore, parties: told.count + 1, trees: trees).bytes)
        return writer.bytes
    }

    /// - Throws: `TaskFaults.checkpointUnreadable`.
    init(
        decoding bytes: [UInt8], hosts: Int, rows: Int, trees most: Int, settings: BoostingSettings
    ) throws(Fault) {
        self.init(hosts: hosts, rows: rows)
        let unreadable = Fault(TaskFaults.checkpointUnreadable)
        var reader = WireReader(bytes, or: TaskFaults.checkpointUnreadable)
        guard try reader.number(UInt8.self) == 1 else { throw unreadable }
        unit = try reader.number()
        let count = Int(try reader.number(UInt32.self))
        guard count <= most else { throw unreadable }
        for _ in 0..<count { losses.append(Double(bitPattern: try reader.number())) }
        separation = Double(bitPattern: try reader.number())
        for host in 0..<hosts { told[host] = try reader.number() }
        for row in 0..<rows { scores[row] = Double(bitPattern: try reader.number()) }
        let length = Int(try reader.number(UInt32.self))
        do throws(Fault) {
            conditions = try ModelPart(bytes: try reader.block(length)).conditions
            let structure = try ModelStructure(bytes: reader.rest())
            guard structure.settings == settings, structure.parties == hosts + 1, structure.trees.count <= most else {
                throw unreadable
            }
            trees = structure.trees
        } catch {
            throw unreadable
        }
    }
}
