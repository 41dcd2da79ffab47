import HTTPTypes
public import Hummingbird
import NIOCore
import People
import Resources
import Synchronization

/// The only way by which routes of `/api/v1` come into being: each says what it asks of its caller, and the door asks.
///
/// A route without a demand cannot be written, since there is no other way to the router; a route that the API's
/// description does not know, or knows and is not there, stops the program when it starts.
public struct Door {
    /// One route as it was registered.
    struct Entry: Sendable {
        let method: HTTPRequest.Method
        /// As the API's description writes it: `/api/v1/peers/{name}/revoke`.
        let path: String
        let demand: Demand
        /// Stands for paths that are described one by one.
        let isPattern: Bool
        /// Whether a change may be sent under a key; safe methods need none.
        let keys: RequestKeyUse
    }

    /// What was registered so far.
    private final class Book: Sendable {
        let entries = Mutex<[Entry]>([])
    }

    /// What of a route the audit keeps, beside every refusal.
    public enum Audited: Sendable {
        /// Changes, and reads of rows; by method and demand.
        case usual
        case login
        /// What leaves in bulk.
        case read
        /// Parts of something that is kept as a whole.
        case never
    }

    public typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    private let group: RouterGroup<APIContext>
    private let resources: ResourceService
    private let audit: AuditLog?
    private let streamPace: Duration
    private let keys: RequestKeys?
    private let book = Book()

    /// - Parameter streamPace: how often the caller of a stream has to prove itself again.
    init(
        _ group: RouterGroup<APIContext>, resources: ResourceService, audit: AuditLog?, keys: RequestKeys?,
        streamPace: Duration
    ) {
        self.group = group
        self.resources = resources
        self.audit = audit
        self.keys = keys
        self.streamPace = streamPace
    }

    var entries: [Entry] { book.entries.withLock { $0 } }

    public func get(
        _ path: RouterPath, asks demand: Demand, audited: Audited = .usual, use handler: @escaping Handler
    ) {
        on(.get, path, asks: demand, audited, .refused, use: handler)
    }

    public func post(
        _ path: RouterPath, asks demand: Demand, audited: Audited = .usual, keys: RequestKeyUse = .taken,
        use handler: @escaping Handler
    ) {
        on(.post, path, asks: demand, audited, keys, use: handler)
    }

    public func put(
        _ path: RouterPath, asks demand: Demand, audited: Audited = .usual, keys: RequestKeyUse = .taken,
        use handler: @escaping Handler
    ) {
        on(.put, path, asks: demand, audited, keys, use: handler)
    }

    public func delete(
        _ path: RouterPath, asks demand: Demand, audited: Audited = .usual, keys: RequestKeyUse = .taken,
        use handler: @escaping Handler
    ) {
        on(.delete, path, asks: demand, audited, keys, use: handler)
    }

    private func on(
        _ method: HTTPRequest.Method, _ path: RouterPath, asks demand: Demand, _ audited: Audited,
        _ use: RequestKeyUse, use handler: @escaping Handler
    ) {
        let entry = Entry(
            method: method, path: "/api/v1\(path)", demand: demand, isPattern: path.description.contains("{kind}"),
            keys: use)
        book.entries.withLock { $0.append(entry) }
        let keyed = KeyedRequests(keys: keys, use: use)
        let writer = audit.map { AuditWriter(log: $0, route: entry, audited: audited) }
        group.on(path, method: method) { [resources, streamPace] request, context in
            var context = context
            if let prove = context.prove {
                context.standing = Standing(pace: streamPace) { [context] in
                    var context = context
                    context.caller = try await prove()
                    _ = try await demand.check(request, context, resources)
                }
            }
            let response: Response
            var begun: String?
            do {
                let checked = try await demand.check(request, context, resources)
                begun = try await writer?.begin(request, context)
                response = try await keyed.answer(checked, context, handler)
            } catch {
                try await writer?.write(request, context, error, begun)
                throw error
            }
            try await writer?.write(request, context, response, begun)
            return response
        }
    }
}
