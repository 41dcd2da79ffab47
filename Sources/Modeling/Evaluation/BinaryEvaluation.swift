public import Faults

/// Scores beside labels 0 and 1, counted by equal score: everything that is measured follows from these counts, so the
/// order of the rows is of no account and ranks are whole numbers. Label 1 is the event (a bad account); a higher score
/// should mean that it is likelier.
public struct BinaryEvaluation: Sendable {
    struct Group: Sendable {
        let score: Double
        var events: Int
        var others: Int

        var rows: Int { events + others }
    }

    /// Ascending by score.
    let groups: [Group]
    /// Rows with label 1, and with label 0.
    public let events: Int
    public let others: Int

    /// - Throws: `ModelingFaults.evaluation` without rows, for different numbers of scores and labels, scores that are not
    ///   finite, or labels other than 0 and 1.
    public init(scores: [Double], labels: [Double]) throws(Fault) {
        guard !scores.isEmpty, scores.count == labels.count, scores.allSatisfy(\.isFinite),
            labels.allSatisfy({ $0 == 0 || $0 == 1 })
        else { throw Fault(ModelingFaults.evaluation) }
        var groups: [Group] = []
        for row in scores.indices.sorted(by: { scores[$0] < scores[$1] }) {
            // Minus zero and zero are equal, and which one came first must not show.
            let score = scores[row] == 0 ? 0 : scores[row]
            if groups.last?.score != score { groups.append(Group(score: score, events: 0, others: 0)) }
            if labels[row] == 1 { groups[groups.count - 1].events += 1 } else { groups[groups.count - 1].others += 1 }
        }
        self.groups = groups
        events = groups.reduce(0) { $0 + $1.events }
        others = groups.reduce(0) { $0 + $1.others }
    }

    public var rows: Int { events + others }

    /// Share of events.
    public var rate: Double { Double(events) / Double(rows) }

    /// - Throws: `ModelingFaults.evaluation` when all labels are the same, so that there is nothing to rank.
    func needBothClasses() throws(Fault) {
        guard events > 0, others > 0 else {
            throw Fault(ModelingFaults.evaluation, "all labels are the same")
        }
    }

    /// - Throws: `ModelingFaults.evaluation` when a score is no probability.
    func needProbabilities() throws(Fault) {
        guard groups[0].score >= 0, groups[groups.count - 1].score <= 1 else {
            throw Fault(ModelingFaults.evaluation, "a score is no probability", wanted: "0 ... 1")
        }
    }
}
