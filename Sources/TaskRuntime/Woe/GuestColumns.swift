import Faults
import Modeling

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a guest has let one host know of its labels: of each of the host's columns the fine bins that it began with, and
/// every division of them. Kept by the guest's site, as JSON.
struct GuestColumns: Sendable, Hashable {
    private(set) var histories: [PartitionHistory]

    init(_ histories: [PartitionHistory] = []) {
        self.histories = histories
    }

    /// Takes in a column that a host told of, and how it is divided, before the host learns of it.
    ///
    /// - Throws: `ModelingFaults.finePartitionChanged`, `.partitionsSpent`, `.partitionDifference`, `.binGuard`.
    mutating func admit(_ column: WoeToldColumn) throws(Fault) {
        let place = histories.firstIndex { $0.column == column.name.description }
        var history = place.map { histories[$0] } ?? PartitionHistory(column: column.name.description)
        try history.fix(column.commitment)
        if let counts = column.counts, let groups = column.groups {
            try history.admit(groups, counts: counts, guard: WoePlan.least)
        }
        if let place {
            histories[place] = history
        } else {
            histories.append(history)
            histories.sort { $0.column.utf8.lexicographicallyPrecedes($1.column.utf8) }
        }
    }

    var bytes: [UInt8] {
        get throws(Fault) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            guard let data = try? encoder.encode(histories) else { throw Fault(WoeFaults.historyUnreadable) }
            return Array(data)
        }
    }

    /// - Throws: `WoeFaults.historyUnreadable`.
    init(bytes: [UInt8]) throws(Fault) {
        guard let found = try? JSONDecoder().decode([PartitionHistory].self, from: Data(bytes)) else {
            throw Fault(WoeFaults.historyUnreadable)
        }
        histories = found
    }
}
