import Faults
import HomomorphicEncryption
import Modeling

/// A host's reply of one level as it comes in: which candidates, their numbers of rows where these are sent, their sums.
struct HostReply {
    let level: Int
    private let schedule: BoostSchedule
    private let host: Int
    private var said: FrameCollector
    private var rows: FrameCollector
    private let blocks: [Int]
    private var next = 0
    private var first: [Int64] = []
    private var second: [Int64] = []
    /// Of the tree.
    private(set) var candidates = 0
    private(set) var sets: [CandidateSet] = []
    private var cells = 0

    init(_ schedule: BoostSchedule, host: Int, level: Int) {
        self.schedule = schedule
        self.host = host
        self.level = level
        said = FrameCollector(BoostSchedule.frames(schedule.candidateBytes(host: host, level: level)))
        rows = FrameCollector(
            schedule.hasCounts ? BoostSchedule.frames(schedule.countBytes(host: host, level: level)) : [])
        blocks = BoostSchedule.blocks(schedule.sums(host: host, level: level))
    }

    var isComplete: Bool { said.isComplete && rows.isComplete && next == blocks.count }

    /// The type of message that comes next.
    var awaited: BoostMessage { !said.isComplete ? .candidates : !rows.isComplete ? .counts : .sums }

    /// One per candidate of all sets.
    var sums: [GradientSums] {
        first.indices.map { GradientSums(first: first[$0], second: second[$0]) }
    }

    /// - Parameters:
    ///   - pairs: of the level.
    ///   - open: decrypts a block of so many ciphertexts and so many sums.
    /// - Throws: `BoostFaults.messageMalformed`, and what `open` throws.
    mutating func take(
        _ payload: [UInt8], pairs: Int,
        open: ([UInt8], _ count: Int, _ cells: Int) throws(Fault) -> (gradients: [Int64], hessians: [Int64])
    ) throws(Fault) {
        if !said.isComplete {
            try said.take(payload)
            guard said.isComplete else { return }
            (candidates, sets) = try CandidateSets.decode(
                said.bytes, of: schedule.candidates[host], places: pairs)
            cells = sets.reduce(0) { $0 + $1.numbers.count }
            guard sets.count <= schedule.pairs(level: level) else { throw Fault(BoostFaults.messageMalformed) }
            return
        }
        if !rows.isComplete {
            try rows.take(payload)
            if rows.isComplete { try readRows() }
            return
        }
        guard next < blocks.count else { throw Fault(BoostFaults.messageMalformed) }
        let ciphertexts = schedule.layout.plaintexts(forCells: cells)
        let start = next * BoostSchedule.ciphertexts
        let count = min(blocks[next], max(0, ciphertexts - start))
        let block = try schedule.shape.block(payload, count: count, most: blocks[next])
        next += 1
        guard count > 0 else { return }
        let done = start * schedule.layout.slots
        let opened = try open(block, count, min(count * schedule.layout.slots, cells - done))
        first += opened.gradients
        if !schedule.hasCounts { second += opened.hessians }
    }

    private mutating func readRows() throws(Fault) {
        var reader = WireReader(rows.bytes, or: BoostFaults.messageMalformed)
        for _ in 0..<cells { second.append(Int64(try reader.number(UInt32.self))) }
        guard reader.rest().allSatisfy({ $0 == 0 }) else { throw Fault(BoostFaults.messageMalformed) }
    }
}
