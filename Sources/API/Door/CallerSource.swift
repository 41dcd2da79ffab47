import Faults
public import HTTPTypes
import Hummingbird

/// Finds out who asks, by what a request carries; for callers that no socket makes known.
public protocol CallerSource: Sendable {
    /// - Returns: nil for a request that proves nobody, or nobody any more: it is then answered as one that does not try.
    /// - Parameter isUse: whether it counts as use of a session; not when a stream asks again.
    /// - Throws: what keeps the question from being answered.
    func caller(_ request: HTTPRequest, isUse: Bool) async throws -> Caller?
}

/// Puts the caller into the context. What a route asks of the caller is the door's business.
struct SignInMiddleware: RouterMiddleware {
    typealias Context = APIContext

    let callers: any CallerSource

    @concurrent
    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.caller = try await callers.caller(request.head, isUse: true)
        context.prove = { [callers, head = request.head] in try await callers.caller(head, isUse: false) }
        return try await next(request, context)
    }
}
