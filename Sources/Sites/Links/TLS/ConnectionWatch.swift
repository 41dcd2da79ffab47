import Faults
import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind TLS in a connection's pipeline: tells how the handshake ended, and ends connections whose handshake
/// takes too long or proved nobody, and those from which nothing comes any more.
///
/// gRPC's own keep-alive makes the other end say something in every pause, but does not end what it finds dead: its
/// server waits for calls to finish that never will.
final class ConnectionWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    let proof: ConnectionProof
    /// After so long without a byte the connection is dead.
    private let silence: TimeAmount
    private var deadline: Scheduled<Void>?
    private var check: RepeatedTask?
    private var lastRead = NIODeadline.now()

    init(_ proof: ConnectionProof, silence: Duration) {
        self.proof = proof
        self.silence = TimeAmount(silence)
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
        check?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let chosen)? = event as? TLSUserEvent {
            deadline?.cancel()
            proof.finished(chosen: chosen)
            guard proof.identity != nil else {
                context.close(promise: nil)
                return
            }
            listen(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Nothing reaches HTTP/2 from someone who is not proven, whatever the order of handlers and events.
        guard proof.identity != nil else {
            context.close(promise: nil)
            return
        }
        lastRead = .now()
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
        check?.cancel()
        proof.refuse(Fault(LinkFaults.handshake, "The connection was closed before TLS was established."))
        context.fireChannelInactive()
    }

    private func listen(_ context: ChannelHandlerContext) {
        lastRead = .now()
        let step = TimeAmount.nanoseconds(max(silence.nanoseconds / 8, 1_000_000))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        check = context.eventLoop.scheduleRepeatedTask(initialDelay: step, delay: step) { task in
            let (watch, context) = bound.value
            guard NIODeadline.now() - watch.lastRead > watch.silence else { return }
            task.cancel()
            context.close(promise: nil)
        }
    }

    /// The library's words for what failed, which name alerts and versions and hold nothing of the other side's bytes.
    private static func sentence(_ error: any Error) -> String {
        let detail = RemoteFault.readable(String(describing: error)).prefix(200)
        return "The TLS handshake failed: \(detail)"
    }
}
