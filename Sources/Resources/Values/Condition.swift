/// One observation about a resource in its status: what is true, since when, and why.
public struct Condition: Sendable, Hashable {
    public enum Status: String, Sendable {
        case isTrue = "True"
        case isFalse = "False"
        case unknown = "Unknown"
    }

    /// What it is about, in CamelCase: `Ready`.
    public let type: String
    public let status: Status
    /// One CamelCase word for programs.
    public let reason: String
    /// One sentence for people.
    public let message: String
    public let lastTransitionTime: Timestamp
    /// The generation of the spec that was looked at.
    public let observedGeneration: Int64

    public init(
        _ type: String,
        _ status: Status,
        reason: String,
        message: String,
        observedGeneration: Int64,
        at time: Timestamp = .now
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.observedGeneration = observedGeneration
        self.lastTransitionTime = time
    }

    public init?(json: JSONValue) {
        guard let type = json["type"]?.string,
            let status = json["status"]?.string.flatMap(Status.init(rawValue:)),
            let time = json["lastTransitionTime"]?.string.flatMap(Timestamp.init(_:))
        else { return nil }
        self.init(
            type,
            status,
            reason: json["reason"]?.string ?? "",
            message: json["message"]?.string ?? "",
            observedGeneration: json["observedGeneration"]?.integer ?? 0,
            at: time
        )
    }

    public var json: JSONValue {
        [
            "type": .string(type), "status": .string(status.rawValue), "reason": .string(reason),
            "message": .string(message), "lastTransitionTime": .string(lastTransitionTime.description),
            "observedGeneration": .integer(observedGeneration),
        ]
    }
}

extension Resource {
    /// The conditions in the status, in the order stored.
    public var conditions: [Condition] {
        (status["conditions"]?.array ?? []).compactMap(Condition.init(json:))
    }

    public func condition(_ type: String) -> Condition? {
        conditions.first { $0.type == type }
    }

    /// Adds or replaces the condition of the same type. The transition time moves only when the status does, so writing
    /// the same observation again changes nothing.
    public mutating func set(_ condition: Condition) {
        var all = conditions
        if let index = all.firstIndex(where: { $0.type == condition.type }) {
            let old = all[index]
            all[index] =
                old.status == condition.status
                ? Condition(
                    condition.type,
                    condition.status,
                    reason: condition.reason,
                    message: condition.message,
                    observedGeneration: condition.observedGeneration,
                    at: old.lastTransitionTime
                ) : condition
        } else {
            all.append(condition)
        }
        var members = status.object ?? [:]
        members["conditions"] = .array(all.map(\.json))
        status = .object(members)
    }
}
