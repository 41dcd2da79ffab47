import Faults
import HTTPTypes
import Hummingbird
import NIOCore
import Resources
import ServiceLifecycle

/// A watch as server-sent events (WHATWG HTML, section 9.2). Ends when the client goes, the server stops, or the watch
/// fails; a failure is the last event and carries a problem.
struct WatchStream {
    let store: any ResourceStore

    /// - Parameters:
    ///   - version: where to begin; nil begins now.
    ///   - standing: of the caller, who is asked again with the events; a quiet watch has bookmarks.
    /// - Throws: `ResourceFaults.tooOld`, `.invalidVersion`, as a problem before the stream begins.
    func response(_ query: ResourceQuery, from version: String?, standing: Standing) async throws -> Response {
        let watch = try await store.watch(query, from: version.map(ResourceVersion.init))
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                var standing = standing
                do {
                    // An empty comment opens the stream, so that the client knows that it stands.
                    try await writer.write(ByteBuffer(string: ":\n\n"))
                    for try await event in watch.cancelOnGracefulShutdown() {
                        try await standing.renew()
                        try await writer.write(Self.frame(event))
                    }
                } catch let fault as Fault {
                    try await writer.write(Self.frame("error", id: nil, Problem.json(fault)))
                }
                try await writer.finish(nil)
            }
        )
    }

    private static func frame(_ event: WatchEvent) -> ByteBuffer {
        frame(event.kind.rawValue, id: event.version.text, event.resource?.json ?? [:])
    }

    /// Compact JSON has no line breaks, so one data line is enough.
    private static func frame(_ name: String, id: String?, _ data: JSONValue) -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: \(name)\n")
        if let id { buffer.writeString("id: \(id)\n") }
        buffer.writeString("data: ")
        buffer.writeBytes(JSONWriter.compact(data))
        buffer.writeString("\n\n")
        return buffer
    }
}
