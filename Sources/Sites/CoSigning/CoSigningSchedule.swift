import Faults
import Ledger

/// When to ask which peer for a co-signature, and when one is missing: a value without clock and link.
///
/// Times are seconds on any steady clock. One entry per open (job, peer).
struct CoSigningSchedule {
    /// New lines are co-signed after this long.
    static let period: Double = 10
    /// A job stops when new lines stay without a co-signature for this long while the link is up.
    static let patience: Double = 30
    /// Between two attempts that failed, or two of a receipt.
    static let pause: Double = 1

    struct Key: Hashable {
        var job: String
        var peer: SiteID
    }

    private var entries: [Key: Entry] = [:]

    private struct Entry {
        /// The side with the smaller id asks first; the other asks when nothing has come for two periods.
        var isFirst: Bool
        /// Since when there are new lines that could have been co-signed; nil when everything is.
        var waitingSince: Double?
        var nextAttempt: Double = 0
        /// A task has ended: ask now.
        var isWanted = false
        /// The job's channels have ended: ask for the receipt.
        var isClosing = false
    }

    var keys: [Key] { Array(entries.keys) }

    mutating func open(job: String, peer: SiteID, isFirst: Bool) {
        entries[Key(job: job, peer: peer)] = Entry(isFirst: isFirst)
    }

    mutating func forget(_ key: Key) {
        entries[key] = nil
    }

    mutating func want(job: String) {
        for key in entries.keys where key.job == job {
            entries[key]?.isWanted = true
            entries[key]?.nextAttempt = 0
        }
    }

    mutating func close(job: String) {
        for key in entries.keys where key.job == job {
            entries[key]?.isClosing = true
            entries[key]?.nextAttempt = 0
        }
    }

    func isClosing(_ key: Key) -> Bool { entries[key]?.isClosing ?? false }

    /// What to do for a chain now.
    enum Step: Equatable {
        case nothing
        case ask(isClosed: Bool)
        /// Nothing came in time.
        case stop
    }

    /// - Parameter hasNews: whether lines of the chain wait for a co-signature.
    mutating func step(_ key: Key, hasNews: Bool, now: Double) -> Step {
        guard var entry = entries[key] else { return .nothing }
        defer { if entries[key] != nil { entries[key] = entry } }
        if !hasNews && !entry.isClosing {
            entry.waitingSince = nil
            entry.isWanted = false
            return .nothing
        }
        let since = entry.waitingSince ?? now
        entry.waitingSince = since
        // A receipt waits for the peer's work, which may take long: only lines that nobody signs stop the job.
        if hasNews, now - since >= Self.patience { return .stop }
        guard now >= entry.nextAttempt else { return .nothing }
        let delay = entry.isFirst ? Self.period : 2 * Self.period
        guard entry.isWanted || entry.isClosing || now - since >= delay else { return .nothing }
        entry.nextAttempt = now + Self.pause
        return .ask(isClosed: entry.isClosing)
    }

    /// Both have signed; with `isClosed` it was the receipt.
    mutating func signed(_ key: Key, isClosed: Bool) {
        if isClosed {
            entries[key] = nil
        } else {
            entries[key]?.waitingSince = nil
            entries[key]?.isWanted = false
        }
    }

    /// There is no link: nothing is demanded until there is one again.
    mutating func linkIsDown(_ key: Key, now: Double) {
        entries[key]?.waitingSince = now
        entries[key]?.nextAttempt = now + Self.pause
    }
}
