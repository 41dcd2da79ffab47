import GRDB
import Resources

extension SiteLedger {
    /// How many frames of a task from a peer are recorded and agreed upon in order: the next one in order has this
    /// sequence number, and one beyond it would leave a gap.
    ///
    /// - Returns: 0 for a chain or channel that has no line.
    /// - Throws: `ResourceFaults.storeDamaged`, `.storeFailed`; `LedgerFaults.damaged`.
    public func receivedCount(from peer: SiteID, job: String, task: String) async throws -> UInt64? {
        let site = site
        return try await database.read { db in
            let stored = try LedgerRows.chain(site: site, peer: peer, job: job, db)
            return stored?.book.channels[ChannelKey(task: task, direction: .received)]?.count ?? 0
        }
    }
}
