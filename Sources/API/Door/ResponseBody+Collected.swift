import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension ResponseBody {
    /// The whole of a body that comes to an end by itself.
    func collected() async throws -> ByteBuffer {
        let collector = BodyCollector()
        try await write(collector)
        return collector.buffer.withLock { $0 }
    }
}

private final class BodyCollector: ResponseBodyWriter, Sendable {
    let buffer = Mutex(ByteBuffer())

    func write(_ more: ByteBuffer) async throws {
        buffer.withLock { _ = $0.writeImmutableBuffer(more) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
