/// The type of a field in a spec, with its bounds. Every text, list and map is bounded: nothing unbounded is stored.
public indirect enum FieldType: Sendable {
    /// A text of so many characters, of a form.
    case text(ClosedRange<Int>, form: TextForm = .any)
    /// One of these words.
    case choice([String])
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    case boolean
    /// A list of so many elements.
    case list(of: FieldType, count: ClosedRange<Int>)
    /// Free keys (names), at most so many.
    case map(of: FieldType, atMost: Int)
    /// Free keys (`Names.isParameter`), at most so many, each with one text (at most `longestScalar` bytes of UTF-8),
    /// number or truth value. What they mean is the kind's own check to say.
    case scalars(atMost: Int)
    case group([Field])
    /// The name of a resource of that kind, looked up in the scope that the kind has within the resource's own.
    case reference(kind: String)

    /// Most bytes of UTF-8 in a text of `scalars`.
    public static let longestScalar = 4096
}

/// What a text must look like beyond its length.
public enum TextForm: Sendable {
    case any
    /// A resource name, see `Names`.
    case name
    /// Resource names joined by dots.
    case dottedName
    /// RFC 3339 in UTC.
    case timestamp
    /// Text without control characters on one line.
    case line
}

/// One field of a spec.
public struct Field: Sendable {
    public let name: String
    public let type: FieldType
    public let isRequired: Bool
    /// Filled in when the field is absent, so that a stored spec does not change meaning with a later default.
    public let defaultValue: JSONValue?
    public let isImmutable: Bool
    /// One sentence, for `atoll explain` and the API's description.
    public let summary: String

    public init(
        _ name: String,
        _ type: FieldType,
        required: Bool = false,
        default defaultValue: JSONValue? = nil,
        immutable: Bool = false,
        _ summary: String
    ) {
        self.name = name
        self.type = type
        self.isRequired = required
        self.defaultValue = defaultValue
        self.isImmutable = immutable
        self.summary = summary
    }
}
