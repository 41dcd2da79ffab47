import Faults

/// A column's name and type.
public struct ColumnSchema: Hashable, Sendable {
    public let name: String
    public let type: ColumnType

    /// Throws `TableFaults.columnName` or `schemaInvalid` (a scale outside of 0...18).
    public init(_ name: String, _ type: ColumnType) throws {
        try ColumnName.check(name)
        if case .decimal(let scale) = type, !(0...18).contains(scale) {
            throw Fault(
                TableFaults.schemaInvalid, "The scale of a decimal column is out of range.", at: "column \(name)",
                wanted: "0 to 18 digits after the point")
        }
        self.name = name
        self.type = type
    }
}

/// The rules for names of columns.
public enum ColumnName {
    public static let mostCharacters = 128
    public static let mostBytes = 512

    /// Throws `TableFaults.columnName` unless the name has 1 to 128 characters (at most 512 bytes of UTF-8), no control
    /// character, no line separator, no mark that changes the direction of writing, and no blank at either end.
    public static func check(_ name: String, at place: String? = nil) throws {
        let problem: String? =
            if name.isEmpty {
                "A column has no name."
            } else if name.utf8.count > mostBytes || name.count > mostCharacters {
                "A column's name is too long."
            } else if name.unicodeScalars.contains(where: isForbidden) {
                "A column's name has a control character."
            } else if isBlank(name.unicodeScalars.first) || isBlank(name.unicodeScalars.last) {
                "A column's name begins or ends with a blank."
            } else {
                nil
            }
        if let problem {
            throw Fault(TableFaults.columnName, problem, at: place)
        }
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: bidirectional.contains(scalar.value)
        }
    }

    private static let bidirectional: Set<UInt32> = [
        0x200E, 0x200F, 0x061C, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069,
    ]

    private static func isBlank(_ scalar: Unicode.Scalar?) -> Bool {
        scalar?.properties.isWhitespace ?? false
    }
}
