/// Which rows are added to which sums: row lists, one per sum, long ones first.
///
/// A scheme works off several lists side by side. So that one long list does not leave lanes idle, lists are cut into
/// pieces; every piece beyond a cell's first is summed into a spill, which is added to its cell at the end.
public struct Segments: Sendable, Equatable {
    /// Where segment s is summed; all different.
    public private(set) var targets: [Int32] = []
    /// Row numbers, segment after segment.
    public private(set) var indices: [Int32] = []
    /// Segment s is `indices[starts[s] ..< starts[s + 1]]`; one entry more than segments.
    public private(set) var starts: [Int32] = [0]
    /// Spills in use and the cells that they belong to. Spills are numbered from `cells` on.
    private(set) var spills: [(spill: Int32, cell: Int32)] = []

    public static func == (left: Segments, right: Segments) -> Bool {
        left.targets == right.targets && left.indices == right.indices && left.starts == right.starts
    }

    /// Most spills that a schedule uses: cutting into pieces of a 32nd gives at most 32 beyond the first ones.
    static let spillLimit = 32

    /// - Parameters:
    ///   - rows: what will stand in `indices`.
    ///   - cellOf: the cell of the k-th row, in 0 ..< cells, or −1 for a row that is not added.
    init(rows: [Int32], cellOf: [Int32], cells: Int) {
        var starts = [Int](repeating: 0, count: cells + 1)
        for cell in cellOf where cell >= 0 { starts[Int(cell) + 1] += 1 }
        for cell in 0..<cells { starts[cell + 1] += starts[cell] }
        let bounds = starts
        var sorted = [Int32](repeating: 0, count: bounds[cells])
        for (index, cell) in cellOf.enumerated() where cell >= 0 {
            sorted[starts[Int(cell)]] = rows[index]
            starts[Int(cell)] += 1
        }
        // Short lists are not worth a spill.
        let limit = max(16, (sorted.count + Self.spillLimit - 1) / Self.spillLimit)
        var pieces: [(target: Int32, rows: Range<Int>)] = []
        for cell in 0..<cells where bounds[cell] < bounds[cell + 1] {
            for start in stride(from: bounds[cell], to: bounds[cell + 1], by: limit) {
                let piece = start..<min(start + limit, bounds[cell + 1])
                if start == bounds[cell] {
                    pieces.append((Int32(cell), piece))
                } else {
                    let spill = Int32(cells + spills.count)
                    spills.append((spill, Int32(cell)))
                    pieces.append((spill, piece))
                }
            }
        }
        pieces.sort { ($1.rows.count, $0.target) < ($0.rows.count, $1.target) }
        indices.reserveCapacity(sorted.count)
        for piece in pieces {
            targets.append(piece.target)
            indices += sorted[piece.rows]
            self.starts.append(Int32(indices.count))
        }
    }

    /// Spills whose cells differ from each other, so that each group can be added in one call.
    var mergeRounds: [[(spill: Int32, cell: Int32)]] {
        var rounds: [[(spill: Int32, cell: Int32)]] = []
        var roundOfCell: [Int32: Int] = [:]
        for entry in spills {
            let round = roundOfCell[entry.cell, default: 0]
            roundOfCell[entry.cell] = round + 1
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(entry)
        }
        return rounds
    }
}

extension AdditivePublicKey {
    /// Adds rows to cells. `sums` has `cells + Segments.spillLimit` ciphertexts; those after the cells are neutral before
    /// and after.
    func accumulate(_ rows: Ciphertexts, cells segments: Segments, into sums: inout Ciphertexts) {
        accumulate(rows, segments, into: &sums)
        for round in segments.mergeRounds {
            addWithin(&sums, round.map(\.spill), into: round.map(\.cell))
        }
        guard !segments.spills.isEmpty else { return }
        let used = segments.spills.map(\.spill)
        copy(neutral(1), used.map { _ in 0 }, into: &sums, used)
    }
}
