import Faults

/// How a CSV file is to be read. docs/tables.md states the rules.
public struct CSVReading: Sendable {
    /// Whether the first record holds the columns' names.
    public enum Header: String, Sendable, CaseIterable {
        case present
        case absent
        /// It does when every cell of it is an allowed name, all differ, and none is a number or a date.
        case detect
    }

    /// What happens to rows with an id that another row has.
    public enum Duplicates: String, Sendable, CaseIterable {
        case refuse
        /// The first row of each id stays.
        case first
        /// The last row of each id stays, at its own place.
        case last
    }

    /// How dates are written.
    public enum DateForm: String, Sendable, CaseIterable {
        /// `2024-01-31`
        case dashes
        /// `2024/01/31`
        case slashes
        /// `20240131`; never inferred.
        case compact

        var separator: UInt8? {
            switch self {
            case .dashes: 0x2D
            case .slashes: 0x2F
            case .compact: nil
            }
        }
    }

    /// One ASCII character; `nil` finds it out: the one of comma, tab, semicolon, bar that the first record has most of.
    public var delimiter: Character?
    public var header = Header.present
    /// What stands for a missing value beside an empty cell, which always does.
    public var missing: [String] = CSVReading.usualMissing
    public var dates = DateForm.dashes
    public var duplicates = Duplicates.refuse
    /// Whether columns of the file that the schema does not have are left out; else they are refused.
    public var ignoresOtherColumns = false
    /// The longest record in bytes.
    public var mostRecordBytes = 4 << 20
    public var mostRows = 1 << 32

    public static let usualMissing = ["NA", "N/A", "NaN", "nan", "NULL", "null", "None"]

    public init() {}

    /// Throws `TableFaults.csvFormat`.
    func check() throws {
        if let delimiter {
            guard let byte = delimiter.asciiValue, byte == 0x09 || (0x20...0x7E).contains(byte), byte != 0x22,
                byte != 0x2E, byte != 0x2B, byte != 0x2D, !Character(Unicode.Scalar(byte)).isLetter,
                !(0x30...0x39).contains(byte)
            else {
                throw Fault(
                    TableFaults.csvFormat, "The delimiter cannot be this character.", at: "delimiter",
                    wanted: "a tab or a printable ASCII character other than letters, digits, quote, point and signs")
            }
        }
        for token in missing {
            guard token.utf8.count <= 64, !token.utf8.contains(where: { $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }),
                token.utf8.first != 0x20, token.utf8.last != 0x20
            else {
                throw Fault(
                    TableFaults.csvFormat, "A text for missing values is not allowed.", at: "missing",
                    wanted: "at most 64 bytes, no quotes or line ends, no blanks at the ends")
            }
        }
        guard missing.count <= 100, (1...(1 << 28)).contains(mostRecordBytes), mostRows >= 0 else {
            throw Fault(TableFaults.csvFormat, "A limit is out of range.")
        }
    }
}

/// The declared texts of missing values, for comparing bytes.
struct MissingTokens {
    private let tokens: [[UInt8]]
    private let begins: [Bool]

    init(_ texts: [String]) {
        tokens = texts.map { Array($0.utf8) }.filter { !$0.isEmpty }
        var begins = [Bool](repeating: false, count: 256)
        for token in tokens { begins[Int(token[0])] = true }
        self.begins = begins
    }

    func contains(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        guard count > 0 else { return true }
        guard begins[Int(text[0])] else { return false }
        return tokens.contains { $0.count == count && $0.elementsEqual(UnsafeBufferPointer(start: text, count: count)) }
    }
}
