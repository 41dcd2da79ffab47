import Faults

/// Records with the same number of cells, in the scanner's buffer.
struct CSVBatch {
    let base: UnsafePointer<UInt8>
    let rowStarts: UnsafePointer<UInt32>
    /// Where each cell ends, row by row.
    let ends: UnsafePointer<UInt32>
    let rows: Int
    let columns: Int
    let isASCII: Bool
    /// Where in the buffer and on which line the batch begins.
    let start: Int
    let line: Int

    @inline(__always)
    func cellStart(_ row: Int, _ column: Int) -> Int {
        Int(column == 0 ? rowStarts[row] : ends[row &* columns &+ column &- 1] &+ 1)
    }

    @inline(__always)
    func cellEnd(_ row: Int, _ column: Int) -> Int { Int(ends[row &* columns &+ column]) }

    /// The line on which a row begins. Counts line ends from the batch's beginning.
    func line(of row: Int) -> Int { line + CSVCell.lineBreaks(base, start, Int(rowStarts[row])) }

    /// Throws `TableFaults.csvQuote` unless quotes stand around whole cells and are doubled inside.
    func checkQuotes() throws {
        for row in 0..<rows {
            for column in 0..<columns {
                let start = cellStart(row, column)
                guard CSVCell.isWellFormed(base + start, cellEnd(row, column) - start) else {
                    throw Fault(TableFaults.csvQuote, at: "line \(line(of: row)), column \(column + 1)")
                }
            }
        }
    }
}

/// One cell as it stands in the file.
enum CSVCell {
    /// Whether the cell is quoted as a whole, with quotes inside doubled, or has no quotes at all. Blanks may stand around
    /// the quotes.
    static func isWellFormed(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let (start, end) = trimmed(text, count)
        guard start < end else { return true }
        guard text[start] == 0x22 else { return !(start..<end).contains { text[$0] == 0x22 } }
        guard end - start >= 2, text[end - 1] == 0x22 else { return false }
        var place = start + 1
        while place < end - 1 {
            if text[place] == 0x22 {
                guard place + 1 < end - 1, text[place + 1] == 0x22 else { return false }
                place += 1
            }
            place += 1
        }
        return true
    }

    /// The cell's content, without blanks around it or without its quotes; `nil` when it is not well-formed.
    static func content(_ text: UnsafePointer<UInt8>, _ count: Int) -> [UInt8]? {
        guard isWellFormed(text, count) else { return nil }
        let (start, end) = trimmed(text, count)
        guard start < end, text[start] == 0x22 else {
            return Array(UnsafeBufferPointer(start: text + start, count: end - start))
        }
        var bytes: [UInt8] = []
        unquote(text + start, end - start, into: &bytes)
        return bytes
    }

    /// The inside of a well-formed quoted cell.
    static func unquote(_ text: UnsafePointer<UInt8>, _ count: Int, into bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        var place = 1
        while place < count - 1 {
            bytes.append(text[place])
            place += text[place] == 0x22 ? 2 : 1
        }
    }

    /// Without blanks and tabs at both ends.
    @inline(__always)
    static func trimmed(_ text: UnsafePointer<UInt8>, _ count: Int) -> (start: Int, end: Int) {
        var (start, end) = (0, count)
        while start < end, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
        while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
        return (start, end)
    }

    /// Line ends in a range of bytes: LF, CRLF or CR.
    static func lineBreaks(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var count = 0
        var place = start
        while place < end {
            if text[place] == 0x0A {
                count += 1
            } else if text[place] == 0x0D {
                count += 1
                if place + 1 < end, text[place + 1] == 0x0A { place += 1 }
            }
            place += 1
        }
        return count
    }
}
