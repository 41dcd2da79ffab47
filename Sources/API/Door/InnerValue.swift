import HTTPTypes
import Resources
import Synchronization

/// What a route answers a page of the same site: the value itself, so that it is not written as JSON and read again.
///
/// It is in force for one request that is answered within `InnerAPI.answer`; the answer's header says which value is its
/// own, since a route may make several and give one.
final class InnerValue: Sendable {
    @TaskLocal static var current: InnerValue?

    static let header = HTTPField.Name("Atoll-Inner-Value")!

    private let kept = Mutex<[JSONValue]>([])

    /// - Returns: what the header says; nil for a value that JSON has no form for, which is to be written instead.
    func keep(_ value: JSONValue) -> String? {
        guard value.isFinite else { return nil }
        return kept.withLock { kept in
            kept.append(value)
            return "\(kept.count - 1)"
        }
    }

    /// - Parameter header: of the answer; nil for one that was written.
    func value(_ header: String?) -> JSONValue? {
        guard let number = header.flatMap({ Int($0) }) else { return nil }
        return kept.withLock { $0.indices.contains(number) ? $0[number] : nil }
    }
}

extension JSONValue {
    /// Whether every number in it is finite.
    fileprivate var isFinite: Bool {
        switch self {
        case .number(let number): number.isFinite
        case .array(let elements): elements.allSatisfy(\.isFinite)
        case .object(let members): members.values.allSatisfy(\.isFinite)
        case .null, .bool, .integer, .string: true
        }
    }
}
