import Faults
import Ledger
import Resources

/// What this site asks of its peers.
extension AccessDesk {
    /// Tells the peer of a request, or asks how it stands, and writes what it says.
    ///
    /// - Returns: whether the request is over.
    /// - Throws: faults of the way to the peer.
    func sync(_ request: Resource) async throws -> Bool {
        let terms = AccessTerms(request.spec)
        guard let site = way.site(terms.peer) else {
            throw Fault(LinkFaults.lost, "The site is no peer any more.", at: "peer \(terms.peer)")
        }
        let isSent = AccessRequest.state(of: request) != .sending
        let answer: AccessAnswer
        do {
            let bytes =
                isSent
                ? try await way.call(AccessMessages.state, Self.question(request), site)
                : try await way.call(AccessMessages.ask, Self.asking(request), site)
            answer = try AccessAnswer(bytes)
        } catch let fault as Fault where !isSent && Self.isRefusal(fault) {
            answer = AccessAnswer(.refused, reason: "\(fault.number) \(AccessAnswer.line(fault.what))")
        }
        try await resources.store.modifyStatus(request.id) { request in
            guard !AccessRequest.state(of: request).isFinal else { return }
            var status = request.status.object ?? [:]
            status["state"] = .string(answer.state.rawValue)
            status["reason"] = answer.reason.isEmpty ? nil : .string(answer.reason)
            status["granted"] = answer.granted
            status["problem"] = nil
            request.status = .object(status)
        }
        return answer.state.isFinal
    }

    /// What the peer has against the request itself, and not the way to it or trouble of its own.
    private static func isRefusal(_ fault: Fault) -> Bool {
        let passes = [
            LinkFaults.lost, LinkFaults.noAnswer, LinkFaults.unreachable, LinkFaults.busy, LinkFaults.closed,
            LinkFaults.silent, LinkFaults.callFailed, LinkFaults.malformed, GrantFaults.tooManyRequests,
            ResourceFaults.conflict,
        ].contains { fault.is($0) }
        return fault.is(LinkFaults.noMethod) || !passes && fault.entry.status < 500
    }

    /// Tells the peer that nothing is asked any more.
    func withdraw(_ request: Resource) async throws {
        guard let site = way.site(AccessTerms(request.spec).peer) else { return }
        _ = try await way.call(AccessMessages.withdraw, Self.question(request), site)
    }

    /// Tells the peer that its request was answered here.
    func tell(_ request: Resource) async throws {
        guard let site = way.site(AccessTerms(request.spec).peer),
            let id = request.metadata.labels[AccessRequest.label]?.uppercased()
        else { return }
        _ = try await way.call(AccessMessages.changed, AccessMessages.bytes(["id": .string(id)]), site)
    }

    private static func question(_ request: Resource) -> [UInt8] {
        AccessMessages.bytes(["id": .string(request.metadata.uid)])
    }

    private static func asking(_ request: Resource) -> [UInt8] {
        let spec = AccessMessages.terms.reduce(into: [String: JSONValue]()) { $0[$1] = request.spec[$1] }
        return AccessMessages.bytes([
            "id": .string(request.metadata.uid), "name": .string(request.metadata.name), "spec": .object(spec),
        ])
    }
}
