import Faults
public import Ledger
public import Logging
public import Resources

/// How sites become peers: one invites, the other accepts, and both end up with a `Peer` that pins the other's root key
/// and a `Route` that leads there. `docs/protocols/join.md` has the messages and what each step proves.
///
/// Every step that must survive a kill is a row before it is an action; `recover` finishes at the next start what was
/// begun. Time is the clock given. Thread-safe.
public struct Joining: Sendable {
    let identity: SiteIdentity
    let profile: SiteProfile
    let invitations: InvitationStore
    let peers: PeerService
    let transport: any JoinTransport
    let clock: @Sendable () -> Timestamp
    let logger: Logger

    /// How long a code is good for when nobody says otherwise.
    public static let hours = 24
    /// The longest that may be asked for: four weeks.
    public static let mostHours = 672

    public init(
        identity: SiteIdentity, profile: SiteProfile, invitations: InvitationStore, peers: PeerService,
        transport: any JoinTransport, clock: @escaping @Sendable () -> Timestamp = { .now },
        logger: Logger = Logger(label: "joining")
    ) {
        self.identity = identity
        self.profile = profile
        self.invitations = invitations
        self.peers = peers
        self.transport = transport
        self.clock = clock
        self.logger = logger
    }

    /// Makes the peers that were agreed on before the last stop and not made. Called before the first listener opens.
    public func recover() async throws {
        for peer in try await invitations.pending() {
            try await settle(peer)
            logger.notice("joining finished after a restart", metadata: ["peer": "\(peer.site.short)"])
        }
    }

    /// Makes an invitation.
    ///
    /// - Parameters:
    ///   - name: the name that the joiner will have here.
    ///   - addresses: where this site can be reached; the profile's when empty.
    ///   - hours: 1 to `mostHours`.
    /// - Returns: the code: a secret, to be shown once and kept nowhere.
    /// - Throws: `ResourceFaults.invalidName`, `.alreadyExists`, `JoiningFaults.noAddress`,
    ///   `RouteFaults.invalidAddress`, `ProgramFaults.badRequest`, store faults.
    public func invite(
        name: String, addresses: [String], hours: Int, by author: String
    ) async throws -> JoinCode {
        try Names.check(name, at: "name")
        guard (1...Self.mostHours).contains(hours) else {
            throw Fault(
                ProgramFaults.badRequest, "An invitation cannot be open for so long.", at: "hours",
                wanted: "1 to \(Self.mostHours)")
        }
        try await peers.checkFree(name)
        let now = clock()
        let code = try JoinCode.make(
            addresses: addresses.isEmpty ? profile.addresses : addresses, site: identity.id,
            expiry: Timestamp(milliseconds: now.milliseconds + Int64(hours) * 3_600_000))
        try await invitations.add(code, name: name, by: author, now: now)
        logger.notice("invitation made", metadata: ["invitation": "\(code.invitation)", "name": "\(name)"])
        return code
    }

    /// Newest first; those that ended more than 30 days ago are forgotten.
    public func list() async throws -> [Invitation] {
        try await invitations.list(now: clock())
    }

    /// Makes the code of an open invitation useless.
    ///
    /// - Throws: `JoiningFaults.noSuchInvitation`.
    public func withdraw(_ id: String) async throws {
        try await invitations.withdraw(id, now: clock())
        logger.notice("invitation withdrawn", metadata: ["invitation": "\(id)"])
    }

    /// Answers a site that asks to join, as `LinkAcceptor.join` says.
    ///
    /// Whoever does not know the secret of an open invitation learns nothing but that: an unknown invitation and a wrong
    /// proof are refused alike. Asking again from the same site with the same code is answered again.
    ///
    /// - Parameters:
    ///   - root: the site that the other end authenticated as.
    ///   - session: the leaves that both ends authenticated with.
    /// - Throws: `JoiningFaults`, each case its own; store faults.
    public func answer(_ request: [UInt8], root: SiteID, session: JoinSession) async throws -> [UInt8] {
        let message = try JoinMessage(decoding: request)
        let body = try JoinBody(decoding: message.body)
        guard let id = body.invitation else { throw JoinBody.malformed("invitation") }
        let proof = try await proof(of: message, invitation: id, root: root, session: session)
        guard root != identity.id else { throw Fault(JoiningFaults.ownCode) }
        guard body.belongs(to: root) else { throw JoinBody.malformed("rootKey") }
        try await claim(id, for: body, root: root)
        let (newest, addresses) = (identity.leaf.serial, profile.addresses)
        let answer = JoinBody(
            invitation: nil, displayName: profile.displayName, rootKey: identity.rootKey, leafSerial: newest,
            addresses: addresses
        ).encoded
        return JoinMessage(proof: proof.answer(answer, to: message.proof), body: answer).encoded
    }

    /// - Throws: `JoiningFaults.codeRefused`.
    private func proof(
        of message: JoinMessage, invitation id: String, root: SiteID, session: JoinSession
    ) async throws -> JoinProof {
        let verifier = try await invitations.verifier(id)
        // The same work is done for an invitation that is not there.
        let proof = JoinProof(
            secret: verifier?.secret ?? [UInt8](repeating: 0, count: JoinCode.secretBytes),
            code: verifier?.digest ?? [], inviter: identity.id, joiner: root, inviterLeaf: session.ownLeaf,
            joinerLeaf: session.otherLeaf)
        if proof.isRequest(message.proof, of: message.body), verifier != nil { return proof }
        if verifier != nil { try await invitations.countFailure(id) }
        logger.warning("a request to join was refused", metadata: ["site": "\(root.short)"])
        throw Fault(JoiningFaults.codeRefused)
    }

    private func claim(_ id: String, for body: JoinBody, root: SiteID) async throws {
        let known = try await peers.find(site: root)
        if known?.spec["revoked"]?.bool == true { throw Fault(JoiningFaults.peerRevoked, at: "peer") }
        let usedBy = try await invitations.verifier(id)?.usedBy
        if let known, usedBy != root {
            throw Fault(JoiningFaults.alreadyPeer, "The sites are peers already; here it is '\(known.metadata.name)'.")
        }
        let claim = try await invitations.claim(id, by: root, now: clock()) { name in
            PendingPeer(
                site: root, name: name, displayName: body.displayName, rootKey: body.rootKey,
                leafSerial: body.leafSerial, addresses: body.addresses, author: "invitation \(id)")
        }
        switch claim {
        case .claimed:
            logger.notice("invitation used", metadata: ["invitation": "\(id)", "site": "\(root.short)"])
        case .repeated:
            break
        case .refused(.used): throw Fault(JoiningFaults.codeUsed)
        case .refused(.expired): throw Fault(JoiningFaults.codeExpired)
        case .refused(.withdrawn): throw Fault(JoiningFaults.codeWithdrawn)
        case .refused(.unknown): throw Fault(JoiningFaults.codeRefused)
        }
        if let pending = try await invitations.pending().first(where: { $0.site == root }) {
            try await settle(pending)
        } else if known == nil, claim == .repeated {
            // It was a peer and has been deleted since: an old code does not bring it back.
            throw Fault(JoiningFaults.codeUsed)
        }
    }

    /// Makes the peer and forgets that it was pending.
    @discardableResult
    func settle(_ pending: PendingPeer) async throws -> Resource {
        let peer = try await peers.make(pending)
        try await invitations.settled(pending.site)
        return peer
    }
}
