import Faults
import Resources

/// One change that a watch reports.
struct WatchEvent: Sendable, Hashable {
    enum Kind: String, Sendable {
        case added, modified, deleted
        /// Nothing changed; the version to go on from has.
        case bookmark
    }

    let kind: Kind
    /// The version from which a later watch goes on without loss.
    let version: String?
    /// The resource's document; an empty object for bookmarks.
    let resource: JSONValue

    /// - Throws: the fault with which the server ended the watch; `ProgramFaults.strangeAnswer` for anything unknown.
    init(_ event: ServerSentEvent) throws(Fault) {
        let content: JSONValue
        do {
            content = try JSONParser.parse(event.data)
        } catch {
            throw Fault(ProgramFaults.strangeAnswer, "An event of the watch is not JSON.", at: error.place)
        }
        if event.name == "error" {
            throw Fault(problem: content)
                ?? Fault(ProgramFaults.strangeAnswer, "The server ended the watch and gave no reason.")
        }
        guard let kind = Kind(rawValue: event.name), kind == .bookmark || content["metadata"]?["name"]?.string != nil
        else {
            throw Fault(
                ProgramFaults.strangeAnswer,
                "The watch reports an event that is not known.",
                wanted: "added, modified, deleted or bookmark"
            )
        }
        self.kind = kind
        self.version = event.id
        self.resource = content
    }

    /// The shape of one line of `atoll watch -o json`.
    var json: JSONValue {
        ["type": .string(kind.rawValue), "resource": resource]
    }
}
