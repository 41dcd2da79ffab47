import CTables
import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Cuts a CSV text into records and cells, a block at a time: the kernel finds delimiters and line ends outside of quotes,
/// this puts them together. Memory is bounded by a block and the longest record. Not for use by several threads.
final class CSVScanner {
    let delimiter: UInt8
    private(set) var input: InflatingInput
    private let mostRecordBytes: Int
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var filled = 0
    private var isAtEnd = false
    private var scan = ct_scan()
    /// Positions in the buffer of delimiters and, flagged, of line ends.
    private var marks: UnsafeMutablePointer<UInt32>
    private var markCount = 0
    private var nextMark = 0
    /// Where the next record begins, and on which line of the file.
    private var recordStart = 0
    private var line = 1
    private var isAfterReturn = false
    private let rowStarts: UnsafeMutablePointer<UInt32>
    private var ends: UnsafeMutablePointer<UInt32>
    private var endsCapacity = 0

    static let mostBatchRows = 4096
    private static let flag: UInt32 = 0x8000_0000
    private let block: Int

    /// Reads the first block. `block` is small in tests alone. Throws the faults of the input, `TableFaults.csvEncoding`,
    /// `csvBinary`, `csvQuote`, `csvLineTooLong`.
    init(_ input: any ByteInput, _ reading: CSVReading, block: Int = 256 << 10) throws {
        try reading.check()
        self.input = try InflatingInput(input)
        self.block = max(block, 8)
        mostRecordBytes = reading.mostRecordBytes
        capacity = self.block + 64
        buffer = .allocate(capacity: capacity)
        marks = .allocate(capacity: capacity)
        rowStarts = .allocate(capacity: Self.mostBatchRows)
        ends = .allocate(capacity: 1)
        var first = 0
        do {
            first = try Self.fill(&self.input, buffer, self.block)
            try Self.checkBeginning(UnsafeBufferPointer(start: buffer, count: first))
        } catch {
            // `deinit` frees: every property is set below before the throw leaves.
            delimiter = 0
            throw error
        }
        let text = UnsafeBufferPointer(start: buffer, count: first)
        let skipped = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        delimiter = reading.delimiter?.asciiValue ?? Self.delimiter(of: text[skipped...])
        recordStart = skipped
        try take(first)
    }

    deinit {
        buffer.deallocate()
        marks.deallocate()
        rowStarts.deallocate()
        ends.deallocate()
    }

    /// The cells of the next record that is not empty, without their quotes, and its line; `nil` at the end. The record
    /// stays to be read.
    func peekRecord() throws -> (line: Int, cells: [[UInt8]])? {
        while true {
            guard try skipLineFeed() else { return nil }
            guard let place = firstLineEnd else {
                try refill()
                continue
            }
            if place == nextMark, Int(marks[place] & ~Self.flag) == recordStart {
                try skipRecord()
                continue
            }
            guard place - nextMark < Limits.columns else {
                throw Fault(TableFaults.csvTooWide, at: "line \(line)", wanted: "at most \(Limits.columns) columns")
            }
            guard Int(marks[place] & ~Self.flag) - recordStart <= mostRecordBytes else { throw tooLong() }
            var cells: [[UInt8]] = []
            var cell = recordStart
            for mark in nextMark...place {
                let end = Int(marks[mark] & ~Self.flag)
                guard let text = CSVCell.content(buffer + cell, end - cell) else {
                    throw Fault(TableFaults.csvQuote, at: "line \(line), column \(cells.count + 1)")
                }
                cells.append(text)
                cell = end + 1
            }
            return (line, cells)
        }
    }

    /// Steps over the record that was peeked at.
    func skipRecord() throws {
        guard try skipLineFeed(), let place = firstLineEnd else { return }
        let start = recordStart
        try consume(upTo: place)
        line += lineBreaks(start, recordStart)
    }

    /// The next records that have as many cells as there are columns, at most `most` of them; `nil` at the end. Records of
    /// another length are told to `ragged` and left out. The batch is valid until the next call.
    func nextBatch(columns: Int, most: Int, ragged: (_ line: @autoclosure () -> Int, _ cells: Int) -> Void) throws
        -> CSVBatch?
    {
        let most = min(most, Self.mostBatchRows)
        if endsCapacity < most * columns {
            ends.deallocate()
            endsCapacity = most * columns
            ends = .allocate(capacity: endsCapacity)
        }
        while try skipLineFeed() {
            let batchStart = recordStart
            var rows = 0
            var records = 0
            while rows < most {
                if isAfterReturn {
                    // Reading more here would move the rows that are collected already.
                    guard recordStart < filled else { break }
                    passLineFeed()
                }
                let start = recordStart
                let target = ends + rows * columns
                var place = nextMark + columns - 1
                var isRegular = false
                if place < markCount {
                    var any: UInt32 = 0
                    let first = marks + nextMark
                    for column in 0..<columns - 1 {
                        let mark = first[column]
                        any |= mark
                        target[column] = mark
                    }
                    isRegular = any < Self.flag && marks[place] >= Self.flag
                }
                if isRegular {
                    let end = marks[place] & ~Self.flag
                    target[columns - 1] = end
                    try consume(upTo: place)
                    records += 1
                    if columns == 1, Int(end) == start { continue }
                    rowStarts[rows] = UInt32(start)
                    rows += 1
                    continue
                }
                guard let lineEnd = firstLineEnd else { break }
                place = lineEnd
                let cells = place - nextMark + 1
                let isEmpty = cells == 1 && Int(marks[place] & ~Self.flag) == start
                if !isEmpty {
                    let at = line
                    try checkQuotes(of: start, nextMark...place) { at + self.lineBreaks(batchStart, start) }
                    ragged(at + self.lineBreaks(batchStart, start), cells)
                }
                try consume(upTo: place)
                records += 1
            }
            let batchLine = line
            let hasQuotes = scan.seen & UInt32(CT_SEEN_QUOTE) != 0
            line += hasQuotes ? lineBreaks(batchStart, recordStart) : records
            if rows > 0 {
                let batch = CSVBatch(
                    base: UnsafePointer(buffer), rowStarts: UnsafePointer(rowStarts), ends: UnsafePointer(ends),
                    rows: rows,
                    columns: columns, isASCII: scan.seen & UInt32(CT_SEEN_HIGH) == 0, start: batchStart,
                    line: batchLine)
                if hasQuotes { try batch.checkQuotes() }
                return batch
            }
            // Nothing was complete: more is needed. Records that were left out are behind us.
            if firstLineEnd == nil { try refill() }
        }
        return nil
    }

