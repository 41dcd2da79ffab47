/// A CSV reader that goes byte by byte and is as plain as can be: what the fast one is compared with.
enum ReferenceCSV {
    struct Malformed: Error {}

    /// Records of cells, each with whether it was quoted; empty lines are left out.
    static func parse(_ bytes: [UInt8], delimiter: UInt8 = 0x2C) throws -> [[(text: [UInt8], isQuoted: Bool)]] {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var records: [[(text: [UInt8], isQuoted: Bool)]] = []
        var record: [(text: [UInt8], isQuoted: Bool)] = []
        var raw: [UInt8] = []
        var isInside = false
        var hasAny = false
        func endCell() throws {
            record.append(try cell(raw))
            raw = []
        }
        func endRecord() throws {
            if !record.isEmpty || !raw.isEmpty {
                try endCell()
                records.append(record)
            }
            record = []
            hasAny = false
        }
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            hasAny = true
            if byte == 0x22 { isInside.toggle() }
            if isInside || byte == 0x22 {
                raw.append(byte)
            } else if byte == delimiter {
                try endCell()
            } else if byte == 0x0A {
                try endRecord()
            } else if byte == 0x0D {
                if place < bytes.endIndex, bytes[place] == 0x0A { place += 1 }
                try endRecord()
            } else {
                raw.append(byte)
            }
        }
        if isInside { throw Malformed() }
        if hasAny { try endRecord() }
        return records
    }

    private static func cell(_ raw: [UInt8]) throws -> (text: [UInt8], isQuoted: Bool) {
        var body = raw[...]
        while body.first == 0x20 || body.first == 0x09 { body = body.dropFirst() }
        while body.last == 0x20 || body.last == 0x09 { body = body.dropLast() }
        guard body.first == 0x22 else {
            if body.contains(0x22) { throw Malformed() }
            return (Array(body), false)
        }
        guard body.count >= 2, body.last == 0x22 else { throw Malformed() }
        var text: [UInt8] = []
        var inside = body.dropFirst().dropLast()
        while let byte = inside.popFirst() {
            if byte == 0x22, inside.popFirst() != 0x22 { throw Malformed() }
            text.append(byte)
        }
        return (text, true)
    }
}
