import Faults
import Resources

/// The calls between a site that asks for grants and one that has the data. Bodies are JSON, at most `mostBytes`.
public enum AccessMessages {
    /// `{"id", "name", "spec"}` -> an answer. Again with the same id changes nothing.
    static let ask = "access.ask"
    /// `{"id"}` -> an answer.
    static let state = "access.state"
    /// `{"id"}` -> nothing: who asked does not ask any more.
    static let withdraw = "access.withdraw"
    /// `{"id"}` -> nothing: from who was asked to who asked, look at the state.
    static let changed = "access.changed"
    /// Nothing -> `{"items": [{"name", "columns", "ids", "label"}]}`: what is offered to the caller.
    static let offers = "access.offers"

    /// What a site answers.
    public static let all = [ask, state, withdraw, changed, offers]

    static let mostBytes = 1 << 20
    /// Of a request: it is kept for good.
    static let mostOfAsking = 64 << 10

    /// Members of a spec that cross; the rest is each site's own.
    static let terms = ["dataset", "columns", "purpose", "algorithms", "reveals", "uses", "notAfter"]
    /// Of what was granted.
    static let granted = ["columns", "algorithms", "reveals", "uses", "notAfter"]

    static func bytes(_ value: JSONValue) -> [UInt8] { JSONWriter.compact(value) }

    /// - Throws: `LinkFaults.malformed`.
    static func read(_ bytes: [UInt8], atMost most: Int = mostBytes) throws -> JSONValue {
        guard bytes.count <= most, let value = try? JSONParser.parse(bytes), value.object != nil else {
            throw Fault(LinkFaults.malformed, "A message about access cannot be read.")
        }
        return value
    }

    /// The request that a message is about.
    ///
    /// - Throws: `LinkFaults.malformed`.
    static func id(_ value: JSONValue) throws -> String {
        guard let id = value["id"]?.string, ULID.isValid(id) else {
            throw Fault(LinkFaults.malformed, "A message about access names no request.")
        }
        return id
    }
}

/// How a request stands at the site that was asked, as it tells who asked.
struct AccessAnswer: Sendable, Hashable {
    var state: AccessRequest.State
    /// In the words of who decided; one line.
    var reason = ""
    /// What was granted: columns, algorithms, reveals, uses, notAfter.
    var granted: JSONValue?

    init(_ state: AccessRequest.State, reason: String = "", granted: JSONValue? = nil) {
        (self.state, self.reason, self.granted) = (state, reason, granted)
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["state": .string(state.rawValue), "reason": .string(reason)]
        members["granted"] = granted
        return .object(members)
    }

    /// Reads what another site sent: only what is known here, bounded.
    ///
    /// - Throws: `LinkFaults.malformed`.
    init(_ bytes: [UInt8]) throws {
        let value = try AccessMessages.read(bytes)
        guard let state = value["state"]?.string.flatMap(AccessRequest.State.init(rawValue:)), state != .sending else {
            throw Fault(LinkFaults.malformed, "An answer about access cannot be read.")
        }
        self.state = state
        reason = Self.line(value["reason"]?.string ?? "")
        if let granted = value["granted"] {
            func texts(_ member: String) -> JSONValue {
                .array(
                    (granted[member]?.array ?? []).prefix(10_000).compactMap(\.string).map { .string(Self.line($0)) })
            }
            var members: [String: JSONValue] = [:]
            for member in ["columns", "algorithms", "reveals"] { members[member] = texts(member) }
            members["uses"] = granted["uses"]?.integer.map { .integer($0) }
            members["notAfter"] = granted["notAfter"]?.string.flatMap { Timestamp($0) }.map { .string("\($0)") }
            self.granted = .object(members)
        }
    }

    /// One line of at most 500 characters.
    static func line(_ text: String) -> String {
        let shown = text.unicodeScalars.prefix(500).map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: " "
            default: Character(scalar)
            }
        }
        return String(shown)
    }
}
