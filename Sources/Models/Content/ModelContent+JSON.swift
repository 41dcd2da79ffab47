import Modeling
import Resources

extension ModelContent {
    /// What is inside of the model, as far as this party knows: digests, how often and for how much each party's splits
    /// count, and the columns in use.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "whole": .bool(isWhole), "part": .string("\(partDigest)"),
            "columns": .array(columns),
        ]
        if let digest { members["digest"] = .string("\(digest)") }
        if let model {
            let settings = model.structure.settings
            members["objective"] = .string(model.objective.rawValue)
            members["trees"] = .integer(Int64(model.structure.trees.count))
            members["depth"] = .integer(Int64(settings.depth))
            members["rate"] = .number(settings.rate)
            members["baseScore"] = .number(model.structure.baseScore)
            members["parties"] = .array(parties(model.structure))
        }
        return .object(members)
    }

    private var isWhole: Bool {
        if case .whole = self { true } else { false }
    }

    /// Splits and gain of each party, the guest first.
    private func parties(_ structure: ModelStructure) -> [JSONValue] {
        var splits = [Int64](repeating: 0, count: structure.parties)
        var gains = [Double](repeating: 0, count: structure.parties)
        for node in structure.trees.flatMap(\.nodes) {
            guard case .split(let owner, let gain, _, _) = node.content else { continue }
            splits[owner] += 1
            gains[owner] += gain
        }
        let all = gains.reduce(0, +)
        return splits.indices.map { party in
            [
                "party": .string(Self.name(party)), "splits": .integer(splits[party]),
                "gainShare": .number(all > 0 ? gains[party] / all : 0),
            ]
        }
    }

    /// The columns in use of the parties whose part is here; a host knows no gains.
    private var columns: [JSONValue] {
        if let model {
            return model.importance.map { column in
                [
                    "party": .string(Self.name(column.party)), "column": .string(column.column),
                    "splits": .integer(Int64(column.splits)), "gain": .number(column.gain),
                ]
            }
        }
        return Dictionary(grouping: part.conditions, by: \.column)
            .map { (column: part.columns[$0], splits: $1.count) }
            .sorted { ($1.splits, $0.column) < ($0.splits, $1.column) }
            .map { column, splits in
                [
                    "party": .string(Self.name(part.party)), "column": .string(column),
                    "splits": .integer(Int64(splits)),
                ]
            }
    }

    private static func name(_ party: Int) -> String { party == 0 ? "guest" : "host\(party)" }
}
