/// What this site tells of itself to those who join.
public struct SiteProfile: Sendable, Hashable {
    /// The name that people see: 1 to 80 characters on one line.
    public var displayName: String
    /// Where peers reach this site, as `host:port`, best first, at most 8; empty for a site that can only dial out.
    public var addresses: [String]

    public init(displayName: String, addresses: [String]) {
        self.displayName = displayName
        self.addresses = addresses
    }
}
