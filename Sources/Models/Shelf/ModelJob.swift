public import Faults
public import Resources

/// Documents of jobs that a version of a model is for, made of its own document, so that nobody has to write down again
/// what its training said.
public enum ModelJob {
    /// Has every host tell the guest its part.
    ///
    /// - Parameter version: the spec of a version.
    /// - Throws: `ModelFaults.notGuest`.
    public static func join(_ version: JSONValue) throws(Fault) -> JSONValue {
        var parameters: [String: JSONValue] = ["model": .string(training(version))]
        for name in ["hostDatasets", "hostColumns", "hostColumnLimit", "trees", "depth"] {
            parameters[name] = version["parameters"]?[name]
        }
        return try job(version, ["name": "join", "operator": "model.join", "parameters": .object(parameters)])
    }

    /// What `predict` scores in place of what the training learnt from.
    public struct Scoring: Sendable {
        /// Nil for the training's own.
        public var guestDataset: String?
        public var hostDatasets: [String] = []
        /// `all`, `learnt` or `test`.
        public var part = "all"
        /// `path` or `bits`.
        public var method = "path"
        /// The guest's column that is written beside the scores; nil for none.
        public var label: String?

        public init() {}
    }

    /// Scores rows.
    ///
    /// - Throws: `ModelFaults.notGuest`.
    public static func predict(_ version: JSONValue, _ scoring: Scoring) throws(Fault) -> JSONValue {
        var parameters: [String: JSONValue] = [:]
        for name in [
            "guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "guestColumns", "hostColumns", "trees",
            "depth", "test",
        ] { parameters[name] = version["parameters"]?[name] }
        if let dataset = scoring.guestDataset { parameters["guestDataset"] = .string(dataset) }
        if !scoring.hostDatasets.isEmpty {
            parameters["hostDatasets"] = .string(scoring.hostDatasets.joined(separator: ";"))
        }
        parameters["model"] = .string(training(version))
        parameters["part"] = .string(scoring.part)
        parameters["method"] = .string(scoring.method)
        if let label = scoring.label { parameters["label"] = .string(label) }
        return try job(version, ["name": "score", "operator": "predict", "parameters": .object(parameters)])
    }

    private static func training(_ version: JSONValue) -> String {
        "\(version["job"]?.string ?? "")/\(version["task"]?.string ?? "")"
    }

    /// A job of the parties of the training, in their order.
    private static func job(_ version: JSONValue, _ task: JSONValue) throws(Fault) -> JSONValue {
        guard version["role"]?.string == "guest" else {
            throw Fault(
                ModelFaults.notGuest, at: "\(version["model"]?.string ?? ""):\(version["version"]?.integer ?? 0)")
        }
        let peers = (version["parties"]?.array ?? []).filter { $0["peer"] != nil }.map { party -> JSONValue in
            ["peer": party["peer"] ?? "", "role": party["role"] ?? "host"]
        }
        return ["role": "guest", "peers": .array(peers), "tasks": .array([task])]
    }
}
