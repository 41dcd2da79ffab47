public import Resources

/// In what two versions differ: what they were made of and what came of it.
public enum ModelComparison {
    /// One thing of both; nil where one does not have it.
    public struct Row: Sendable, Hashable {
        public let what: String
        public let first: String?
        public let second: String?

        public var differs: Bool { first != second }
    }

    /// - Parameters: what `ModelShelf.facts` says of them.
    public static func rows(_ first: JSONValue, _ second: JSONValue) -> [Row] {
        let (left, right) = (texts(first), texts(second))
        return Set(left.keys).union(right.keys).sorted().map { Row(what: $0, first: left[$0], second: right[$0]) }
    }

    /// Everything of a version as texts by dotted names.
    private static func texts(_ facts: JSONValue) -> [String: String] {
        let spec = facts["version"]?["spec"]
        var found: [String: String] = [:]
        func put(_ name: String, _ value: JSONValue?) {
            guard let value, value != .null else { return }
            found[name] = value.string ?? String(decoding: JSONWriter.compact(value), as: UTF8.self)
        }
        for name in ["job", "operator", "operatorVersion", "code", "part", "digest", "objective", "trees"] {
            put(name, spec?[name])
        }
        for (name, value) in spec?["parameters"]?.object ?? [:] { put("parameters.\(name)", value) }
        for dataset in spec?["datasets"]?.array ?? [] {
            put("datasets.\(dataset["name"]?.string ?? "")", dataset["digest"] ?? "")
        }
        for (name, value) in facts["figures"]?.object ?? [:] { put("figures.\(name)", value) }
        for party in facts["content"]?["parties"]?.array ?? [] {
            put("gain share.\(party["party"]?.string ?? "")", party["gainShare"])
            put("splits.\(party["party"]?.string ?? "")", party["splits"])
        }
        for column in facts["content"]?["columns"]?.array ?? [] {
            let name = "\(column["party"]?.string ?? "").\(column["column"]?.string ?? "")"
            put("column.\(name)", column["gain"] ?? column["splits"])
        }
        return found
    }
}
