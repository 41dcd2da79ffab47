public import Ledger
public import Resources

/// What may be told of an invitation; never its secret.
public struct Invitation: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case open, used, expired, withdrawn
    }

    /// 16 characters.
    public let id: String
    /// The name that the joiner will have here.
    public let name: String
    public let addresses: [String]
    public let created: Timestamp
    public let expiry: Timestamp
    public let author: String
    /// Wrong proofs so far; an invitation is withdrawn at `mostFailures`.
    public let failures: Int
    public let state: State
    /// Who joined with it.
    public let usedBy: SiteID?

    /// So many wrong proofs withdraw an invitation.
    public static let mostFailures = 5

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "name": .string(name), "addresses": .array(addresses.map { .string($0) }),
            "created": .string(created.description), "expires": .string(expiry.description), "author": .string(author),
            "failures": .integer(Int64(failures)), "state": .string(state.rawValue),
        ]
        if let usedBy { members["usedBy"] = .string(usedBy.text) }
        return .object(members)
    }
}

/// A peer that both ends agreed on and that is still to be made here: what survives a kill between the two steps.
struct PendingPeer: Sendable, Hashable {
    let site: SiteID
    /// Wanted; another one is taken when it belongs to another site by then.
    let name: String
    let displayName: String
    /// DER SubjectPublicKeyInfo.
    let rootKey: [UInt8]
    let leafSerial: UInt64
    let addresses: [String]
    let author: String

    init(
        site: SiteID, name: String, displayName: String, rootKey: [UInt8], leafSerial: UInt64, addresses: [String],
        author: String
    ) {
        self.site = site
        self.name = name
        self.displayName = displayName
        self.rootKey = rootKey
        self.leafSerial = leafSerial
        self.addresses = addresses
        self.author = author
    }

    var json: JSONValue {
        [
            "site": .string(site.text), "name": .string(name), "displayName": .string(displayName),
            "rootKey": .string(Base32.encode(rootKey)), "leafSerial": .string(String(leafSerial)),
            "addresses": .array(addresses.map { .string($0) }), "author": .string(author),
        ]
    }

    init?(json: JSONValue) {
        guard let site = json["site"]?.string.flatMap({ SiteID($0) }), let name = json["name"]?.string,
            let displayName = json["displayName"]?.string,
            let rootKey = json["rootKey"]?.string.flatMap({ Base32.decode($0) }),
            let serial = json["leafSerial"]?.string.flatMap({ UInt64($0) })
        else { return nil }
        self.init(
            site: site, name: name, displayName: displayName, rootKey: rootKey, leafSerial: serial,
            addresses: (json["addresses"]?.array ?? []).compactMap(\.string), author: json["author"]?.string ?? "")
    }
}
