import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Finds rows that have the same id in bounded memory: keyed hashes of the ids with their rows are sorted in pieces, the
/// pieces go to files, and the files are merged. Not for use by several threads.
final class DuplicateFinder {
    enum Kept { case first, last }

    struct Entry: Comparable {
        let high: UInt64
        let low: UInt64
        let row: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.high, left.low, left.row) < (right.high, right.low, right.row)
        }

        func hasSameID(_ other: Entry) -> Bool { high == other.high && low == other.low }
    }

    /// Entries of 24 bytes: 48 MB.
    static let usualInMemory = 2 << 20

    private let scratch: String
    private let inMemory: Int
    private let key = SipHash.Key.fresh()
    private var entries: [Entry] = []
    private var runs: [SpillFile] = []
    private var row: UInt64 = 0

    /// At most `inMemory` entries are kept in memory; more go to files in `scratch`, which are unlinked as soon as they are
    /// made, so that nothing stays whatever happens.
    init(scratch: String, inMemory: Int = usualInMemory) throws {
        self.scratch = scratch
        self.inMemory = max(2, inMemory)
    }

    /// Adds the ids of these rows of the builders, one builder per id column. The rows of all calls count from 0.
    func add(_ columns: [ColumnBuilder], rows: Range<Int>) throws {
        for place in rows {
            var hash = SipHash(key)
            for column in columns { column.hash(row: place, into: &hash) }
            let (high, low) = hash.finish()
            entries.append(Entry(high: high, low: low, row: row))
            row += 1
            if entries.count == inMemory { try spill() }
        }
    }

    /// The rows that have the id of a row that is kept.
    func finish(keeping kept: Kept) throws -> RowSet {
        entries.sort()
        var found = RowSet()
        var previous: Entry?
        func look(_ entry: Entry) {
            if let previous, previous.hasSameID(entry) {
                found.insert(Int(kept == .first ? entry.row : previous.row))
            }
            previous = entry
        }
        if runs.isEmpty {
            entries.forEach(look)
        } else {
            try merge(look)
        }
        return found
    }

    private func spill() throws {
        entries.sort()
        let run = try SpillFile(folder: scratch)
        try run.write(entries)
        runs.append(run)
        entries.removeAll(keepingCapacity: true)
    }

    /// Entries of all files and of memory, ascending.
    private func merge(_ look: (Entry) -> Void) throws {
        if !entries.isEmpty { try spill() }
        entries = []
        var heads: [(entry: Entry, run: SpillFile)] = []
        let share = max(1, min(8192, inMemory / runs.count))
        for run in runs {
            try run.rewind(buffering: share)
            if let entry = try run.next() { heads.append((entry, run)) }
        }
        // A heap with the least entry first.
        for place in stride(from: heads.count / 2 - 1, through: 0, by: -1) { sink(place, in: &heads) }
        while let least = heads.first {
            look(least.entry)
            if let entry = try least.run.next() {
                heads[0].entry = entry
            } else {
                heads[0] = heads[heads.count - 1]
                heads.removeLast()
            }
            sink(0, in: &heads)
        }
    }

    private func sink(_ start: Int, in heads: inout [(entry: Entry, run: SpillFile)]) {
        var place = start
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heads.count {
                if heads[child].entry < heads[least].entry { least = child }
            }
            if least == place { return }
            heads.swapAt(place, least)
            place = least
        }
    }
}

extension ColumnBuilder {
    /// Adds the id in this row: numbers as 8 bytes, texts with their length, so that ids of several columns cannot run
    /// into each other.
    func hash(row: Int, into hash: inout SipHash) {
        switch type {
        case .integer, .decimal, .date, .float: hash.add(slots[row])
        case .category: hash.add(slots[row])
        case .text:
            let (start, end) = (texts.offsets[row], texts.offsets[row + 1])
            hash.add(UInt64(end - start))
            texts.bytes.withUnsafeBufferPointer { bytes in
                for place in start..<end { hash.add(bytes[place]) }
            }
        }
    }
}
