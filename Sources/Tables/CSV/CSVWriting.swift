import Faults

/// How a CSV file is to be written. docs/tables.md states the rules.
public struct CSVWriting: Sendable {
    public enum LineEnd: String, Sendable, CaseIterable {
        case lf
        case crlf

        var bytes: [UInt8] { self == .lf ? [0x0A] : [0x0D, 0x0A] }
    }

    /// One ASCII character.
    public var delimiter: Character = ","
    public var hasHeader = true
    public var lineEnd = LineEnd.lf
    /// Stands for a missing value, never quoted: empty, or a text without quotes, delimiters and line ends.
    public var missing = ""
    /// Whether texts that a spreadsheet would take for a formula get an apostrophe in front.
    public var guardsFormulas = true

    public init() {}

    /// Throws `TableFaults.csvFormat`.
    func check() throws {
        var reading = CSVReading()
        reading.delimiter = delimiter
        reading.missing = [missing]
        try reading.check()
        guard !missing.contains(delimiter), missing.utf8.count < 64 else {
            throw Fault(TableFaults.csvFormat, "The text for missing values holds the delimiter.", at: "missing")
        }
    }
}

/// What a spreadsheet takes for a formula, and what is done about it.
enum FormulaGuard {
    /// Whether the text begins with `=`, `+`, `-`, `@`, tab, carriage return or line feed, or with the full-width form of
    /// one of the first four, and is no number as a whole.
    static func needs(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = text.baseAddress, text.count > 0 else { return false }
        switch start[0] {
        case 0x3D, 0x40, 0x09, 0x0D, 0x0A: return true
        case 0x2B, 0x2D: return FloatText.parse(start, text.count) == nil
        case 0xEF:
            return text.count >= 3 && start[1] == 0xBC && [0x9D, 0x8B, 0x8D, 0xA0].contains(start[2])
        default: return false
        }
    }
}
