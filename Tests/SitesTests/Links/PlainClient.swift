import NIOCore
import NIOPosix

/// A TCP client without TLS.
enum PlainClient {
    /// Sends the bytes and returns what comes back until the other side hangs up.
    ///
    /// - Parameter waiting: hangs up at once instead.
    static func send(_ bytes: [UInt8], to port: Int, waiting: Bool = true) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try? await outbound.write(ByteBuffer(bytes: bytes))
            guard waiting else { return [] }
            var answer: [UInt8] = []
            do {
                for try await buffer in inbound { answer += Array(buffer.readableBytesView) }
            } catch {
                // Hanging up may reset the connection.
            }
            return answer
        }
    }
}
