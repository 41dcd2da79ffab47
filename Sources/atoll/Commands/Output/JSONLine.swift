import Resources

/// One JSON value on one line, keys sorted.
enum JSONLine {
    static func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.compact(value), as: UTF8.self)
    }
}
