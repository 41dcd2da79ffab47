public import Faults
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
public import Resources

/// A fault as the API tells it: RFC 9457 problem details with our number and the four parts of every message.
public enum Problem {
    public static func json(_ fault: Fault) -> JSONValue {
        var members = body(fault)
        members["type"] = .string("https://atoll.dev/errors/\(fault.number)")
        members["status"] = .integer(Int64(fault.entry.status))
        return .object(members)
    }

    /// - Parameter seconds: after which it is worth trying again; a minute for what says that it is too much and not when
    ///   it is not any more.
    static func response(_ fault: Fault, retryAfter seconds: Int? = nil) -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if fault.entry.status == 429 { headers[.retryAfter] = "\(seconds ?? 60)" }
        return Response(
            status: .init(code: fault.entry.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: JSONWriter.compact(json(fault))))
        )
    }

    private static func body(_ fault: Fault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "code": .string(fault.number.description), "name": .string(fault.entry.name),
            "title": .string(fault.entry.title), "detail": .string(fault.what), "fix": .string(fault.fix),
        ]
        if let place = fault.place { members["where"] = .string(place) }
        if let wanted = fault.wanted { members["wanted"] = .string(wanted) }
        if !fault.parts.isEmpty { members["errors"] = .array(fault.parts.map { .object(body($0)) }) }
        return members
    }
}

/// Turns every error into a problem; what has no number is logged and told without its inside.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = APIContext

    @concurrent
    func handle(
        _ request: Request,
        context: APIContext,
        next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let fault as Fault {
            if fault.entry.status >= 500 {
                context.logger.error(
                    "request failed",
                    metadata: [
                        "code": "\(fault.number)", "place": "\(fault.place ?? "")", "source": "\(fault.source)",
                    ]
                )
            }
            return Problem.response(fault)
        } catch let error as HTTPError where error.status == .notFound || error.status == .methodNotAllowed {
            return Problem.response(
                Fault(
                    ProgramFaults.noSuchRoute,
                    "There is no \(request.method.rawValue) \(request.uri.path.prefix(200)).",
                    at: "request"
                )
            )
        } catch let error as HTTPError where error.status == .contentTooLarge {
            return Problem.response(Fault(ResourceFaults.tooLarge, at: "request body"))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
            return Problem.response(Fault(ProgramFaults.unexpected))
        }
    }
}