    private var firstLineEnd: Int? {
        var place = nextMark
        while place < markCount, marks[place] < Self.flag { place += 1 }
        return place < markCount ? place : nil
    }

    /// Steps over the record that ends with this mark.
    private func consume(upTo place: Int) throws {
        let end = Int(marks[place] & ~Self.flag)
        guard end - recordStart <= mostRecordBytes else { throw tooLong() }
        isAfterReturn = buffer[end] == 0x0D
        recordStart = end + 1
        nextMark = place + 1
    }

    /// Makes sure that there is a byte to look at, and steps over the line feed that follows a carriage return.
    /// Answers false at the end.
    private func skipLineFeed() throws -> Bool {
        while true {
            while recordStart >= filled {
                if isAtEnd { return false }
                try refill()
            }
            guard isAfterReturn else { return true }
            passLineFeed()
        }
    }

    private func passLineFeed() {
        isAfterReturn = false
        guard buffer[recordStart] == 0x0A else { return }
        recordStart += 1
        nextMark += 1
    }

    /// Moves what is left to the front and reads another block behind it.
    private func refill() throws {
        let rest = filled - recordStart
        guard rest <= mostRecordBytes else { throw tooLong() }
        if rest > 0 { memmove(buffer, buffer + recordStart, rest) }
        for place in nextMark..<max(markCount, nextMark) {
            marks[place - nextMark] = marks[place] - UInt32(recordStart)
        }
        markCount -= nextMark
        nextMark = 0
        recordStart = 0
        filled = rest
        scan.seen = 0
        for place in 0..<rest {
            if buffer[place] == 0x22 { scan.seen |= UInt32(CT_SEEN_QUOTE) }
            if buffer[place] >= 0x80 { scan.seen |= UInt32(CT_SEEN_HIGH) }
        }
        if capacity < rest + block + 64 {
            grow(to: max(capacity * 2, rest + block + 64))
        }
        try take(try Self.fill(&input, buffer + rest, block))
    }

    /// Scans `count` new bytes behind those that are there; none mean the end, which ends the last line.
    private func take(_ count: Int) throws {
        guard count > 0 else {
            isAtEnd = true
            guard scan.quoted == 0 else {
                // The last quote is the one that was opened.
                let place = (recordStart..<filled).last { buffer[$0] == 0x22 } ?? recordStart
                throw Fault(
                    TableFaults.csvQuote, "A quote is opened and never closed.",
                    at: "line \(line + lineBreaks(recordStart, place))")
            }
            if recordStart < filled {
                buffer[filled] = 0x0A
                marks[markCount] = UInt32(filled) | Self.flag
                filled += 1
                markCount += 1
            }
            return
        }
        markCount += ct_scan_csv(buffer + filled, count, UInt32(filled), delimiter, &scan, marks + markCount)
        filled += count
        if scan.seen & UInt32(CT_SEEN_NUL) != 0 {
            let place = (0..<filled).first { buffer[$0] == 0 } ?? 0
            throw Fault(
                TableFaults.csvBinary, "The file holds a zero byte.",
                at: "line \(line + lineBreaks(recordStart, max(place, recordStart)))")
        }
    }

    private func grow(to size: Int) {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        larger.update(from: buffer, count: filled)
        buffer.deallocate()
        buffer = larger
        let moreMarks = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
        moreMarks.update(from: marks, count: markCount)
        marks.deallocate()
        marks = moreMarks
        capacity = size
    }

    private func lineBreaks(_ start: Int, _ end: Int) -> Int { CSVCell.lineBreaks(buffer, start, end) }

    private func checkQuotes(of start: Int, _ range: ClosedRange<Int>, line: () -> Int) throws {
        guard scan.seen & UInt32(CT_SEEN_QUOTE) != 0 else { return }
        var cell = start
        for mark in range {
            let end = Int(marks[mark] & ~Self.flag)
            guard CSVCell.isWellFormed(buffer + cell, end - cell) else {
                throw Fault(TableFaults.csvQuote, at: "line \(line()), column \(mark - range.lowerBound + 1)")
            }
            cell = end + 1
        }
    }

    private func tooLong() -> Fault {
        Fault(
            TableFaults.csvLineTooLong, at: "line \(line) or a line below it",
            wanted: "records of at most \(mostRecordBytes) bytes")
    }

    private static func fill(_ input: inout InflatingInput, _ start: UnsafeMutablePointer<UInt8>, _ count: Int) throws
        -> Int
    {
        var done = 0
        while done < count {
            let more = try input.read(into: UnsafeMutableRawBufferPointer(start: start + done, count: count - done))
            if more == 0 { break }
            done += more
        }
        return done
    }
}
