public import Ledger

/// How far the clocks of peers are from this site's, as the routes to them last found it.
///
/// - Retry: asking changes nothing.
public protocol PeerClocks: Sendable {
    /// The peer's clock minus this site's; nil while it is not known.
    func milliseconds(ahead peer: SiteID) async throws -> Int64?
}

/// Knows no clock: nothing is refused for it.
public struct UnknownClocks: PeerClocks {
    public init() {}

    public func milliseconds(ahead peer: SiteID) -> Int64? { nil }
}
