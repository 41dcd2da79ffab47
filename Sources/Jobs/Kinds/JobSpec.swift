public import Resources

/// The wishes of a job, read from a spec whose shape was checked.
public struct JobSpec: Sendable, Hashable {
    public struct Party: Sendable, Hashable {
        /// The name of a Peer.
        public let peer: String
        public let role: String
    }

    public struct Task: Sendable, Hashable {
        public let name: String
        public let operatorName: String
        public let version: UInt32?
        public let after: [String]
        public let parameters: [String: JSONValue]
    }

    public enum Wish: String, Sendable {
        case run, pause, cancel
    }

    /// This site's own.
    public let role: String
    public let peers: [Party]
    public let tasks: [Task]
    public let limits: JobLimits
    /// nil where none is given; empty where what is given is no hexadecimal text.
    public let seed: [UInt8]?
    public let needsApproval: Bool
    public let wish: Wish
    public let attempt: Int64

    public init(_ spec: JSONValue) {
        role = spec["role"]?.string ?? "member"
        peers = (spec["peers"]?.array ?? []).map {
            Party(peer: $0["peer"]?.string ?? "", role: $0["role"]?.string ?? "member")
        }
        tasks = (spec["tasks"]?.array ?? []).map { task in
            Task(
                name: task["name"]?.string ?? "", operatorName: task["operator"]?.string ?? "",
                version: task["version"]?.integer.flatMap { UInt32(exactly: $0) },
                after: (task["after"]?.array ?? []).compactMap(\.string), parameters: task["parameters"]?.object ?? [:])
        }
        let limits = spec["limits"]
        self.limits = JobLimits(
            memory: UInt64(max(0, limits?["memory"]?.integer ?? 1024)) << 20,
            cores: Int(limits?["cores"]?.integer ?? 1), seconds: limits?["seconds"]?.integer ?? 86_400)
        seed = spec["seed"]?.string.map(Self.bytes)
        needsApproval = spec["approval"]?.bool ?? false
        wish = spec["wanted"]?.string.flatMap(Wish.init(rawValue:)) ?? .run
        attempt = spec["attempt"]?.integer ?? 1
    }

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0, !digits.isEmpty else { return [] }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[place]), let low = digit(digits[place + 1]) else { return [] }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
