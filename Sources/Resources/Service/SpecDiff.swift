/// The differences between two specs, field by field.
public enum SpecDiff {
    public struct Entry: Sendable, Hashable {
        public let path: String
        /// nil: the field was added.
        public let old: JSONValue?
        /// nil: the field was removed.
        public let new: JSONValue?

        public init(path: String, old: JSONValue?, new: JSONValue?) {
            self.path = path
            self.old = old
            self.new = new
        }

        public var json: JSONValue {
            var members: [String: JSONValue] = ["path": .string(path)]
            if let old { members["old"] = old }
            if let new { members["new"] = new }
            return .object(members)
        }
    }

    /// In order of path; empty when the two are equal. Lists are compared position by position.
    public static func between(_ old: JSONValue?, _ new: JSONValue?, path: String = "spec") -> [Entry] {
        if old == new { return [] }
        switch (old, new) {
        case (.object(let before), .object(let after)):
            return Set(before.keys).union(after.keys).sorted().flatMap {
                between(before[$0], after[$0], path: "\(path).\($0)")
            }
        case (.array(let before), .array(let after)):
            return (0..<max(before.count, after.count)).flatMap { index in
                between(
                    index < before.count ? before[index] : nil,
                    index < after.count ? after[index] : nil,
                    path: "\(path)[\(index)]"
                )
            }
        default:
            return [Entry(path: path, old: old, new: new)]
        }
    }
}
