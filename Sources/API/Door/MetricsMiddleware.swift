import Hummingbird
import Logging
import Metrics

/// Counts requests by method, route and status, and times them. The route is the pattern, so that names in paths do not
/// become labels.
struct RequestMetrics: RouterMiddleware {
    typealias Context = APIContext

    @concurrent
    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let route = context.endpointPath ?? "none"
        let dimensions = [("method", request.method.rawValue), ("route", route)]
        Counter(label: "http_requests", dimensions: dimensions + [("status", "\(response.status.code)")]).increment()
        let timer = Metrics.Timer(label: "http_request_seconds", dimensions: dimensions)
        timer.recordNanoseconds(nanoseconds(since: start))
        context.logger.debug(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)", "route": "\(route)", "status": "\(response.status.code)",
                "user": "\(context.caller?.account ?? "")",
            ]
        )
        return response
    }
}

private func nanoseconds(since start: ContinuousClock.Instant) -> Int64 {
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
}
