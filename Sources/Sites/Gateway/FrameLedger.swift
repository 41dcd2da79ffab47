public import Ledger

/// Where the gateway records frames: implemented by the ledger of the site.
///
/// - Durability: `record` returns when every record given is on the disk, whatever is killed next. Calls that come
///   together share one flush (group commit).
/// - Order: records of one (peer, job) are chained in the order of the calls that gave them.
/// - Failure: throws `LedgerFaults.notRecorded` (full disk, read-only) and has then recorded none of the records; the
///   gateway sends nothing that is not recorded, and tries again. Any other fault says that the records are no good, and
///   ends the channel.
public protocol FrameLedger: Sendable {
    func record(_ records: [FrameRecord]) async throws

    /// Records a frame that was refused and crossed nothing.
    func refuse(_ record: RefusalRecord) async throws

    /// How many frames of a task from a peer are recorded without a gap, whatever their start (epoch): a channel that is
    /// made anew after the gateway was killed goes on from there, even where the worker is ahead.
    ///
    /// - Returns: nil when the ledger does not know; the worker's own position is taken then.
    func receivedCount(from peer: SiteID, job: String, task: String) async throws -> UInt64?
}
