extension TrialDocument {
    /// Without the numbers that JSON cannot hold: figures that are none are left out, points with them too.
    public var finite: TrialDocument {
        var document = self
        document.figures = Self.finite(figures)
        for index in phases.indices {
            let phase = phases[index]
            document.phases[index].start = phase.start.isFinite ? phase.start : 0
            document.phases[index].seconds = phase.seconds.isFinite ? phase.seconds : 0
            document.phases[index].cpuSeconds = Self.finite(phase.cpuSeconds)
            document.phases[index].memory = Self.finite(phase.memory)
            document.phases[index].bytes = Self.finite(phase.bytes)
        }
        for index in sites.indices { document.sites[index].figures = Self.finite(sites[index].figures) }
        for index in routes.indices { document.routes[index].figures = Self.finite(routes[index].figures) }
        for index in expectations.indices {
            document.expectations[index].found = Self.finite(expectations[index].found)
        }
        document.learning = learning.map(Self.finite)
        return document
    }

    private static func finite(_ learning: Learning) -> Learning {
        var learning = learning
        for index in learning.models.indices {
            var model = learning.models[index]
            model.measures = finite(model.measures)
            model.roc.removeAll { !$0.x.isFinite || !$0.y.isFinite }
            model.ks.removeAll { !$0.score.isFinite || !$0.events.isFinite || !$0.others.isFinite }
            model.bands.removeAll { !$0.rate.isFinite || !$0.lift.isFinite || !$0.gain.isFinite }
            model.calibration.removeAll { !$0.predicted.isFinite || !$0.observed.isFinite }
            model.histogram.removeAll { !$0.low.isFinite || !$0.high.isFinite }
            model.scatter.removeAll { !$0.x.isFinite || !$0.y.isFinite }
            learning.models[index] = model
        }
        learning.importance.removeAll { !$0.gain.isFinite }
        for tree in learning.trees.indices {
            for node in learning.trees[tree].nodes.indices {
                learning.trees[tree].nodes[node].leaf = finite(learning.trees[tree].nodes[node].leaf)
                learning.trees[tree].nodes[node].edge = finite(learning.trees[tree].nodes[node].edge)
            }
        }
        for index in learning.learnt.indices { learning.learnt[index].counted = finite(learning.learnt[index].counted) }
        if let uplift = learning.uplift, !uplift.value.isFinite || !uplift.low.isFinite || !uplift.high.isFinite {
            learning.uplift = nil
        }
        if var scorecard = learning.scorecard {
            for index in scorecard.models.indices {
                scorecard.models[index].measures = finite(scorecard.models[index].measures)
            }
            scorecard.decisions = scorecard.decisions?.map { decision in
                var decision = decision
                decision.figure = finite(decision.figure)
                decision.limit = finite(decision.limit)
                return decision
            }
            learning.scorecard = scorecard
        }
        return learning
    }

    private static func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }

    private static func finite(_ figures: [String: Double]) -> [String: Double] { figures.filter { $0.value.isFinite } }
}
