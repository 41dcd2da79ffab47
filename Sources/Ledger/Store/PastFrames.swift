import Faults
import GRDB

/// Finds the agreement hash of a frame that crossed before: first in the batch under way, then on the disk. Remembers
/// the last segment it read, because frames that are sent again come in a row.
struct PastFrames {
    private var recent: [ChannelKey: [UInt64: [UInt8]]] = [:]
    private var segment: Int64?
    private var read: [ChannelKey: [UInt64: [UInt8]]] = [:]

    /// A frame of the batch under way.
    mutating func add(_ frame: FrameLine) {
        let key = ChannelKey(task: frame.task, direction: frame.direction)
        recent[key, default: [:]][frame.sequence] = frame.agreement
    }

    /// The sequence numbers of this batch, by channel.
    var spans: [ChannelKey: ClosedRange<UInt64>] {
        recent.compactMapValues { sequences in
            guard let least = sequences.keys.min(), let most = sequences.keys.max() else { return nil }
            return least...most
        }
    }

    /// - Throws: `LedgerFaults.damaged` when there is none.
    mutating func find(_ key: ChannelKey, _ sequence: UInt64, in channels: [ChannelKey: Int64], _ db: Database) throws
        -> [UInt8]
    {
        if let found = recent[key]?[sequence] { return found }
        guard let channel = channels[key],
            let newest = try LedgerRows.segments(of: channel, sequence: sequence, db).first
        else { throw missing(key, sequence) }
        if newest != segment {
            read = [:]
            for entry in try LedgerRows.entries(ofSegment: newest, db) {
                guard case .frame(let frame) = entry.line.body else { continue }
                let key = ChannelKey(task: frame.task, direction: frame.direction)
                read[key, default: [:]][frame.sequence] = frame.agreement
            }
            segment = newest
        }
        // A segment's range may hold numbers that it has no frame of.
        if let found = read[key]?[sequence] { return found }
        guard let frame = try LedgerRows.frames(of: channel, key, sequence: sequence, db).first else {
            throw missing(key, sequence)
        }
        return frame.agreement
    }

    private func missing(_ key: ChannelKey, _ sequence: UInt64) -> Fault {
        Fault(LedgerFaults.damaged, "A frame that was recorded is gone.", at: "task \(key.task), frame \(sequence)")
    }
}
