public import Faults
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
    /// Those needs that no grant of this site allows now.
    ///
    /// - Parameters:
    ///   - needs: all with this site as their owner.
    ///   - job: the job's ULID: one that was counted before is no further use.
    func refusals(_ needs: [GrantNeed], of job: String) async throws -> [GrantRefusal]
}

/// A need that is not met.
public struct GrantRefusal: Sendable {
    public let need: GrantNeed
    /// Which term of a grant stands against it; nil when there is no grant.
    public let reason: Fault?

    public init(_ need: GrantNeed, _ reason: Fault? = nil) {
        self.need = need
        self.reason = reason
    }
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

    public func refusals(_ needs: [GrantNeed], of job: String) async -> [GrantRefusal] {
        given.withLock { given in
            needs.filter { !given.contains(Key(dataset: $0.dataset, peer: $0.peer)) }.map { GrantRefusal($0) }
        }
    }
}
