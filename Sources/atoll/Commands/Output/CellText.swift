import Resources

/// A value of a document in one cell of a table.
enum CellText {
    /// Texts as they are, lists and groups as compact JSON, absent values as `-`.
    static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null?: "-"
        case .string(let text)?: text.isEmpty ? "-" : text
        case .array(let elements)? where elements.allSatisfy { $0.string != nil }:
            elements.isEmpty ? "-" : elements.compactMap(\.string).joined(separator: ",")
        case let value?: String(decoding: JSONWriter.compact(value), as: UTF8.self)
        }
    }

    /// The value at a path of keys.
    static func text(_ document: JSONValue, at path: [String]) -> String {
        text(path.reduce(document as JSONValue?) { $0?[$1] })
    }

    /// A value inside a sentence or a difference: texts in quotes, so that an empty one is seen.
    static func literal(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.compact(value), as: UTF8.self)
    }
}
