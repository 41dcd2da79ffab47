import Faults
import Ledger

/// A dialled link in the hands of its user: when nobody holds it any more, its session ends by itself.
final class HeldLink: Link {
    private let link: GRPCLink

    init(_ link: GRPCLink) {
        self.link = link
    }

    deinit {
        link.finish(LinkEnd(reason: nil, isLocal: true))
    }

    var peer: SiteID { link.peer }
    var version: UInt32 { link.version }
    var isDialled: Bool { link.isDialled }
    var route: String { link.route }
    var ending: Fault? { link.ending }
    var messages: LinkMessages { link.messages }

    func send(_ message: LinkMessage) async throws {
        try await link.send(message)
    }

    func close(_ reason: Fault?) async {
        await link.close(reason)
    }
}
