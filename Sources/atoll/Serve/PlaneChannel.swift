import Hummingbird
import HummingbirdCore
import Logging
import Metrics
import NIOCore
import NIOSSL
import Sites

/// One connection to a plane: closed before anything is read when its address is not allowed, then TLS, then HTTP.
struct PlaneChannel: ServerChildChannel {
    let plane: Plane
    let allow: AllowList
    let certificate: PlaneCertificate?
    let crowd: Crowd
    let base: PacedChannel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        guard let address = channel.remoteAddress.flatMap(IPAddress.init(_:)), allow.allows(address) else {
            Counter(label: "plane.not_allowed", dimensions: [("plane", plane.rawValue)]).increment()
            return channel.close().flatMapThrowing { throw ChannelError.alreadyClosed }
        }
        guard crowd.admit(address) else {
            Counter(label: "plane.crowded", dimensions: [("plane", plane.rawValue)]).increment()
            return channel.close().flatMapThrowing { throw ChannelError.alreadyClosed }
        }
        channel.closeFuture.whenComplete { [crowd] _ in crowd.leave(address) }
        return channel.eventLoop.makeCompletedFuture {
            if let certificate {
                let handler = NIOSSLServerHandler(context: try certificate.context())
                try channel.pipeline.syncOperations.addHandler(handler)
            }
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
