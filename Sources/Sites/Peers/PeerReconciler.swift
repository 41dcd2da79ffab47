import Faults
import Ledger
import Resources

/// Keeps the book in step with the peers' resources, and the resources' status in step with what was seen.
struct PeerReconciler: Reconciler {
    let store: any ResourceStore
    let book: PeerBook
    let keys: PeerKeys

    func reconcile(_ id: ResourceID) async throws -> Reconciliation {
        // Asked before the store is: a peer of that name that is made meanwhile has another uid.
        let known = book.uid(named: id.name)
        guard let peer = try await store.find(id) else {
            if let known { book.remove(uid: known) }
            return .done
        }
        if peer.isBeingDeleted {
            book.remove(uid: peer.metadata.uid)
            try await store.removeFinalizer(Peer.finalizer, from: id, by: ChangeNote(author: "controller/peers"))
            return .done
        }
        guard let spec = PeerSpec(peer.spec) else { return .done }
        let finding = try await finding(peer, spec)
        let seen = book.seen(spec.site)
        _ = try await store.modifyStatus(id) { resource in
            var status = resource.status.object ?? [:]
            status["short"] = .string(spec.site.short)
            status["since"] = .string(resource.metadata.creationTime.description)
            status["state"] = .string(
                finding.isTrusted ? (seen.isConnected ? "Connected" : "Disconnected") : finding.reason)
            if let serial = seen.serials.first { status["leafSerial"] = .integer(Int64(clamping: serial)) }
            if seen.serials.count > 1 { status["leafSerialBefore"] = .integer(Int64(clamping: seen.serials[1])) }
            resource.status = .object(status)
            let generation = resource.metadata.generation
            resource.set(
                Condition(
                    "Trusted", finding.isTrusted ? .isTrue : .isFalse, reason: finding.reason,
                    message: finding.message, observedGeneration: generation))
            resource.set(
                seen.isConnected && finding.isTrusted
                    ? Condition(
                        "Connected", .isTrue, reason: "LinkUp", message: "A link to the peer is up.",
                        observedGeneration: generation)
                    : Condition(
                        "Connected", .isFalse, reason: finding.isTrusted ? "NoLink" : finding.reason,
                        message: finding.isTrusted
                            ? "No link to the peer is up; its routes say why." : "Links to this site are cut.",
                        observedGeneration: generation))
        }
        return .done
    }

    private struct Finding {
        let isTrusted: Bool
        let reason: String
        let message: String
    }

    private func finding(_ peer: Resource, _ spec: PeerSpec) async throws -> Finding {
        if spec.isRevoked {
            book.remove(uid: peer.metadata.uid)
            return Finding(isTrusted: false, reason: "Revoked", message: "The peer has been revoked for good.")
        }
        switch book.put(peer, spec: spec) {
        case .trusted:
            if let key = book.rootKey(of: spec.site) { try await keys.keep(key, of: spec.site) }
            return Finding(isTrusted: true, reason: "Pinned", message: "The peer's root key is pinned.")
        case .own:
            return Finding(isTrusted: false, reason: "OwnSite", message: "The site id is this site's own.")
        case .duplicate(let name):
            return Finding(
                isTrusted: false, reason: "Duplicate", message: "The peer '\(name)' has the same site id and counts.")
        case .gone:
            return Finding(isTrusted: false, reason: "Revoked", message: "The peer has been revoked for good.")
        }
    }
}
