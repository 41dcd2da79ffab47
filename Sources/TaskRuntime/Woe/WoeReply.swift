import Faults
import HomomorphicEncryption
import Modeling

/// What a host tells of its fine bins as it comes in: their rows, then the sums of labels, packed and encrypted.
struct WoeReply {
    private let plan: WoePlan
    private let host: Int
    private let rows: Int
    private let bads: Int
    private let within: FieldSums
    private var said: FrameCollector
    private let blocks: [Int]
    private var next = 0
    private var cells = 0
    private var sums: [Int64] = []
    private(set) var columns: [ToldBins] = []

    /// - Parameters:
    ///   - rows: of the task, and how many of them are bad.
    ///   - within: what any sum of them can be.
    init(_ plan: WoePlan, host: Int, rows: Int, bads: Int, within: FieldSums) {
        self.plan = plan
        self.host = host
        self.rows = rows
        self.bads = bads
        self.within = within
        said = FrameCollector(BoostSchedule.frames(plan.schedule.binBytes(host: host)))
        blocks = BoostSchedule.blocks(plan.schedule.sums(host: host))
    }

    var isComplete: Bool { said.isComplete && next == blocks.count }

    /// The type of message that comes next.
    var awaited: WoeMessage { said.isComplete ? .sums : .bins }

    /// - Parameter open: decrypts a block of so many ciphertexts.
    /// - Throws: `BoostFaults.messageMalformed`, `.replyOutOfRange`, `EncryptionFaults.packingReplyRange`, and what `open`
    ///   throws.
    mutating func take(
        _ payload: [UInt8], open: ([UInt8], _ count: Int) throws(Fault) -> PlaintextBatch
    ) throws(Fault) {
        if !said.isComplete {
            try said.take(payload)
            guard said.isComplete else { return }
            let most = plan.schedule.columns[host]
            columns = try ToldBins.decode(
                said.bytes, columns: plan.sources[host + 1].features == nil ? 0...most : most...most,
                fineBins: plan.schedule.fineBins, rows: rows)
            cells = columns.reduce(0) { $0 + $1.summed.count }
            return
        }
        guard next < blocks.count else { throw Fault(BoostFaults.messageMalformed) }
        let layout = plan.schedule.layout
        let start = next * BoostSchedule.ciphertexts
        let count = min(blocks[next], max(0, layout.plaintexts(forCells: cells) - start))
        let block = try plan.schedule.shape.block(payload, count: count, most: blocks[next])
        next += 1
        if count > 0 {
            let packed = min(count * layout.slots, cells - start * layout.slots)
            sums += try layout.unpack(try open(block, count), cells: packed, within: within).gradients
        }
        if isComplete { try check() }
    }

    /// No bin can hold more bads than rows, nor all bins more than there are.
    private func check() throws(Fault) {
        for place in columns.indices where !columns[place].isWithheld {
            guard zip(bads(of: place), columns[place].rows).allSatisfy({ 0...$1 ~= $0 }) else {
                throw Fault(BoostFaults.replyOutOfRange, at: "column \(place + 1)")
            }
        }
    }

    /// By fine bin.
    private func bads(of place: Int) -> [Int] {
        let first = columns[..<place].reduce(0) { $0 + $1.summed.count }
        let column = columns[place]
        var found = [Int](repeating: 0, count: column.rows.count)
        for (index, bin) in column.summed.enumerated() { found[bin] = Int(sums[first + index]) }
        found[column.skipped] = bads - found.reduce(0, +)
        return found
    }

    /// The counts of a column, when all is there; nil for one that is withheld.
    func counts(of place: Int, named name: String) throws(Fault) -> FineCounts? {
        let column = columns[place]
        if column.isWithheld { return nil }
        let counts = zip(bads(of: place), column.rows).map { BinCounts(goods: $1 - $0, bads: $0) }
        return try FineCounts(
            column: name, partition: column.commitment, ordinary: Array(counts[..<column.ordinary]),
            others: Array(counts[column.ordinary...]))
    }
}
