/// One value of a table, for showing rows and building small tables; columns are read as chunks.
public enum Cell: Hashable, Sendable {
    case missing
    case integer(Int64)
    /// The value times 10^scale of the column.
    case decimal(Int64, scale: Int)
    case float(Double)
    case category(String)
    /// Days since 1970-01-01.
    case date(Int64)
    case text(String)

    /// As it stands in a CSV file, before quoting; empty when missing.
    public var text: String {
        switch self {
        case .missing: ""
        case .integer(let value): String(value)
        case .decimal(let value, let scale): DecimalText.text(value, scale: scale)
        case .float(let value): value.description
        case .category(let value), .text(let value): value
        case .date(let days): CalendarDate.text(days)
        }
    }
}

/// Writing decimals.
public enum DecimalText {
    /// All digits of the scale: 125 with scale 2 is `1.25`, -5 is `-0.05`.
    public static func text(_ value: Int64, scale: Int) -> String {
        var bytes: [UInt8] = []
        append(value, scale: scale, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ value: Int64, scale: Int, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(0x2D) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
            var rest = value.magnitude
            var count = 0
            while rest > 0 || count <= scale {
                digits[count] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
                count += 1
            }
            for place in stride(from: count - 1, through: 0, by: -1) {
                bytes.append(digits[place])
                if place == scale, scale > 0 { bytes.append(0x2E) }
            }
        }
    }
}
