public import Faults

extension BoostedModel {
    /// The columns of the exported model in its order: those of all parties, the guest's first.
    public var exportedColumns: [(party: Int, column: String)] {
        parts.flatMap { part in part.columns.map { (part.party, $0) } }
    }

    /// The model in XGBoost's JSON format (as of version 2.0, which later ones read too). XGBoost adds up in 32-bit floating
    /// point, so its scores agree to about 1e-6; splits and leaves are the same exactly.
    ///
    /// Features are named "guest.NAME", "host1.NAME", … with "_" for the characters that XGBoost does not allow. XGBoost
    /// keeps the base score of a binary model as a probability, which loses digits beyond a base score of about ±4.
    ///
    /// - Throws: `ModelingFaults.incomplete` when a party's part is not here.
    public func xgboostJSON() throws(Fault) -> String {
        let table = try conditions()
        var firstFeature: [Int] = []
        var features = 0
        for part in parts {
            firstFeature.append(features)
            features += part.columns.count
        }
        let trees = zip(structure.trees, table).enumerated().map { index, pair in
            XGBoostTree(
                tree: pair.0, conditions: pair.1, firstFeature: firstFeature, features: features, index: index
            ).json
        }
        let names = XGBoostText.featureNames(exportedColumns.map { "\(PartyName.of($0.party)).\($0.column)" })
        let count = trees.count
        let objective = objective == .binary ? "binary:logistic" : "reg:squarederror"
        let base = XGBoostText.number(Float(self.objective.prediction(structure.baseScore)))
        return """
            {"learner":{"attributes":{},"feature_names":[\(names.map(XGBoostText.quoted).joined(separator: ","))],\
            "feature_types":[],"gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1",\
            "num_trees":"\(count)"},"iteration_indptr":[\(XGBoostText.list(0...count))],\
            "tree_info":[\(XGBoostText.list([Int](repeating: 0, count: count)))],\
            "trees":[\(trees.joined(separator: ","))]},"name":"gbtree"},\
            "learner_model_param":{"base_score":"\(base)","boost_from_average":"0","num_class":"0",\
            "num_feature":"\(features)","num_target":"1"},\
            "objective":{"name":"\(objective)","reg_loss_param":{"scale_pos_weight":"1"}}},"version":[2,0,0]}
            """
    }
}

private struct XGBoostTree {
    let tree: BoostedTree
    let conditions: [SplitCondition?]
    let firstFeature: [Int]
    let features: Int
    let index: Int

    /// What XGBoost has for the parent of a root.
    private static let noParent = 2_147_483_647

    var json: String {
        let count = tree.nodes.count
        var left = [Int](repeating: -1, count: count)
        var right = left
        var parents = [Int](repeating: Self.noParent, count: count)
        var features = [Int](repeating: 0, count: count)
        var defaults = features
        var gains = [Float](repeating: 0, count: count)
        var values = gains
        for (place, node) in tree.nodes.enumerated() {
            switch node.content {
            case .leaf(let value): values[place] = value
            case .split(let owner, let gain, let first, let second):
                (left[place], right[place], gains[place]) = (first, second, Float(gain))
                parents[first] = place
                parents[second] = place
                if let condition = conditions[place] {
                    features[place] = firstFeature[owner] + condition.column
                    defaults[place] = condition.missingLeft ? 1 : 0
                    values[place] = condition.edge
                }
            }
        }
        let zeros = XGBoostText.list([Int](repeating: 0, count: count))
        let means = tree.nodes.indices.map { Float(tree.expected($0)) }
        let covers = tree.nodes.indices.map { Float(tree.cover($0)) }
        return """
            {"base_weights":[\(XGBoostText.list(means))],"categories":[],"categories_nodes":[],\
            "categories_segments":[],"categories_sizes":[],"default_left":[\(XGBoostText.list(defaults))],\
            "id":\(index),"left_children":[\(XGBoostText.list(left))],"loss_changes":[\(XGBoostText.list(gains))],\
            "parents":[\(XGBoostText.list(parents))],"right_children":[\(XGBoostText.list(right))],\
            "split_conditions":[\(XGBoostText.list(values))],"split_indices":[\(XGBoostText.list(features))],\
            "split_type":[\(zeros)],"sum_hessian":[\(XGBoostText.list(covers))],\
            "tree_param":{"num_deleted":"0","num_feature":"\(self.features)","num_nodes":"\(count)",\
            "size_leaf_vector":"1"}}
            """
    }
}

private enum XGBoostText {
    /// The shortest digits that give the number back. JSON has no infinities; the largest numbers stand for them.
    static func number(_ value: Float) -> String {
        let most = Float.greatestFiniteMagnitude
        return value.isNaN ? "0" : min(max(value, -most), most).description
    }

    static func list(_ numbers: [Float]) -> String { numbers.map(number).joined(separator: ",") }

    static func list(_ numbers: some Sequence<Int>) -> String { numbers.map(\.description).joined(separator: ",") }

    /// Names that XGBoost takes, each once.
    static func featureNames(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            let plain = String(name.map { "[]<".contains($0) ? "_" : $0 })
            var unique = plain
            var number = 2
            while !taken.insert(unique).inserted {
                unique = "\(plain)_\(number)"
                number += 1
            }
            return unique
        }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
