/// Counts the records of a CSV file that comes in pieces, in constant memory whatever the length of a record: lines
/// outside of quotes that are not empty, ended by LF, CR or CRLF; the last may have no end.
public struct RecordCounter: Sendable {
    public private(set) var records: Int64 = 0
    private var isQuoted = false
    private var hasContent = false

    public init() {}

    public mutating func update(_ piece: [UInt8]) {
        for byte in piece {
            switch byte {
            case 0x22:
                isQuoted.toggle()
                hasContent = true
            case 0x0A where !isQuoted, 0x0D where !isQuoted:
                if hasContent { records += 1 }
                hasContent = false
            default: hasContent = true
            }
        }
    }

    /// The rows of the file; nothing may follow.
    public mutating func finish(hasHeader: Bool) -> Int64 {
        if hasContent { records += 1 }
        hasContent = false
        return max(0, records - (hasHeader ? 1 : 0))
    }
}
