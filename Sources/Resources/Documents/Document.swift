/// One document of a YAML or JSON file, with the line of every field.
public struct Document: Sendable {
    public let value: JSONValue
    /// Line (from 1) by path such as `spec.items[2].name`; empty for documents that came over the wire.
    public let lines: [String: Int]
    /// The file it came from, for messages.
    public let file: String?

    public init(_ value: JSONValue, lines: [String: Int] = [:], file: String? = nil) {
        self.value = value
        self.lines = lines
        self.file = file
    }

    /// `spec.purpose (line 7 of x.yaml)`; for a field that is absent, the line of the nearest group around it.
    func locate(_ path: String) -> String {
        var known = path
        while lines[known] == nil, let cut = known.lastIndex(where: { $0 == "." || $0 == "[" }) {
            known = String(known[..<cut])
        }
        guard let line = lines[known] else { return path }
        return file.map { "\(path) (line \(line) of \($0))" } ?? "\(path) (line \(line))"
    }
}
