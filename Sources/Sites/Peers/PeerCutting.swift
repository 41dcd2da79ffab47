public import Ledger
public import ServiceLifecycle

/// Cuts every peer that is revoked or deleted: a call for each, begun at once and not waiting for one another.
public struct PeerCutting: Service {
    private let cut: @Sendable (SiteID) async -> Void
    private let revoked: AsyncStream<SiteID>

    /// - Parameter cut: ends links and jobs with the peer; by then the book does not know it any more.
    public init(book: PeerBook, cut: @escaping @Sendable (SiteID) async -> Void) {
        self.cut = cut
        // One entry for each revocation: a person's pace.
        let (revoked, tell) = AsyncStream.makeStream(of: SiteID.self)
        self.revoked = revoked
        book.onRevoked { tell.yield($0) }
    }

    /// Until graceful shutdown; cuts that are under way then are cancelled, as every link ends with the site.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await site in revoked {
                    group.addTask { await cut(site) }
                }
            }
        }
    }
}
