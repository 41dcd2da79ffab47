import Faults
import Ledger

/// One end of a link in memory: two bounded pipes, one each way.
final class InProcessLink: Link {
    let peer: SiteID
    let version: UInt32
    let isDialled: Bool

    private let incoming: MessagePipe<LinkMessage>
    private let outgoing: MessagePipe<LinkMessage>
    /// Shared by both ends: who ended it is told in the sentence.
    private let end: Latch<Ending>

    /// Both ends of a new link.
    static func pair(
        dialling: SiteID, accepting: SiteID, version: UInt32
    ) -> (dialled: InProcessLink, accepted: InProcessLink) {
        let there = MessagePipe<LinkMessage>(limit: LinkLimits.waiting)
        let back = MessagePipe<LinkMessage>(limit: LinkLimits.waiting)
        let end = Latch<Ending>()
        return (
            InProcessLink(
                peer: accepting, version: version, isDialled: true, incoming: back, outgoing: there, end: end),
            InProcessLink(
                peer: dialling, version: version, isDialled: false, incoming: there, outgoing: back, end: end)
        )
    }

    private init(
        peer: SiteID, version: UInt32, isDialled: Bool, incoming: MessagePipe<LinkMessage>,
        outgoing: MessagePipe<LinkMessage>, end: Latch<Ending>
    ) {
        self.peer = peer
        self.version = version
        self.isDialled = isDialled
        self.incoming = incoming
        self.outgoing = outgoing
        self.end = end
    }

    var route: String { isDialled ? "direct" : "reverse" }
    var ending: Fault? { end.value?.reason }

    func send(_ message: LinkMessage) async throws {
        let size = try message.checkedSize()
        try await outgoing.put(message, size: size)
    }

    var messages: LinkMessages {
        let incoming = incoming
        return LinkMessages { await incoming.next() }
    }

    func close(_ reason: Fault?) async {
        guard end.set(Ending(reason: reason)) else { return }
        let lost = Fault(LinkFaults.lost, reason.map { "The link was ended: \($0.what)" })
        outgoing.finish(lost)
        incoming.finish(lost, dropping: true)
    }

    /// As `close`, and what was on its way is gone too, as when a cable is cut.
    func cut() {
        let lost = Fault(LinkFaults.lost)
        guard end.set(Ending(reason: lost)) else { return }
        outgoing.finish(lost, dropping: true)
        incoming.finish(lost, dropping: true)
    }

    private struct Ending {
        let reason: Fault?
    }
}

extension LinkMessage {
    /// What the message counts for where messages wait, in bytes.
    ///
    /// - Throws: `LinkFaults.tooLarge`.
    func checkedSize() throws(Fault) -> Int {
        let content =
            switch self {
            case .frame(let frame): frame.payload.count
            case .request(_, _, let body), .response(_, _, let body): body.count
            case .ready, .acknowledge, .end, .refuse: 0
            }
        guard content <= LinkLimits.payload else {
            throw Fault(
                LinkFaults.tooLarge, "A message has \(content) bytes.", wanted: "at most \(LinkLimits.payload) bytes")
        }
        return content + 256
    }
}
