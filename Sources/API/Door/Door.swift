import HTTPTypes
public import Hummingbird
import NIOCore
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
    }

    /// What was registered so far.
    private final class Book: Sendable {
        let entries = Mutex<[Entry]>([])
    }

    public typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    private let group: RouterGroup<APIContext>
    private let resources: ResourceService
    private let book = Book()

    init(_ group: RouterGroup<APIContext>, resources: ResourceService) {
        self.group = group
        self.resources = resources
    }

    var entries: [Entry] { book.entries.withLock { $0 } }

    public func get(_ path: RouterPath, asks demand: Demand, use handler: @escaping Handler) {
        on(.get, path, asks: demand, use: handler)
    }

    public func post(_ path: RouterPath, asks demand: Demand, use handler: @escaping Handler) {
        on(.post, path, asks: demand, use: handler)
    }

    public func put(_ path: RouterPath, asks demand: Demand, use handler: @escaping Handler) {
        on(.put, path, asks: demand, use: handler)
    }

    public func delete(_ path: RouterPath, asks demand: Demand, use handler: @escaping Handler) {
        on(.delete, path, asks: demand, use: handler)
    }

    private func on(
        _ method: HTTPRequest.Method, _ path: RouterPath, asks demand: Demand, use handler: @escaping Handler
    ) {
        let entry = Entry(
            method: method, path: "/api/v1\(path)", demand: demand, isPattern: path.description.contains("{kind}"))
        book.entries.withLock { $0.append(entry) }
        group.on(path, method: method) { [resources] request, context in
            let checked = try await demand.check(request, context, resources)
            return try await handler(checked, context)
        }
    }
}
