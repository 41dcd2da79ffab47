import Faults
import Synchronization

/// What the TLS handshake of one connection proved: who the other end is, and with which leaf this end answered.
/// Thread-safe; nothing of it can be set from outside the handshake.
///
/// A resumed session verifies no certificate, proves nobody here, and is refused for that.
final class ConnectionProof: Sendable {
    /// How the handshake ended.
    let outcome = Latch<Result<PresentedIdentity, Fault>>()
    private let state = Mutex(State())

    /// The other end, once the handshake is over and has held.
    var identity: PresentedIdentity? {
        guard case .success(let identity) = outcome.value else { return nil }
        return identity
    }

    /// SHA-256 of the leaf that this end authenticated with.
    var ownLeaf: [UInt8] { state.withLock { $0.ownLeaf } }

    func presents(_ leaf: Leaf) {
        state.withLock { $0.ownLeaf = leaf.fingerprint }
    }

    /// The certificates are in order; that the other end holds the key is known when the handshake is over.
    func verified(_ identity: PresentedIdentity) {
        state.withLock { $0.verified = identity }
    }

    /// Ends the proof without one; only the first reason counts, and none after the handshake held.
    func refuse(_ fault: Fault) {
        guard outcome.set(.failure(fault)) else { return }
        state.withLock { $0.report }?.body(fault)
    }

    /// What the other end said against this connection after the handshake held here: with TLS 1.3 a server refuses a
    /// client's certificate only then.
    var objection: Fault? { state.withLock { $0.objection } }

    func object(_ fault: Fault) {
        refuse(fault)
        state.withLock { state in
            if state.objection == nil { state.objection = fault }
        }
    }

    /// Called at most once, with the reason of a handshake that did not hold.
    func onRefusal(_ body: @escaping @Sendable (Fault) -> Void) {
        state.withLock { $0.report = Report(body: body) }
    }

    /// TLS is over.
    ///
    /// - Parameter chosen: the protocol that ALPN chose.
    func finished(chosen: String?) {
        guard chosen == "h2" else {
            refuse(Fault(LinkFaults.handshake, "The other end does not speak HTTP/2.", at: "ALPN", wanted: "h2"))
            return
        }
        guard let identity = state.withLock({ $0.verified }) else {
            refuse(Fault(LinkFaults.handshake, "The other end resumed a session.", wanted: "a full handshake"))
            return
        }
        outcome.set(.success(identity))
    }

    private struct Report {
        let body: @Sendable (Fault) -> Void
    }

    private struct State {
        var ownLeaf: [UInt8] = []
        var verified: PresentedIdentity?
        var report: Report?
        var objection: Fault?
    }
}
