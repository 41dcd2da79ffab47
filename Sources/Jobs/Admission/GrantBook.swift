import Ledger
import Synchronization

/// The grants of this site, as far as jobs ask for them before they run. Uses are not counted here: that happens where
/// the data is read, with every read.
///
/// - Conflict: a grant that is revoked between this answer and the reading is refused there; the answer is a courtesy
///   to whoever proposes a job, and no permission.
/// - Retry: asking changes nothing.
/// - Order: answers say what stands when they are given.
/// - Durability: the adapter's own; a grant that was given and is lost refuses the job.
public protocol GrantBook: Sendable {
    /// Those needs for which this site has no grant that stands now.
    ///
    /// - Parameter needs: all with this site as their owner.
    func missing(_ needs: [GrantNeed]) async throws -> [GrantNeed]
}

/// Grants in memory, for sites without datasets and for tests: a dataset towards a peer, for any operator.
public final class MemoryGrantBook: GrantBook {
    private struct Key: Hashable {
        let dataset: String
        let peer: SiteID
    }

    private let given = Mutex<Set<Key>>([])

    public init() {}

    public func give(_ need: GrantNeed) {
        _ = given.withLock { $0.insert(Key(dataset: need.dataset, peer: need.peer)) }
    }

    public func revoke(_ need: GrantNeed) {
        _ = given.withLock { $0.remove(Key(dataset: need.dataset, peer: need.peer)) }
    }

    public func missing(_ needs: [GrantNeed]) async -> [GrantNeed] {
        given.withLock { given in
            needs.filter { !given.contains(Key(dataset: $0.dataset, peer: $0.peer)) }
        }
    }
}
