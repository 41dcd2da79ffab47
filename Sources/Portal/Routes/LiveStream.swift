import API
import Faults
import HTTPTypes
import Hummingbird
import NIOCore
import People
import Resources
import ServiceLifecycle
import Synchronization

/// What tells a page that it is old: one stream of server-sent events, which says that something changed and never what.
/// The page then asks for itself again.
///
/// `GET /live?kinds=jobs,approvals&every=15`: an event `changed` when a resource of these kinds changes in the place of
/// the page (at most one a second), and at least every so many seconds when that is asked for.
struct LiveStream: Sendable {
    let api: InnerAPI

    private static let mostKinds = 6
    private static let pause = Duration.seconds(1)

    func add(to group: RouterGroup<APIContext>) {
        group.get("live") { request, context in
            do {
                return try await stream(request, context)
            } catch let refusal as Refusal {
                return Response(status: .init(code: refusal.status), headers: [.cacheControl: "no-store"])
            }
        }
    }

    private func stream(_ request: Request, _ context: APIContext) async throws -> Response {
        let visit = try Visit(request, context, api: api)
        guard visit.viewer.isKnown else { return Response(status: .unauthorized, headers: [.cacheControl: "no-store"]) }
        let kinds = (visit.query("kinds") ?? "").split(separator: ",").prefix(Self.mostKinds).map(String.init)
        let every = visit.query("every").flatMap(Int.init).map { max(5, min(300, $0)) }
        // Each watch is the API's own: it lets in whom the lists let in, asks again meanwhile, and ends with the caller's
        // right to see.
        var watches: [Response] = []
        for kind in kinds {
            // What belongs to the platform is in no place, and would never match one.
            let query: [(String, String?)] = [("watch", "true")]
            let watch = try await visit.api.respond(
                "/\(encoded(kind))", Noun(kind).level == .scoped ? visit.placed(query) : query)
            guard watch.status == .ok else { throw Refusal(status: watch.status.code, problem: [:]) }
            watches.append(watch)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { [watches] writer in
                let flag = Flag()
                // Ends with the stream, whichever of the two ends first.
                async let watching: Void = Self.watch(watches, flag)
                try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
                var quiet = 0
                while !flag.isOver {
                    try await Task.sleep(for: Self.pause)
                    quiet += 1
                    if flag.take() || every.map({ quiet >= $0 }) ?? false {
                        quiet = 0
                        try await writer.write(ByteBuffer(string: "event: changed\ndata:\n\n"))
                    } else if quiet.isMultiple(of: 15) {
                        // Keeps what stands between from closing a quiet stream.
                        try await writer.write(ByteBuffer(string: ":\n\n"))
                    }
                }
                _ = await watching
                try await writer.finish(nil)
            })
    }

    /// However a watch ends, the stream does, and the client asks anew.
    private static func watch(_ watches: [Response], _ flag: Flag) async {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                for watch in watches {
                    group.addTask {
                        try? await watch.body.write(Listener(flag: flag))
                        flag.end()
                    }
                }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            flag.end()
        }
    }
}

/// Whether something changed since it was asked last, and whether there is nothing to wait for any more.
private final class Flag: Sendable {
    private let state = Mutex((isUp: false, isOver: false))

    func raise() { state.withLock { $0.isUp = true } }
    func end() { state.withLock { $0.isOver = true } }
    var isOver: Bool { state.withLock { $0.isOver } }
    func take() -> Bool {
        state.withLock { state in
            defer { state.isUp = false }
            return state.isUp
        }
    }
}

/// Listens to a watch of the API: any event but a bookmark is a change.
private struct Listener: ResponseBodyWriter {
    let flag: Flag

    mutating func write(_ buffer: ByteBuffer) async throws {
        let text = String(buffer: buffer)
        if text.hasPrefix("event: "), !text.hasPrefix("event: bookmark") { flag.raise() }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
