/// What a column holds. Every column may have missing values.
public enum ColumnType: Hashable, Sendable {
    /// Whole numbers of 64 bits with a sign.
    case integer
    /// Exact decimal fractions: a whole number of 64 bits divided by 10^scale, scale in 0...18.
    case decimal(scale: Int)
    /// Finite numbers of double precision. Minus zero is kept as zero; NaN and infinities are no values.
    case float
    /// One of a limited number of texts (at most `Limits.categories`), kept once each.
    case category
    /// A day of the Gregorian calendar, 0001-01-01 to 9999-12-31, as days since 1970-01-01.
    case date
    /// Text that is different in most rows, such as an id. Never empty: an empty text is a missing value.
    case text

    /// `integer`, `decimal`, `float`, `category`, `date` or `text`.
    public var name: String {
        switch self {
        case .integer: "integer"
        case .decimal: "decimal"
        case .float: "float"
        case .category: "category"
        case .date: "date"
        case .text: "text"
        }
    }

    /// Whether values are numbers: integer, decimal or float.
    public var isNumeric: Bool {
        switch self {
        case .integer, .decimal, .float: true
        case .category, .date, .text: false
        }
    }

    /// The type of this name; `scale` only and always with `decimal`. `nil` for what is no type.
    public init?(name: String, scale: Int? = nil) {
        switch (name, scale) {
        case ("integer", nil): self = .integer
        case ("decimal", let scale?) where (0...18).contains(scale): self = .decimal(scale: scale)
        case ("float", nil): self = .float
        case ("category", nil): self = .category
        case ("date", nil): self = .date
        case ("text", nil): self = .text
        default: return nil
        }
    }
}

extension ColumnType: CustomStringConvertible {
    /// The name, with the scale where there is one: `decimal(2)`.
    public var description: String {
        if case .decimal(let scale) = self { "decimal(\(scale))" } else { name }
    }
}

/// Limits that hold for every table.
public enum Limits {
    public static let columns = 10_000
    /// Of one category column, over the whole table.
    public static let categories = 1_000_000
    /// UTF-8 bytes of all values of one category column together.
    public static let categoryBytes = 64 << 20
    /// UTF-8 bytes of one text or category value.
    public static let textBytes = 1 << 20
    public static let rows = 1 << 40
}
