import Faults
import Hummingbird
import People
import Resources

/// Applies a whole file, YAML or JSON, as it is: the server reads it, so that every client gets the same messages with
/// the file's own line numbers.
struct ApplyRoutes {
    let service: ResourceService

    func add(to door: Door) {
        door.post("apply", asks: .documents(.manage), use: apply)
    }

    @Sendable private func apply(_ request: Request, _ context: APIContext) async throws -> Response {
        let file = request.query("file").map { String($0.prefix(200)) }
        let bytes = try await request.bytes()
        let documents = try YAMLReader.documents(bytes, file: file)
        guard !documents.isEmpty else {
            throw Fault(ResourceFaults.syntax, "There is no document.", at: file, wanted: "one document or more")
        }
        let defaults = try request.scope()
        let isDryRun = try request.flag("dryRun")
        let note = ChangeNote(author: author(context), reason: request.query("reason") ?? "")
        let applied = try await service.apply(documents, defaults: defaults, by: note, dryRun: isDryRun)
        for one in applied { context.subject.add(one.resource.id) }
        if isDryRun { context.subject.add("dry run") }
        return .list(
            applied.map { one in
                [
                    "action": .string(one.action.rawValue), "changes": .array(one.changes.map(\.json)),
                    "resource": one.resource.json,
                ]
            }
        )
    }
}
