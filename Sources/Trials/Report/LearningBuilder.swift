import Faults
import Ledger
import Modeling
import Resources
import TaskRuntime

/// Makes the part of a report that is about the model.
struct LearningBuilder {
    let spec: TrialSpec
    let findings: LearningFindings
    let baseline: BoostBaseline
    /// The model of one place.
    let central: BoostedModel
    /// Rows that all sites have.
    let joined: Int

    private var objective: Objective { baseline.settings.objective }

    /// - Parameters: predictions for the rows that were not learnt from.
    func build(
        federated: [Double], centralised: [Double], alone: [Double], tree learning: TrialSpec.Learning
    ) throws(Fault) -> TrialDocument.Learning {
        let labels = baseline.testLabels
        var models: [TrialDocument.Model] = []
        for (name, predictions) in [("guest", alone), ("federated", federated), ("centralised", centralised)] {
            guard predictions.count == labels.count else {
                throw Fault(TrialFaults.jobFailed, "The scores are not of the rows that were left out.")
            }
            models.append(try ModelMeasures(predictions, labels, objective).model(name))
        }
        return TrialDocument.Learning(
            objective: objective.rawValue,
            rows: .init(
                sites: findings.rows, joined: joined, training: baseline.trainingRows, test: baseline.testRows),
            parties: spec.sites.enumerated().map { index, site in
                .init(site: site.name, role: index == 0 ? "guest" : "host", columns: baseline.features[index])
            },
            models: models,
            digests: .init(federated: findings.digest ?? "", centralised: "\(try baseline.digest(central))"),
            importance: central.importance.map {
                .init(site: spec.sites[$0.party].name, column: $0.column, splits: $0.splits, gain: $0.gain)
            },
            trees: trees, learnt: learnt, settings: settings(learning),
            uplift: .init(guest: alone, federated: federated, labels: labels, isBinary: objective == .binary))
    }

    /// By the names that expectations use.
    func figures(_ found: TrialDocument.Learning) -> [String: Double] {
        var figures: [String: Double] = [
            "digest.equal": found.digests.areEqual && hasTheSameParts ? 1 : 0,
            "rows.joined": Double(joined), "rows.test": Double(baseline.testRows),
            "trees": Double(central.structure.trees.count),
        ]
        for model in found.models {
            for (name, value) in model.measures { figures["\(model.name).\(name)"] = value }
        }
        if let federated = found.models.dropFirst().first { figures.merge(federated.measures) { $1 } }
        return figures.merging(found.upliftFigures) { $1 }
    }

    /// Whether every party has told the digest of what one place would have left at it.
    private var hasTheSameParts: Bool {
        findings.digests(of: findings.training) == Set(baseline.partDigests(central).map(Hexadecimal.text))
    }

    private var trees: [TrialDocument.Tree] {
        var conditions: [[Int: SplitCondition]] = central.structure.trees.map { _ in [:] }
        for part in central.parts {
            for condition in part.conditions { conditions[condition.tree][condition.node] = condition }
        }
        return central.structure.trees.enumerated().map { index, tree in
            TrialDocument.Tree(
                nodes: tree.nodes.enumerated().map { place, node in
                    let rows = Int(node.sums.rows)
                    switch node.content {
                    case .leaf(let value): return TrialDocument.Node(rows: rows, leaf: Double(value))
                    case .split(let owner, _, let left, let right):
                        let condition = conditions[index][place]
                        return TrialDocument.Node(
                            rows: rows, site: spec.sites[owner].name,
                            column: condition.map { central.parts[owner].columns[$0.column] },
                            edge: condition.map { Double($0.edge) }, left: left, right: right)
                    }
                })
        }
    }

    /// What each side has declared before the training, and what was counted in it.
    private var learnt: [TrialDocument.Learnt] {
        let declared = [findings.plan, findings.weighing, findings.fitPlan].flatMap { plan in
            plan?["tasks"]?.array?.first?["learns"]?.array ?? []
        }
        return spec.sites.enumerated().map { index, site in
            let role = index == 0 ? "guest" : "host"
            let sentences = declared.filter { $0["role"]?.string == role }.compactMap { $0["learns"]?.string }
            var counted: [String: Double] = [:]
            if index == 0 {
                for (name, value) in findings.figures.first ?? [:] where name.hasSuffix("bits_per_row") {
                    counted[name] = value
                }
                for (name, value) in findings.weighed.first ?? [:] where name.hasSuffix("fine_bins") {
                    counted[name] = value
                }
                counted["scores_per_row"] = findings.fitted?.first?["host.1.scores_per_row"]
                counted["regression.host.1.bits_per_row"] = findings.fitted?.first?["host.1.bits_per_row"]
            } else {
                counted["label.separation"] = findings.figures.first?["label.separation"]
                counted["splits"] = findings.figures.count > index ? findings.figures[index]["splits"] : nil
                counted["bins"] = findings.weighed.count > index ? findings.weighed[index]["bins"] : nil
                counted["residual_sums"] = findings.fitted?.first?["label.sums"]
            }
            return TrialDocument.Learnt(site: site.name, declared: sentences, counted: counted)
        }
    }

    private func settings(_ learning: TrialSpec.Learning) -> [String: String] {
        let settings = baseline.settings
        var found: [String: String] = [
            "trees": "\(settings.trees)", "depth": "\(settings.depth)", "rate": "\(settings.rate)",
            "l1": "\(settings.l1)",
            "l2": "\(settings.l2)", "cellGuard": "\(settings.cellGuard)", "test": "\(learning.testTenths)/10",
            "firstTreeByGuestAlone": "\(settings.firstTreeByGuestAlone)",
        ]
        for (name, value) in learning.parameters {
            found[name] =
                value.string ?? value.integer.map { "\($0)" } ?? value.number.map { "\($0)" }
                ?? value.bool.map { "\($0)" } ?? ""
        }
        return found
    }
}
