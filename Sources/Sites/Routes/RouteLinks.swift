public import Ledger

/// What routes need of the site's links: implemented by the hub.
public protocol RouteLinks: Sendable {
    /// A live link to the peer, whoever dialled it; nil without one. Answers at once.
    func link(to peer: SiteID) -> (any Link)?

    /// Takes over a link that a route has dialled, and returns when it is gone. A cancelled task's link is closed.
    func use(_ link: any Link) async

    /// What comes and goes from now on; nobody needs every one of them, since `link(to:)` tells the truth.
    func changes() -> AsyncStream<LinkChange>
}
