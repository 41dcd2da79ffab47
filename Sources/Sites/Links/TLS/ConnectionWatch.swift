import Faults
import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind TLS in a connection's pipeline: tells how the handshake ended, and ends connections whose handshake
/// takes too long or proved nobody.
final class ConnectionWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    let proof: ConnectionProof
    private var deadline: Scheduled<Void>?

    init(_ proof: ConnectionProof) {
        self.proof = proof
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let proof = proof
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(LinkLimits.opening)) {
            proof.refuse(Fault(LinkFaults.handshake, "The TLS handshake took too long."))
            if proof.identity == nil { channel.close(promise: nil) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let chosen)? = event as? TLSUserEvent {
            deadline?.cancel()
            proof.finished(chosen: chosen)
            guard proof.identity != nil else {
                context.close(promise: nil)
                return
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Nothing reaches HTTP/2 from someone who is not proven, whatever the order of handlers and events.
        guard proof.identity != nil else {
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOSSLError || error is BoringSSLError || proof.identity == nil {
            proof.object(Fault(LinkFaults.handshake, Self.sentence(error)))
        }
        context.fireErrorCaught(error)
        if proof.identity == nil { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        proof.refuse(Fault(LinkFaults.handshake, "The connection was closed before TLS was established."))
        context.fireChannelInactive()
    }

    /// The library's words for what failed, which name alerts and versions and hold nothing of the other side's bytes.
    private static func sentence(_ error: any Error) -> String {
        let detail = RemoteFault.readable(String(describing: error)).prefix(200)
        return "The TLS handshake failed: \(detail)"
    }
}
