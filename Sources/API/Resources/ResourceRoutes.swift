import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// The same routes for every kind: list and watch, create, read, replace, delete, history, diff, rollback.
struct ResourceRoutes {
    let service: ResourceService
    /// The kind of these routes; nil where the path's first part names it.
    private var fixed: KindDefinition?

    init(service: ResourceService) {
        self.service = service
    }

    func add(to door: Door) {
        add(to: door, under: ":kind")
        // The router does not come back from a plain part of a path to a parameter, so a kind that has routes of its own
        // beside these would hide them.
        for kind in service.registry.kinds {
            var routes = self
            routes.fixed = kind
            routes.add(to: door, under: RouterPath(kind.plural))
        }
    }

    private func add(to door: Door, under path: RouterPath) {
        let view = demand { .view(Noun($0.plural)) }
        let manage = demand { .manage(Noun($0.plural)) }
        let viewOne = demand { $0.isPlace ? .viewNamed(Noun($0.plural)) : .view(Noun($0.plural)) }
        door.get(path, asks: view, use: list)
        door.post(path, asks: .document(.manage), use: create)
        let one = path.appendingPath(":name")
        door.get(one, asks: viewOne, use: get)
        door.put(one, asks: manage, use: replace)
        door.delete(one, asks: manage, use: delete)
        door.get(one.appendingPath("history"), asks: viewOne, use: history)
        door.get(one.appendingPath("diff"), asks: viewOne, use: diff)
        door.post(one.appendingPath("rollback"), asks: manage, use: rollback)
    }

    private func demand(_ make: @escaping @Sendable (KindDefinition) -> Demand) -> Demand {
        fixed.map(make) ?? .ofKind(make)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let kind = try kind(context)
        let scope = try request.scope()
        var query = ResourceQuery(
            kind: kind.name,
            tenant: scope.tenant,
            project: scope.project,
            labels: try LabelSelector(request.query("selector") ?? ""),
            limit: Int(try request.number("limit", in: 1...Int64(ResourceQuery.maximumLimit)) ?? 500)
        )
        if try request.flag("watch") {
            return try await WatchStream(store: service.store).response(
                query,
                from: request.headers[.lastEventID] ?? request.query("from"),
                standing: context.standing
            )
        }
        query.pageToken = request.query("continue")
        let page = try await service.store.list(query)
        var body: [String: JSONValue] = [
            "items": .array(page.items.map(\.json)), "resourceVersion": .string(page.version.text),
        ]
        if let token = page.nextToken { body["continue"] = .string(token) }
        return .json(.object(body))
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        let kind = try kind(context)
        let document = try await request.document()
        if let name = document.value["kind"]?.string, name != kind.name {
            throw Fault(
                ProgramFaults.badRequest,
                "The document is not a \(kind.name).",
                at: "kind",
                wanted: kind.name
            )
        }
        let defaults = try request.scope()
        let resource = try await service.create(document, defaults: defaults, by: note(request, context))
        context.subject.add(resource.id)
        var response = Response.resource(resource, status: .created)
        let scope = [("tenant", resource.metadata.scope.tenant), ("project", resource.metadata.scope.project)]
        let parameters = scope.compactMap { name, value in value.map { "\(name)=\($0)" } }.joined(separator: "&")
        response.headers[.location] =
            "/api/v1/\(kind.plural)/\(resource.metadata.name)" + (parameters.isEmpty ? "" : "?\(parameters)")
        return response
    }

    @Sendable private func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try id(request, context)
        let resource = try await service.store.get(id)
        let response = Response.resource(resource)
        if let known = request.headers[.ifNoneMatch], known == response.headers[.eTag] {
            return Response(status: .notModified, headers: [.eTag: known])
        }
        return response
    }

    @Sendable private func replace(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try id(request, context)
        let document = try await request.document()
        let version = request.expectedVersion
        return .resource(try await service.replace(id, with: document, version: version, by: note(request, context)))
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try id(request, context)
        let version = request.expectedVersion
        return .resource(try await service.delete(id, version: version, by: note(request, context)))
    }

    @Sendable private func history(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try id(request, context)
        return .list(try await service.history(of: id).map(\.json))
    }

    @Sendable private func diff(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try id(request, context)
        let newest = try await service.history(of: id).last?.number ?? 1
        let to = try request.number("to", in: 1...Int64.max) ?? newest
        let from = try request.number("from", in: 1...Int64.max) ?? max(1, to - 1)
        return .list(try await service.diff(id, from: from, to: to).map(\.json))
    }

    @Sendable private func rollback(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await request.document().value
        guard let number = body["to"]?.integer else {
            throw Fault(
                ProgramFaults.badRequest,
                "The body does not say which revision.",
                at: "to",
                wanted: "{\"to\": a revision's number}"
            )
        }
        let id = try id(request, context)
        let note = ChangeNote(author: author(context), reason: body["reason"]?.string ?? "")
        return .resource(try await service.rollback(id, to: number, by: note))
    }

    private func kind(_ context: APIContext) throws -> KindDefinition {
        if let fixed { return fixed }
        return try service.registry.kind(try context.parameters.require("kind"), at: "path")
    }

    /// The resource that path and parameters name; tenant and project must be there exactly where the kind has them.
    private func id(_ request: Request, _ context: APIContext) throws -> ResourceID {
        let kind = try kind(context)
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        let scope = try request.scope()
        let (fits, lives, fix) =
            switch kind.scope {
            case .platform: (scope.tenant == nil, "in no tenant", "Leave tenant and project out.")
            case .tenant:
                (
                    scope.tenant != nil && scope.project == nil, "in a tenant and in no project",
                    "Name the tenant, and no project."
                )
            case .project: (scope.project != nil, "in a project of a tenant", "Name the tenant and the project.")
            }
        guard fits else {
            throw Fault(
                ResourceFaults.scopeMismatch,
                "A \(kind.name) lives \(lives).",
                at: "parameters tenant and project",
                fix: fix
            )
        }
        return ResourceID(kind: kind.name, scope: scope, name: name)
    }

    private func note(_ request: Request, _ context: APIContext) -> ChangeNote {
        ChangeNote(author: author(context), reason: request.query("reason") ?? "")
    }
}

/// The caller as revisions record it.
func author(_ context: APIContext) -> String {
    context.caller?.account ?? "unknown"
}

extension KindDefinition {
    /// A tenant or a project: a place that roles are given in, besides being a resource.
    fileprivate var isPlace: Bool { [.tenants, .projects].contains(Noun(plural)) }
}

extension HTTPField.Name {
    static let lastEventID = Self("Last-Event-ID")!
}
