extension BoostedModel {
    /// The model as lines for a person: settings, then each tree with its nodes indented by depth. Splits whose owner's part
    /// is not here show the owner alone.
    public var dump: String {
        let settings = structure.settings
        var lines = [
            "boosted trees, version \(Self.version), structure \(structure.digest)",
            "objective \(settings.objective.rawValue), \(structure.trees.count) trees of depth \(settings.depth), "
                + "rate \(settings.rate), l1 \(settings.l1), l2 \(settings.l2), base score \(structure.baseScore)",
        ]
        var conditions: [[Int: SplitCondition]] = structure.trees.map { _ in [:] }
        for part in parts {
            for condition in part.conditions { conditions[condition.tree][condition.node] = condition }
        }
        let names = Dictionary(uniqueKeysWithValues: parts.map { ($0.party, $0.columns) })
        for (index, tree) in structure.trees.enumerated() {
            lines.append("tree \(index)")
            // Depth first; the right child waits below the left one.
            var open: [(node: Int, depth: Int)] = [(0, 0)]
            while let (node, depth) = open.popLast() {
                let figures = "rows \(tree.nodes[node].sums.rows), cover \(tree.cover(node))"
                var text = String(repeating: "  ", count: depth + 1) + "\(node): "
                switch tree.nodes[node].content {
                case .leaf(let value): text += "leaf \(value), \(figures)"
                case .split(let owner, let gain, let left, let right):
                    text += PartyName.of(owner)
                    if let condition = conditions[index][node], let columns = names[owner] {
                        text += " \(columns[condition.column]) < \(condition.edge)"
                        text += ", missing \(condition.missingLeft ? "left" : "right")"
                    }
                    text += " -> \(left), \(right); gain \(gain), \(figures)"
                    open += [(right, depth + 1), (left, depth + 1)]
                }
                lines.append(text)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// What a party is called where only its place is known.
enum PartyName {
    static func of(_ party: Int) -> String { party == 0 ? "guest" : "host\(party)" }

    /// NAME of "guest.NAME", "host1.NAME", …; nil for a name without a party before it.
    static func unlabelled(_ label: String) -> String? {
        guard let dot = label.firstIndex(of: ".") else { return nil }
        let party = label[..<dot]
        let isHost = party.hasPrefix("host") && Int(party.dropFirst(4)).map { of($0) == party } == true
        return isHost || party == of(0) ? String(label[label.index(after: dot)...]) : nil
    }
}
