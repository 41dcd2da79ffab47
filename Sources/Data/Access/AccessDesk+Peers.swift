import Faults
public import Ledger
import People
import Resources

/// What peers say.
extension AccessDesk {
    /// Requests that one peer may have here that wait, or that it took back within `recent`: every change is kept in the
    /// history, so that asking and taking back without end would fill the disk.
    static let mostOpen = 64
    /// Milliseconds: a day.
    static let recent: Int64 = 24 * 3_600_000
    /// Requests that one peer took back and that are still to be seen here; before another comes the oldest is forgotten.
    static let mostWithdrawn = 64
    /// Milliseconds after a peer's word that something changed, in which it is not listened to again.
    static let deaf: Int64 = 5_000

    /// Answers one call of a peer; `AccessMessages` has their names.
    ///
    /// - Throws: `LinkFaults.malformed`; `GrantFaults.tooManyRequests`; what is wrong with a request.
    public func answer(_ method: String, _ body: [UInt8], of caller: SiteID) async throws -> [UInt8] {
        guard let peer = way.name(caller) else { throw Fault(GrantFaults.missing, "The site is no peer.") }
        let answer: JSONValue
        switch method {
        case AccessMessages.offers: answer = ["items": .array(try await offers(to: peer))]
        case AccessMessages.ask:
            answer = try await take(AccessMessages.read(body, atMost: AccessMessages.mostOfAsking), from: peer).json
        case AccessMessages.state:
            let id = try AccessMessages.id(AccessMessages.read(body))
            answer = (try await incoming(id, from: peer).map(Self.answer) ?? AccessAnswer(.gone)).json
        case AccessMessages.withdraw:
            try await withdraw(AccessMessages.id(AccessMessages.read(body)), from: peer)
            answer = [:]
        case AccessMessages.changed:
            try await hear(AccessMessages.id(AccessMessages.read(body)), from: peer)
            answer = [:]
        default: throw Fault(LinkFaults.noMethod, at: method)
        }
        return AccessMessages.bytes(answer)
    }

    private static func answer(_ request: Resource) -> AccessAnswer {
        AccessAnswer(
            AccessRequest.state(of: request), reason: AccessAnswer.line(request.status["reason"]?.string ?? ""),
            granted: request.status["granted"])
    }

    private func incoming(_ id: String, from peer: String) async throws -> Resource? {
        let query = ResourceQuery(
            kind: AccessRequest.kind.name, labels: try LabelSelector("\(AccessRequest.label)=\(id.lowercased())"))
        return try await resources.store.listAll(query).items.first { Self.isIncoming($0, from: peer) }
    }

    private static func isIncoming(_ request: Resource, from peer: String) -> Bool {
        let terms = AccessTerms(request.spec)
        return terms.direction == .incoming && terms.peer == peer && !request.isBeingDeleted
    }

    /// Keeps a request in the project of the dataset, or with the peer's other things where there is no such dataset: who
    /// asks does not learn by asking whether there is one.
    private func take(_ message: JSONValue, from peer: String) async throws -> AccessAnswer {
        let id = try AccessMessages.id(message)
        if let known = try await incoming(id, from: peer) { return Self.answer(known) }
        let all = try await resources.store.listAll(ResourceQuery(kind: AccessRequest.kind.name)).items
        let since = now().milliseconds - Self.recent
        let open = all.count { request in
            let state = AccessRequest.state(of: request)
            let isRecent = request.metadata.creationTime.milliseconds > since
            return Self.isIncoming(request, from: peer) && (state == .waiting || state == .withdrawn && isRecent)
        }
        guard open < Self.mostOpen else {
            throw Fault(
                GrantFaults.tooManyRequests,
                wanted: "at most \(Self.mostOpen) requests that are open or were taken back within a day")
        }
        let note = ChangeNote(author: "peer \(peer)", reason: "asked for access")
        let withdrawn = all.filter { Self.isIncoming($0, from: peer) && AccessRequest.state(of: $0) == .withdrawn }
        if withdrawn.count >= Self.mostWithdrawn,
            let oldest = withdrawn.min(by: { $0.metadata.creationTime < $1.metadata.creationTime })
        {
            _ = try await resources.store.delete(oldest.id, version: nil, by: note)
        }
        var spec = message["spec"]?.object ?? [:]
        spec = spec.filter { AccessMessages.terms.contains($0.key) }
        spec["peer"] = .string(peer)
        spec["direction"] = .string(AccessRequest.Direction.outgoing.rawValue)
        let scope = try await place(of: spec["dataset"]?.string ?? "", peer, note)
        let asked = message["name"]?.string ?? ""
        let name = String("\(peer)-\(Names.isValid(asked) ? asked : "request")".prefix(63))
        let other = String("\(name.prefix(36))-\(id.lowercased())".prefix(63))
        let taken = Set(all.map(\.id))
        for name in [Self.trimmed(name), other] where !taken.contains(AccessRequest.id(name, in: scope)) {
            var request = Resource(
                AccessRequest.id(name, in: scope), labels: [AccessRequest.label: id.lowercased()], spec: .object(spec))
            // Held against the kind's rules as if it were made here; what is incoming the rules let nobody make.
            let checked = try await resources.apply(
                [Document(request.document)], defaults: scope, by: note, dryRun: true)
            guard checked.first?.action == .created, var whole = checked.first?.resource.spec.object else { continue }
            whole["direction"] = .string(AccessRequest.Direction.incoming.rawValue)
            request.spec = .object(whole)
            do {
                return Self.answer(try await resources.store.create(request, by: note))
            } catch let fault as Fault where fault.is(ResourceFaults.alreadyExists) {
                // The same message twice at once, or another request of that name.
                if let known = try await incoming(id, from: peer) { return Self.answer(known) }
            }
        }
        throw Fault(ResourceFaults.alreadyExists, at: "AccessRequest \(other)")
    }

    private static func trimmed(_ name: String) -> String {
        String(name.reversed().drop { $0 == "-" }.reversed())
    }

    private func place(of dataset: String, _ peer: String, _ note: ChangeNote) async throws -> Scope {
        do {
            return try await datasets.find(dataset).metadata.scope
        } catch let fault as Fault where fault.is(DataFaults.unknownDataset) || fault.is(DataFaults.ambiguousDataset) {
            try await Partners.prepare(peer, in: resources.store, by: note)
            return Partners.scope(of: peer)
        }
    }

    private func withdraw(_ id: String, from peer: String) async throws {
        guard let request = try await incoming(id, from: peer) else { return }
        try await resources.store.modifyStatus(request.id) { request in
            guard AccessRequest.state(of: request) == .waiting else { return }
            var status = request.status.object ?? [:]
            status["state"] = .string(AccessRequest.State.withdrawn.rawValue)
            request.status = .object(status)
        }
    }

    /// Has the controller look at one of this site's own requests.
    private func hear(_ id: String, from peer: String) async throws {
        let all = try await resources.store.listAll(ResourceQuery(kind: AccessRequest.kind.name)).items
        guard let request = all.first(where: { $0.metadata.uid == id }) else { return }
        let terms = AccessTerms(request.spec)
        guard terms.direction == .outgoing, terms.peer == peer else { return }
        // What is missed is asked for by the controller before long.
        let heard = request.status["heard"]?.string.flatMap { Timestamp($0) }?.milliseconds ?? 0
        guard now().milliseconds - heard > Self.deaf else { return }
        try await resources.store.modifyStatus(request.id) { [now] request in
            guard !AccessRequest.state(of: request).isFinal else { return }
            var status = request.status.object ?? [:]
            status["heard"] = .string("\(now())")
            request.status = .object(status)
        }
    }
}
