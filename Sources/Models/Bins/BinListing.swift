public import Faults
import Modeling
public import Resources
import TaskRuntime

/// The bins that a task `woe` has left at this site, for people: of its own columns with their edges, of others' by the numbers
/// of their fine bins alone.
public struct BinListing: Sendable {
    /// One per column; empty for results of other tasks.
    public let columns: [JSONValue]

    /// - Parameter output: `TaskResult.output`.
    public init(task: String, output: [UInt8]) throws(Fault) {
        var columns: [JSONValue] = []
        if let guest = try? WoeGuestResult(bytes: output) {
            for (column, counts) in zip(guest.part.columns, guest.counts) {
                let table = try column.bins.map { bins throws(Fault) in try WoeTable(counts, bins.groups) }
                columns.append(Self.own(task, "guest." + column.name, column, table?.direction))
            }
            for column in guest.hosts.flatMap(\.columns) { columns.append(try Self.other(task, column)) }
        } else if let host = try? WoeHostResult(bytes: output) {
            for column in host.part.columns { columns.append(Self.own(task, column.name, column, nil)) }
        }
        self.columns = columns
    }

    private static func own(
        _ task: String, _ name: String, _ column: WoePart.Column, _ direction: WoeTable.Direction?
    ) -> JSONValue {
        var bins: [JSONValue] = []
        for (group, bin) in (column.bins?.bins ?? []).enumerated() {
            var members = json(bin)
            let partition = column.partition
            if let fine = column.bins?.groups.ordinaryBins(of: group) {
                let edges = partition.edges.values
                if fine.lowerBound > 0 { members["from"] = .number(Double(edges[fine.lowerBound - 1])) }
                if fine.upperBound < edges.count { members["below"] = .number(Double(edges[fine.upperBound])) }
            } else {
                members["isApart"] = true
            }
            let own = Set(column.bins?.groups.fineBins(of: group) ?? [])
            let values = zip(partition.specials, partition.specialBins).filter { own.contains($0.1) }.map(\.0)
            if !values.isEmpty { members["values"] = .array(values.map { .number($0) }) }
            if own.contains(partition.missingBin) { members["missing"] = true }
            bins.append(.object(members))
        }
        return json(task, name, column.bins.map(\.iv), direction, bins)
    }

    private static func other(_ task: String, _ column: WoeToldColumn) throws(Fault) -> JSONValue {
        guard let counts = column.counts, let groups = column.groups else {
            return json(task, column.column, nil, nil, [])
        }
        let table = try WoeTable(counts, groups)
        let bins = table.bins.enumerated().map { group, bin -> JSONValue in
            var members = json(bin)
            members["fineBins"] = .array(groups.fineBins(of: group).map { .integer(Int64($0)) })
            if groups.ordinaryBins(of: group) == nil { members["isApart"] = true }
            return .object(members)
        }
        return json(task, column.column, table.iv, table.direction, bins)
    }

    private static func json(_ bin: WoeTable.Bin) -> [String: JSONValue] {
        [
            "rows": .integer(Int64(bin.counts.rows)), "bads": .integer(Int64(bin.counts.bads)),
            "rate": bin.counts.badRate.map { .number($0) } ?? .null, "woe": .number(bin.woe), "iv": .number(bin.iv),
        ]
    }

    private static func json(
        _ task: String, _ name: String, _ iv: Double?, _ direction: WoeTable.Direction?, _ bins: [JSONValue]
    ) -> JSONValue {
        [
            "task": .string(task), "column": .string(name), "iv": iv.map { .number($0) } ?? .null,
            "direction": direction.map { .string($0.rawValue) } ?? .null, "bins": .array(bins),
        ]
    }
}
