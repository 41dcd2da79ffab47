import HTTPTypes
import Resources
import Synchronization

extension OpenAPI {
    /// How callers prove themselves on the management plane; the local socket knows them by itself.
    static let securitySchemes: JSONValue = [
        "bearer": ["type": "http", "scheme": "bearer", "description": "The secret of a session or of a token."],
        "session": ["type": "apiKey", "in": "cookie", "name": .string(SignedInCallers.cookie)],
    ]

    /// Whether a change may be sent under a key, and what that adds to its answers.
    private static func tellKeys(_ entry: Door.Entry, in operation: inout [String: JSONValue]) {
        guard entry.method != .get else { return }
        guard case .taken = entry.keys else {
            operation["x-atoll-idempotency-key"] = "refused"
            return
        }
        operation["x-atoll-idempotency-key"] = "taken"
        let parameters = operation["parameters"]?.array ?? []
        operation["parameters"] = .array(
            parameters + [
                [
                    "name": "Idempotency-Key", "in": "header",
                    "schema": ["type": "string", "minLength": 1, "maxLength": 257],
                    "description": "Sent again within a day with the same request, it gets the first answer.",
                ]
            ])
    }

    /// Writes into every operation what its route asks.
    ///
    /// - Precondition: every route is described, and every description has its route. Both are known when the program
    ///   starts, so a hole never gets as far as a caller.
    static func tell(_ entries: [Door.Entry], in paths: inout [String: JSONValue]) {
        var left = Set(paths.flatMap { path, item in (item.object ?? [:]).keys.map { "\($0) \(path)" } })
        for entry in entries where !entry.isPattern {
            let method = entry.method.rawValue.lowercased()
            guard var item = paths[entry.path]?.object, var operation = item[method]?.object else {
                preconditionFailure("\(entry.method) \(entry.path) is not described")
            }
            operation["x-atoll-permission"] = .string(entry.demand.text)
            operation["x-atoll-scope"] = entry.demand.level.map { .string($0) }
            tellKeys(entry, in: &operation)
            if case .nobody = entry.demand.rule { operation["security"] = [] }
            item[method] = .object(operation)
            paths[entry.path] = .object(item)
            left.remove("\(method) \(entry.path)")
        }
        precondition(left.isEmpty, "described, and not there: \(left.sorted().joined(separator: ", "))")
    }
}

/// The API's description, which is made once every route is there, and served by one of them.
final class DescriptionShelf: Sendable {
    private let kept = Mutex<JSONValue>(.null)

    var document: JSONValue { kept.withLock { $0 } }

    func fill(_ document: JSONValue) {
        kept.withLock { $0 = document }
    }
}
