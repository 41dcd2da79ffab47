public import Ledger

/// A route as it is to be kept: its spec, and what its peer is.
public struct RoutePlan: Sendable, Hashable {
    public var name: String
    public var spec: RouteSpec
    /// Nil while there is no such peer, or when it is revoked.
    public var site: SiteID?

    public init(name: String, spec: RouteSpec, site: SiteID?) {
        self.name = name
        self.spec = spec
        self.site = site
    }

    /// Whether a link made by the other plan serves this one, too.
    func sharesLink(with other: RoutePlan) -> Bool {
        site == other.site && spec.way == other.spec.way && spec.address == other.spec.address
            && spec.window == other.spec.window && spec.credit == other.spec.credit
    }
}
