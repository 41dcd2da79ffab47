import Faults
import People
import Resources

extension Visit {
    /// The way to every spec that a resource had: for the pages of all modules.
    ///
    /// - Parameters:
    ///   - kind: by its plural: `projects`.
    ///   - place: where it lives.
    func historyLink(_ kind: String, _ name: String, in place: Scope) -> HTML {
        tag("a", .class("button quiet"), .href(historyPath(kind, name, in: place))) {
            Words("History of changes", "变更历史")
        }
    }

    func historyPath(_ kind: String, _ name: String, in place: Scope, _ more: [(String, String?)] = []) -> String {
        address("/history", [("kind", kind), ("name", name)] + place.parameters + more)
    }
}

extension Form {
    /// - Throws: `ProgramFaults.badRequest` for a field that nothing was typed into.
    func required(_ name: String) throws -> String {
        if let value = self[name] { return value }
        throw Fault(ProgramFaults.badRequest, "A field is empty.", at: name, wanted: "something in it")
    }
}
