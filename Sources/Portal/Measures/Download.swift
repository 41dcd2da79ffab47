import HTTPTypes
import Hummingbird
import NIOCore
import Resources
import Synchronization

extension SiteCalls {
    /// What the API gives at a path, as a file to keep.
    ///
    /// - Parameter name: of the file; of letters, digits, `.` and `-`, others become `-`.
    /// - Throws: `Refusal` for every problem.
    func download(_ path: String, _ query: Query = [], as name: String) async throws -> Response {
        var response = try await respond(path, query)
        guard response.status.code < 400 else {
            let collector = ProblemCollector()
            try await response.body.write(collector)
            let bytes = collector.bytes.withLock { $0 }
            throw Refusal(status: response.status.code, problem: (try? JSONParser.parse(bytes)) ?? [:])
        }
        response.headers[.contentDisposition] = Self.attachment(name)
        return response
    }

    static func attachment(_ name: String) -> String {
        let safe = String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "-" })
        return "attachment; filename=\"\(safe)\""
    }
}

/// Problems are short.
private final class ProblemCollector: ResponseBodyWriter, Sendable {
    let bytes = Mutex<[UInt8]>([])

    func write(_ buffer: ByteBuffer) async throws {
        bytes.withLock { $0 += Array(buffer: buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
