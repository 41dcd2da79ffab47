import Faults
public import Ledger
public import Resources

/// Another site that this one knows and trusts, made by joining or by a document that names its site id.
public enum Peer {
    public static let kind = KindDefinition(
        "Peer",
        plural: "peers",
        shortNames: ["pe"],
        scope: .platform,
        summary: "Another site that this one knows; `atoll peer invite` and `accept` make it at both ends.",
        fields: [
            Field("displayName", .text(1...80, form: .line), required: true, "The name that people see."),
            Field(
                "site", .text(52...52, form: .line), required: true, immutable: true,
                "The site id: the hash of the peer's root key, which is pinned by it."),
            Field(
                "addresses", .list(of: .text(3...255, form: .line), count: 0...8), default: [],
                "Where the peer said it can be reached, as host:port; routes say which is dialled."),
            Field(
                "bandwidthLimit", .integer(0...1_000_000), default: 0,
                "Most that is sent to the peer, in Mbit/s; 0 is no limit."),
            Field(
                "revoked", .boolean, default: false,
                "Once true, nothing goes to or comes from the peer any more, for good."),
        ],
        finalizers: [finalizer],
        columns: [
            .init("DISPLAY NAME", "spec", "displayName"), .init("SITE", "status", "short"),
            .init("STATE", "status", "state"), .init("SINCE", "status", "since"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Peer
            metadata:
              name: partner
            spec:
              displayName: Partner Bank
              site: mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dzpiydcmrtgq2q
              addresses:
                - atoll.partner.example:9370
              bandwidthLimit: 500
            """,
        check: check
    )

    /// Kept until links and jobs with the peer are cut.
    static let finalizer = "atoll.dev/peer"

    public static func id(_ name: String) -> ResourceID {
        ResourceID(kind: kind.name, name: name)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        guard SiteID(new.spec["site"]?.string ?? "") != nil else {
            throw Fault(
                ResourceFaults.outOfRange, "'spec.site' is not a site id.", at: "spec.site",
                wanted: "52 characters as `atoll site` prints them at the peer")
        }
        for address in new.spec["addresses"]?.array ?? [] {
            _ = try HostAndPort.read(address.string ?? "", at: "spec.addresses")
        }
        if old?.spec["revoked"]?.bool == true, new.spec["revoked"]?.bool != true {
            throw Fault(JoiningFaults.revocationFinal, at: "\(new.id)", wanted: "revoked: true")
        }
    }
}

/// The wishes of a peer, read from a spec that passed its checks.
public struct PeerSpec: Sendable, Hashable {
    public var displayName: String
    public var site: SiteID
    public var addresses: [String]
    /// Mbit/s; nil without a limit.
    public var bandwidthLimit: Int?
    public var isRevoked: Bool

    public init(displayName: String, site: SiteID, addresses: [String]) {
        self.displayName = displayName
        self.site = site
        self.addresses = addresses
        bandwidthLimit = nil
        isRevoked = false
    }

    /// Nil for a spec that never passed them.
    public init?(_ spec: JSONValue) {
        guard let site = spec["site"]?.string.flatMap({ SiteID($0) }) else { return nil }
        self.init(
            displayName: spec["displayName"]?.string ?? "", site: site,
            addresses: (spec["addresses"]?.array ?? []).compactMap(\.string))
        bandwidthLimit = (spec["bandwidthLimit"]?.integer).flatMap { $0 > 0 ? Int($0) : nil }
        isRevoked = spec["revoked"]?.bool ?? false
    }

    public var json: JSONValue {
        [
            "displayName": .string(displayName), "site": .string(site.text),
            "addresses": .array(addresses.map { .string($0) }), "bandwidthLimit": .integer(Int64(bandwidthLimit ?? 0)),
            "revoked": .bool(isRevoked),
        ]
    }
}
