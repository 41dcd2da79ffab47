/// The one error type of Atoll: numbered, and made of what is wrong, where, what was wanted and how to fix it.
///
/// Equality is by catalogue entry, so tests compare numbers and not sentences. Texts never carry row values, labels,
/// keys or secrets: name the column, the path or the allowed range instead of the value.
public struct Fault: Error, Sendable {
    /// The catalogue entry this fault is an occurrence of.
    public let entry: FaultEntry
    /// What is wrong, with the names involved; the entry's title when nothing more is known.
    public let what: String
    /// Where: a path inside a document, a file, a flag, a route.
    public private(set) var place: String?
    /// What would have been accepted.
    public let wanted: String?
    /// What to do.
    public let fix: String
    /// Several faults found in one document or one check; empty for a single fault.
    public let parts: [Fault]
    /// Where in the source it was thrown, for logs only.
    public let source: String

    public init(
        _ entry: FaultEntry,
        _ what: String? = nil,
        at place: String? = nil,
        wanted: String? = nil,
        fix: String? = nil,
        parts: [Fault] = [],
        file: String = #fileID,
        line: Int = #line
    ) {
        self.entry = entry
        self.what = what ?? entry.title
        self.place = place
        self.wanted = wanted
        self.fix = fix ?? entry.fix
        self.parts = parts
        self.source = "\(file):\(line)"
    }

    public var number: FaultNumber { entry.number }

    /// The same fault with its place told more exactly.
    public func placed(at place: String) -> Fault {
        var fault = self
        fault.place = place
        return fault
    }

    /// The single faults that this one stands for: itself, unless it has parts.
    public var leaves: [Fault] {
        parts.isEmpty ? [self] : parts.flatMap(\.leaves)
    }

    /// Whether this is an occurrence of the entry: `catch let fault as Fault where fault.is(ResourceFaults.conflict)`.
    public func `is`(_ entry: FaultEntry) -> Bool {
        number == entry.number
    }
}

extension Fault: Equatable {
    public static func == (left: Fault, right: Fault) -> Bool {
        left.number == right.number
    }
}

extension Fault: CustomStringConvertible {
    /// Several lines for a person: `ATL-1003 …`, then `where:`, `wanted:`, `fix:` as far as known.
    public var description: String {
        var lines = ["\(number) \(what)"]
        if let place { lines.append("  where:  \(place)") }
        if let wanted { lines.append("  wanted: \(wanted)") }
        if parts.isEmpty {
            lines.append("  fix:    \(fix)")
        } else {
            for part in parts {
                lines += part.description.split(separator: "\n").map { "  " + $0 }
            }
        }
        return lines.joined(separator: "\n")
    }
}
