import Data
import Sites

/// Requests for grants between this site and its peers.
extension Federation {
    /// How this site speaks with its peers about access.
    var accessWay: AccessWay {
        AccessWay(
            call: { [hub] in try await hub.call($0, $1, of: $2) },
            site: { [book] in book.find(named: $0)?.site }, name: { [book] in book.find($0)?.name })
    }

    /// Has the peers' calls about access answered; once, before the first link.
    func answerAccess(_ desk: AccessDesk) {
        for method in AccessMessages.all {
            hub.serve(method) { caller, body in try await desk.answer(method, body, of: caller) }
        }
    }
}
