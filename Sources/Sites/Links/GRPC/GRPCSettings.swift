import GRPCCore
import GRPCNIOTransportHTTP2Posix
import NIOCore

/// The transport's settings, the same at both ends. Each was measured; the library's defaults are slow on long links,
/// let memory grow behind a slow receiver, and see a dead peer after two hours.
enum GRPCSettings {
    /// With a fixed buffer the receiver stays fast when it falls behind; the adaptive one does not.
    static let receiveBuffer = 1 << 20

    static func client(
        _ tuning: LinkTuning, _ keepAlive: LinkKeepAlive, onStream: @escaping @Sendable (any Channel) -> Void
    ) -> HTTP2ClientTransport.WrappedChannel.Config {
        .defaults { config in
            config.http2.targetWindowSize = tuning.window
            config.connection.maxIdleTime = nil
            config.connection.flushCoalescing = nil
            config.connection.keepalive = HTTP2ClientTransport.Config.Keepalive(
                time: keepAlive.time, timeout: keepAlive.timeout, allowWithoutCalls: true)
            config.channelDebuggingCallbacks.onCreateHTTP2Stream = { channel in
                channel.eventLoop.makeCompletedFuture { onStream(channel) }
            }
        }
    }

    /// - Parameter Sockets: whatever listens; the settings are those of the custom transport around it.
    static func server<Sockets: HTTP2ServerTransport.ListenerFactory>(
        _ tuning: LinkTuning, _ keepAlive: LinkKeepAlive, for sockets: Sockets.Type,
        onStream: @escaping @Sendable (any Channel) throws -> Void
    ) -> HTTP2ServerTransport.Custom<Sockets>.Config {
        var config = HTTP2ServerTransport.Custom<Sockets>.Config.defaults
        config.http2.targetWindowSize = tuning.window
        config.http2.maxConcurrentStreams = 4
        config.rpc.maxRequestPayloadSize = LinkLimits.message
        config.connection.flushCoalescing = nil
        // Connections without a call: strangers between a handshake and a request.
        config.connection.maxIdleTime = .seconds(30)
        // Those that do not answer the farewell of an idle connection; one that speaks no HTTP/2 never does.
        config.connection.maxGraceTime = .seconds(5)
        config.connection.keepalive = HTTP2ServerTransport.Config.Keepalive(
            time: keepAlive.time, timeout: keepAlive.timeout,
            clientBehavior: HTTP2ServerTransport.Config.ClientKeepaliveBehavior(
                minPingIntervalWithoutCalls: keepAlive.time / 5, allowWithoutCalls: true))
        config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { channel in
            channel.eventLoop.makeCompletedFuture { try onStream(channel) }
        }
        return config
    }

    static var call: CallOptions {
        var options = CallOptions.defaults
        // The limit of what is received, whatever the name says.
        options.maxRequestMessageBytes = LinkLimits.message
        options.maxResponseMessageBytes = LinkLimits.message
        options.waitForReady = false
        return options
    }
}

/// How a dead peer is noticed: after `time` without anything from it it is asked, and has `timeout` to answer.
struct LinkKeepAlive: Sendable, Hashable {
    var time: Duration
    var timeout: Duration

    /// 8 seconds at most; 15 are promised.
    static let standard = LinkKeepAlive(time: .seconds(5), timeout: .seconds(3))
}
