public import Faults
public import Ledger

/// A link came or went.
public struct LinkChange: Sendable {
    public enum Kind: Sendable, Hashable {
        case up, down
    }

    public let kind: Kind
    public let peer: SiteID
    /// Whether this site dialled it.
    public let isDialled: Bool
    /// Why it went, when that is known.
    public let reason: Fault?
}
