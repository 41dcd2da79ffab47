import Faults
import Hummingbird
import NIOCore
public import People
import Resources

/// What a route asks of its caller: said where the route is registered, checked in one place, told by the API's
/// description.
public struct Demand: Sendable {
    enum Rule: Sendable {
        /// Nobody has to be known: logging in.
        case nobody
        /// Somebody who is known, whatever the roles.
        case caller
        /// A person who is logged in, not a token.
        case person
        /// A permission, looked for where the noun's level says, at the tenant and project that the query names.
        case permission(Permission)
        /// A permission on the whole installation, also of a noun that lives in tenants.
        case onPlatform(Permission)
        /// A permission on the tenant or project that the path names itself.
        case named(Permission)
        /// A verb on the noun of every document in the body, where the document says that it lives.
        case documents(Permission.Verb, Form)
        /// As the kind that the path names.
        case ofKind(@Sendable (KindDefinition) -> Demand)
    }

    /// How a body of documents is read: by the door exactly as by the handler behind it.
    enum Form: Sendable {
        case json, yaml
    }

    let rule: Rule

    static let nobody = Demand(rule: .nobody)
    static let person = Demand(rule: .person)
    /// Somebody who is known, whatever the roles.
    public static let caller = Demand(rule: .caller)

    public static func view(_ noun: Noun) -> Demand { Demand(rule: .permission(.view(noun))) }
    public static func manage(_ noun: Noun) -> Demand { Demand(rule: .permission(.manage(noun))) }

    /// On the whole installation, whatever the query names.
    static func onPlatform(_ permission: Permission) -> Demand { Demand(rule: .onPlatform(permission)) }

    /// Seeing the one tenant or project that the path names: a role in it is enough.
    static func viewNamed(_ noun: Noun) -> Demand { Demand(rule: .named(.view(noun))) }

    /// Of every document in the body, a file in YAML or JSON.
    static func documents(_ verb: Permission.Verb) -> Demand { Demand(rule: .documents(verb, .yaml)) }
    /// Of the one JSON document in the body.
    static func document(_ verb: Permission.Verb) -> Demand { Demand(rule: .documents(verb, .json)) }

    static func ofKind(_ demand: @escaping @Sendable (KindDefinition) -> Demand) -> Demand {
        Demand(rule: .ofKind(demand))
    }

    /// What the API's description says: `datasets.view`, `documents.manage`, `person`, `caller`, `nobody`.
    var text: String {
        switch rule {
        case .nobody: "nobody"
        case .caller: "caller"
        case .person: "person"
        case .permission(let permission), .named(let permission), .onPlatform(let permission): permission.description
        case .documents(let verb, _): "documents.\(verb.rawValue)"
        case .ofKind: "kind"
        }
    }

    /// Where the permission is looked for, as the API's description says it.
    var level: String? {
        switch rule {
        case .permission(let permission):
            switch permission.noun.level {
            case .platform: "platform"
            case .shared: permission.verb == .view ? "anywhere" : "platform"
            case .scoped: "query"
            }
        case .onPlatform: "platform"
        case .named: "path"
        case .documents: "document"
        default: nil
        }
    }
}

extension Demand {
    /// Checks the caller; returns the request, whose body may have been read and put back.
    ///
    /// - Throws: `PeopleFaults.notSignedIn`, `.forbidden`, `.personOnly`; what is wrong with the documents or with the query.
    func check(_ request: Request, _ context: APIContext, _ resources: ResourceService) async throws -> Request {
        if case .nobody = rule { return request }
        guard let caller = context.caller else { throw Fault(PeopleFaults.notSignedIn) }
        let authority = caller.authority
        switch rule {
        case .nobody, .caller: break
        case .person: guard caller.session != nil else { throw Fault(PeopleFaults.personOnly) }
        case .permission(let permission):
            try Self.check(permission, authority, at: try request.scope())
        case .onPlatform(let permission): try Self.check(permission, authority, in: .platform)
        case .named(let permission):
            try Self.check(permission, authority, in: try Self.named(permission.noun, request, context))
        case .ofKind(let demand):
            let kind = try resources.registry.kind(try context.parameters.require("kind"), at: "path")
            return try await demand(kind).check(request, context, resources)
        case .documents(let verb, let form):
            // The platform's operator may do everything, so that nothing has to be read for it.
            guard authority != .everything else { break }
            let bytes = try await request.bytes()
            let documents =
                switch form {
                case .json: [Document(try JSONParser.parse(bytes))]
                case .yaml: try YAMLReader.documents(bytes, file: request.query("file"))
                }
            let defaults = try request.scope()
            for document in documents {
                let (kind, scope) = try resources.place(of: document, defaults: defaults)
                let permission = Permission(Noun(kind.plural), verb)
                try Self.check(permission, authority, at: kind.scope == .platform ? .platform : scope)
            }
            var request = request
            request.body = RequestBody(buffer: ByteBuffer(bytes: bytes))
            return request
        }
        return request
    }

    /// - Parameter scope: what the query or the document names; counts for nouns that live in tenants.
    private static func check(_ permission: Permission, _ authority: Authority, at scope: Scope) throws(Fault) {
        switch permission.noun.level {
        case .platform: try check(permission, authority, in: .platform)
        case .shared where permission.verb == .view:
            guard authority.holdsAnywhere(permission) else { throw refusal(permission, nil) }
        case .shared: try check(permission, authority, in: .platform)
        case .scoped: try check(permission, authority, in: scope)
        }
    }

    private static func check(_ permission: Permission, _ authority: Authority, in scope: Scope) throws(Fault) {
        guard authority.holds(permission, in: scope) else { throw refusal(permission, scope) }
    }

    /// Tells what was asked for, which the caller said itself, and nothing about what is there.
    private static func refusal(_ permission: Permission, _ scope: Scope?) -> Fault {
        let place = scope.map { $0 == .platform ? "on the platform" : "in \($0)" } ?? "anywhere"
        let isWide = permission.noun.level == .scoped && scope == .platform
        return Fault(
            PeopleFaults.forbidden, "The caller does not have \(permission) \(place).", at: "caller",
            wanted: "a role with \(permission) \(place)",
            fix: isWide ? "Name the tenant and the project of the request, or ask for a role on the platform." : nil)
    }

    /// A tenant or a project as a place: what is named `x` is looked at with the roles in `x`.
    private static func named(_ noun: Noun, _ request: Request, _ context: APIContext) throws -> Scope {
        let name = try context.parameters.require("name")
        try Names.check(name, at: "path")
        return noun == .tenants ? Scope(tenant: name) : Scope(tenant: try request.scope().tenant, project: name)
    }
}
