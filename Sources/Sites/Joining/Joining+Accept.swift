import Faults
import Ledger
import Logging
public import Resources
import Synchronization

extension Joining {
    /// Accepts an invitation of another site: dials it, proves to have the code, has it prove that it made the code, and
    /// makes the peer and a direct route to it.
    ///
    /// May be repeated with the same code after a failure or a kill at any point.
    ///
    /// - Parameters:
    ///   - text: the code as it was given; it is kept nowhere.
    ///   - name: the name that the inviter will have here; made from its display name when nil.
    /// - Throws: the faults of reading a code; `JoiningFaults.ownCode`, `.alreadyPeer`, `.peerRevoked`,
    ///   `.inviterNotProven`; the inviter's refusal by its number; `.inviterUnreachable` with what each address answered.
    public func accept(_ text: String, name: String?, by author: String) async throws -> Resource {
        let code = try JoinCode(text)
        guard code.site != identity.id else { throw Fault(JoiningFaults.ownCode) }
        if let name { try Names.check(name, at: "name") }
        if let pending = try await invitations.pending().first(where: { $0.site == code.site }) {
            return try await settle(pending)
        }
        if let known = try await peers.find(site: code.site) {
            if known.spec["revoked"]?.bool == true {
                throw Fault(JoiningFaults.peerRevoked, "'\(known.metadata.name)' has been revoked here.")
            }
            throw Fault(JoiningFaults.alreadyPeer, "The site is '\(known.metadata.name)' here already.")
        }
        if let name { try await peers.checkFree(name) }
        let (inviter, address) = try await exchange(code)
        let others = code.addresses.filter { $0 != address }
        let pending = PendingPeer(
            site: code.site, name: name ?? Self.name(from: inviter.displayName, site: code.site),
            displayName: inviter.displayName, rootKey: inviter.rootKey, leafSerial: inviter.leafSerial,
            addresses: [address] + others, author: author)
        try await invitations.add(pending)
        logger.notice("joined", metadata: ["site": "\(code.site.short)", "invitation": "\(code.invitation)"])
        return try await settle(pending)
    }

    /// Tries the addresses in order.
    ///
    /// - Returns: what the inviter told of itself, proven, and the address that worked.
    private func exchange(_ code: JoinCode) async throws -> (JoinBody, address: String) {
        var failures: [Fault] = []
        for address in code.addresses {
            do {
                return (try await exchange(code, at: address), address)
            } catch let fault as Fault {
                if Self.isInvitersWord(fault) { throw fault }
                logger.info("an address of a join code failed", metadata: ["address": "\(address)"])
                failures.append(
                    Fault(
                        fault.entry, fault.what, at: fault.place.map { "\(address), \($0)" } ?? address,
                        wanted: fault.wanted, fix: fault.fix))
            }
        }
        let isLate = clock() > code.expiry
        throw Fault(
            JoiningFaults.inviterUnreachable,
            "None of the \(code.addresses.count) addresses in the join code could be used."
                + (isLate ? " By this site's clock the code expired at \(code.expiry)." : ""),
            parts: failures)
    }

    private func exchange(_ code: JoinCode, at address: String) async throws -> JoinBody {
        let sent = Mutex<Sent?>(nil)
        let (site, rootKey, profile) = (identity.id, identity.rootKey, self.profile)
        let serial = identity.leaf.serial
        let answer = try await transport.exchange(address: address, pin: code.site) { session in
            let proof = JoinProof(
                secret: code.secret, code: code.digest, inviter: code.site, joiner: site,
                inviterLeaf: session.otherLeaf, joinerLeaf: session.ownLeaf)
            let body = JoinBody(
                invitation: code.invitation, displayName: profile.displayName, rootKey: rootKey, leafSerial: serial,
                addresses: profile.addresses
            ).encoded
            let request = proof.request(body)
            sent.withLock { $0 = Sent(proof: proof, request: request) }
            return JoinMessage(proof: request, body: body).encoded
        }
        let unproven = Fault(JoiningFaults.inviterNotProven, at: address)
        guard let sent = sent.withLock({ $0 }) else { throw unproven }
        let message = try JoinMessage(decoding: answer)
        guard sent.proof.isAnswer(message.proof, of: message.body, to: sent.request) else { throw unproven }
        let body = try JoinBody(decoding: message.body)
        guard body.belongs(to: code.site) else { throw unproven }
        return body
    }

    private struct Sent: Sendable {
        let proof: JoinProof
        let request: [UInt8]
    }

    /// Whether the inviter itself said no, or proved to be none: other addresses would say the same.
    private static func isInvitersWord(_ fault: Fault) -> Bool {
        [
            JoiningFaults.codeExpired, JoiningFaults.codeUsed, JoiningFaults.codeRefused, JoiningFaults.codeWithdrawn,
            JoiningFaults.ownCode, JoiningFaults.alreadyPeer, JoiningFaults.peerRevoked, JoiningFaults.joinVersion,
            JoiningFaults.joinMalformed, JoiningFaults.inviterNotProven,
        ].contains { fault.is($0) }
    }

    /// A resource name: the display name's letters and digits with hyphens between the words.
    static func name(from displayName: String, site: SiteID) -> String {
        var name = ""
        for byte in displayName.lowercased().utf8.prefix(200) {
            switch byte {
            case 0x61...0x7A, 0x30...0x39: name.append(Character(UnicodeScalar(byte)))
            default: if !name.isEmpty, name.last != "-" { name.append("-") }
            }
        }
        name = String(name.prefix(40))
        while name.last == "-" { name.removeLast() }
        return name.isEmpty ? "peer-\(site.short)" : name
    }
}
