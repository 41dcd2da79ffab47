import Logging
import NIOCore

/// Stands first in the listening socket's pipeline and tells, at most once a minute, that connections cannot be taken:
/// no descriptors or no memory left. The library's own handler behind it then waits a second and tries again, so the
/// listener outlives the shortage.
final class AcceptWatch: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private static let period = TimeAmount.seconds(60)

    private let logger: Logger
    private var lastTold: NIODeadline?

    init(_ logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError {
            LinkMeters.notAccepted()
            if isDue(.now()) {
                let reason = RemoteFault.readable(error.description)
                logger.error("no peer can connect", metadata: ["reason": "\(reason)"])
            }
        }
        context.fireErrorCaught(error)
    }

    private func isDue(_ now: NIODeadline) -> Bool {
        if let lastTold, now - lastTold < Self.period { return false }
        lastTold = now
        return true
    }
}
