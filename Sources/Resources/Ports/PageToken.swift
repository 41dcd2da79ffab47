public import Faults

/// A place in the order of a list: (kind, tenant, project, name), compared byte by byte.
struct PageToken: Comparable {
    let key: [String]

    init(_ id: ResourceID) {
        key = [id.kind, id.scope.tenant ?? "", id.scope.project ?? "", id.name]
    }

    /// - Throws: `ResourceFaults.invalidPageToken`.
    static func read(_ text: String?) throws(Fault) -> PageToken? {
        guard let text else { return nil }
        let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, !parts[0].isEmpty, !parts[3].isEmpty else {
            throw Fault(ResourceFaults.invalidPageToken, at: "page token")
        }
        return PageToken(
            ResourceID(
                kind: parts[0],
                scope: Scope(tenant: parts[1].nonEmpty, project: parts[2].nonEmpty),
                name: parts[3]
            )
        )
    }

    var text: String {
        key.joined(separator: "~")
    }

    static func < (left: PageToken, right: PageToken) -> Bool {
        for (mine, other) in zip(left.key, right.key) where mine != other {
            return mine.utf8.lexicographicallyPrecedes(other.utf8)
        }
        return false
    }
}

extension String {
    /// nil when empty.
    var nonEmpty: String? {
        isEmpty ? nil : self
    }
}

extension ResourceVersion {
    /// - Throws: `ResourceFaults.invalidVersion` when it is no number between 0 and the store's newest.
    func sequence(upTo latest: Int64) throws(Fault) -> Int64 {
        guard let sequence = Int64(text), (0...latest).contains(sequence) else {
            throw Fault(ResourceFaults.invalidVersion, at: "version")
        }
        return sequence
    }
}

extension Fault {
    public static func notFound(_ id: ResourceID) -> Fault {
        Fault(ResourceFaults.notFound, "There is no \(id).", at: id.description)
    }
}
