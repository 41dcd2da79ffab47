import ArgumentParser
import Faults
import Resources

/// `atoll delete`: asks for the deletion of resources, and waits for it if wanted.
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete resources by name, or those of a file.",
        usage: """
            atoll delete <kind> <name> ... [<options>]
            atoll delete -f <file> [<options>]
            """,
        discussion: """
            A resource with finalizers stays until their owners have cleaned up; --wait waits for that. The resources of \
            a file are deleted in reverse order, so that what was created last goes first. Unless missing ones are \
            ignored, all must exist before the first is deleted.

            EXAMPLES:
              atoll delete project merchants --tenant retail-risk
              atoll delete tenant/retail-risk tenant/payments --wait
              atoll delete -f tenant.yaml --ignore-missing
            """
    )

    @Argument(help: ArgumentHelp("KIND NAME..., or KIND/NAME...", valueName: "kind"))
    var words: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Delete the resources of a YAML or JSON file; - is standard input.", valueName: "file")
    )
    var file: String?

    @OptionGroup var scope: ScopeOptions

    @Flag(name: .long, help: "Wait until the resources are gone.")
    var wait = false

    @Option(name: .long, help: ArgumentHelp("How long to wait at most.", valueName: "seconds"))
    var timeout: Int = 60

    @Flag(name: .long, help: "A resource that does not exist is no error.")
    var ignoreMissing = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if words.isEmpty == (file == nil) { throw ValidationError("Give either KIND NAME or -f FILE.") }
        if !(1...86_400).contains(timeout) { throw ValidationError("--timeout takes 1 to 86400 seconds.") }
    }

    func run() async throws {
        let targets = try file == nil ? named() : documents()
        try await connection.connect { client in
            for target in try await existing(targets, client) {
                try await delete(target, client)
            }
        }
    }

    /// The targets that are there: unless missing ones are ignored, all must be before the first is deleted.
    private func existing(_ targets: [DeletionTarget], _ client: APIClient) async throws -> [DeletionTarget] {
        var found: [DeletionTarget] = []
        for target in targets {
            do {
                _ = try await client.get(target.path)
                found.append(target)
            } catch let fault as Fault where ignoreMissing && fault.is(ResourceFaults.notFound) {
                Console.note("\(TerminalText.line(target.title)) does not exist.")
            }
        }
        return found
    }

    /// That a resource goes by itself once what was inside is deleted is no error.
    private func delete(_ target: DeletionTarget, _ client: APIClient) async throws {
        let resource: JSONValue
        do {
            resource = try await client.delete(target.path)
        } catch let fault as Fault where fault.is(ResourceFaults.notFound) {
            return try Console.write("\(TerminalText.line(target.title)) deleted")
        }
        let title = TerminalText.line(ResourceText(resource).title)
        guard ResourceText(resource).isBeingDeleted else { return try Console.write("\(title) deleted") }
        guard wait else {
            let names = (resource["metadata"]?["finalizers"]?.array ?? []).compactMap(\.string).map(TerminalText.line)
            let reason = names.isEmpty ? "" : ", waiting for " + names.joined(separator: ", ")
            return try Console.write("\(title) is being deleted\(reason)")
        }
        try await DeletionWait(client, target, uid: ResourceText(resource).uid).run(seconds: timeout)
        try Console.write("\(title) deleted")
    }

    private func named() throws(Fault) -> [DeletionTarget] {
        let target = try Target(words)
        guard !target.names.isEmpty else {
            throw Fault(
                ProgramFaults.usage,
                "The name of the \(target.kind) is missing.",
                wanted: "KIND NAME or KIND/NAME, such as `tenant retail-risk`"
            )
        }
        return target.names.map {
            DeletionTarget(kind: target.kind, name: $0, tenant: scope.tenant, project: scope.project)
        }
    }

    /// Every document must say kind and name before the first resource is deleted.
    private func documents() throws(Fault) -> [DeletionTarget] {
        let title = ApplyCommand.title(file!)
        var targets: [DeletionTarget] = []
        for (index, document) in try YAMLReader.documents(try FileInput.read(file!), file: title).enumerated() {
            for path in [["kind"], ["metadata", "name"]] {
                let value = path.reduce(document.value as JSONValue?) { $0?[$1] }
                guard value?.string != nil else {
                    throw Fault(
                        ResourceFaults.missingField,
                        "Document \(index + 1) of \(title) has no \(path.joined(separator: ".")).",
                        at: path.joined(separator: ".")
                    )
                }
            }
            let metadata = document.value["metadata"]
            targets.append(
                DeletionTarget(
                    kind: document.value["kind"]!.string!,
                    name: metadata!["name"]!.string!,
                    tenant: metadata?["tenant"]?.string ?? scope.tenant,
                    project: metadata?["project"]?.string ?? scope.project
                )
            )
        }
        if targets.isEmpty { throw Fault(ResourceFaults.syntax, "There is no document.", at: title) }
        return targets.reversed()
    }
}

/// One resource that is to go.
struct DeletionTarget: Sendable, Hashable {
    let kind: String
    let name: String
    let tenant: String?
    let project: String?

    var path: APIPath { APIPath(kind, name, query: ["tenant": tenant, "project": project]) }

    var title: String {
        ResourceID(kind: kind, scope: Scope(tenant: tenant, project: project), name: name).description
    }
}
