import Faults
import GRPCCore
import Ledger

/// One gRPC stream over its own mutual TLS connection.
final class GRPCLink: Link {
    let peer: SiteID
    let version: UInt32
    let isDialled: Bool

    private let writer: RPCWriter<Packet>
    /// Bytes between `send` and the socket.
    private let budget: ByteBudget
    private let inbox = MessagePipe<LinkMessage>(limit: LinkLimits.waiting)
    let end: Latch<LinkEnd>
    /// Set when nothing of the session runs any more.
    let over = Latch<Void>()

    init(
        peer: SiteID, version: UInt32, isDialled: Bool, writer: RPCWriter<Packet>, budget: ByteBudget,
        end: Latch<LinkEnd>
    ) {
        self.peer = peer
        self.version = version
        self.isDialled = isDialled
        self.writer = writer
        self.budget = budget
        self.end = end
    }

    var route: String { isDialled ? "direct" : "reverse" }
    var ending: Fault? { end.value?.reason }

    func send(_ message: LinkMessage) async throws {
        let packet = try EnvelopeCodec.packet(.message(message))
        try await budget.take(packet.size)
        do {
            try await writer.write(packet)
        } catch is CancellationError {
            budget.release(packet.size)
            throw CancellationError()
        } catch {
            budget.release(packet.size)
            if Task.isCancelled { throw CancellationError() }
            throw lost
        }
    }

    var messages: LinkMessages {
        let inbox = inbox
        return LinkMessages { await inbox.next() }
    }

    func close(_ reason: Fault?) async {
        if end.set(LinkEnd(reason: reason, isLocal: true)) {
            budget.fail(lost)
            inbox.finish(lost, dropping: true)
        }
        _ = await over.wait()
    }

    private var lost: Fault {
        Fault(LinkFaults.lost, ending.map { "The link was ended: \($0.what)" })
    }

    /// Takes what arrives until the session ends; called by the session's reading task, once.
    func read(_ rest: inout some AsyncIteratorProtocol<Envelope, any Error>) async {
        do {
            while let envelope = try await rest.next(isolation: #isolation) {
                switch envelope {
                case .message(let message):
                    let size = try message.checkedSize()
                    try await inbox.put(message, size: size)
                case .bye(let number, let text):
                    let reason =
                        number == 0 ? nil : RemoteFault.fault(number: number, text: text, at: "peer \(peer.short)")
                    finish(LinkEnd(reason: reason, isLocal: false))
                    return
                case .hello:
                    throw malformed("hello", wanted: "one greeting")
                }
            }
            finish(LinkEnd(reason: Fault(LinkFaults.lost), isLocal: false))
        } catch {
            finish(LinkEnd.broken(by: error))
        }
    }

    /// Called when the session is over, however it ended.
    func finish(_ end: LinkEnd) {
        self.end.set(end)
        inbox.finish(lost)
        budget.fail(lost)
    }
}

/// How a session ended.
struct LinkEnd: Sendable {
    let reason: Fault?
    /// Whether this side ended it and owes the other a farewell.
    let isLocal: Bool

    /// What the stream threw: a message that is none ends the link from this side, everything else is a loss.
    static func broken(by error: any Error) -> LinkEnd {
        let fault = (error as? Fault) ?? ((error as? RPCError)?.cause as? Fault)
        guard let fault, fault.is(LinkFaults.malformed) else {
            return LinkEnd(reason: Fault(LinkFaults.lost), isLocal: false)
        }
        LinkMeters.malformed()
        return LinkEnd(reason: fault, isLocal: true)
    }

    var farewell: Envelope {
        guard let reason else { return .bye(number: 0, text: "") }
        let (number, text) = RemoteFault.told(reason)
        return .bye(number: number, text: text)
    }
}
