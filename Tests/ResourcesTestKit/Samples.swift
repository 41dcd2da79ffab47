public import Faults
public import Resources
public import Testing

/// Resources and notes that the checks use.
public enum Sample {
    public static let note = ChangeNote(author: "suite", reason: "check")

    public static func id(_ name: String, kind: String = "Widget", in scope: Scope = .platform) -> ResourceID {
        ResourceID(kind: kind, scope: scope, name: name)
    }

    public static func widget(
        _ name: String,
        in scope: Scope = .platform,
        labels: [String: String] = [:],
        spec: JSONValue = ["size": 1],
        finalizers: [String] = [],
        owners: [Resource] = []
    ) -> Resource {
        var resource = Resource(id(name, in: scope), labels: labels, spec: spec)
        resource.metadata.finalizers = finalizers
        resource.metadata.owners = owners.map { OwnerReference($0) }
        return resource
    }
}

extension ResourceStore {
    /// Reads, changes and updates, again after a conflict.
    @discardableResult
    public func change(_ id: ResourceID, _ body: @Sendable (inout Resource) -> Void) async throws -> Resource {
        while true {
            var resource = try await get(id)
            body(&resource)
            do {
                return try await update(resource, by: Sample.note)
            } catch let fault as Fault where fault.is(ResourceFaults.conflict) {
                continue
            }
        }
    }

    /// The names on all pages of a list.
    public func names(_ query: ResourceQuery = ResourceQuery()) async throws -> [String] {
        try await listAll(query).items.map(\.metadata.name)
    }
}

/// Expects the call to end with the fault.
public func expectFault(
    _ entry: FaultEntry,
    _ what: Comment? = nil,
    at location: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("expected \(entry.number) \(entry.name), nothing was thrown", sourceLocation: location)
    } catch let fault as Fault {
        #expect(fault.is(entry), what ?? "\(fault)", sourceLocation: location)
    } catch {
        Issue.record("expected \(entry.number) \(entry.name), got \(error)", sourceLocation: location)
    }
}
