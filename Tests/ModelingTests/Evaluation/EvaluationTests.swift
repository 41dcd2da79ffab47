import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct EvaluationTests {
    @Test func orderOfRowsMakesNoDifference() throws {
        var random = SeededGenerator.printed(for: "order of evaluation")
        let scores = (0..<500).map { _ in (Double.random(in: 0...1, using: &random) * 40).rounded() / 40 }
        let labels = scores.map { Double.random(in: 0...1, using: &random) < $0 ? 1.0 : 0 }
        let order = Array(0..<500).shuffled(using: &random)
        let one = try BinaryEvaluation(scores: scores, labels: labels)
        let other = try BinaryEvaluation(scores: order.map { scores[$0] }, labels: order.map { labels[$0] })
        #expect(try one.auc() == other.auc() && one.logLoss() == other.logLoss() && one.brier() == other.brier())
        #expect(try one.bands() == other.bands() && one.calibration() == other.calibration())
        #expect(one.curve == other.curve)
        let a = try RegressionEvaluation(predictions: scores, labels: labels)
        #expect(try a == RegressionEvaluation(predictions: order.map { scores[$0] }, labels: order.map { labels[$0] }))
    }

    @Test func perfectReversedAndEqualScoresAreTheExtremes() throws {
        let labels: [Double] = [0, 0, 1, 1]
        let perfect = try BinaryEvaluation(scores: [1, 2, 3, 4], labels: labels)
        #expect(try perfect.auc() == Estimate(value: 1, standardError: 0) && perfect.auc().interval == 1...1)
        #expect(try perfect.kolmogorovSmirnov() == KolmogorovSmirnov(value: 1, location: 2))
        let reversed = try BinaryEvaluation(scores: [4, 3, 2, 1], labels: labels)
        #expect(try reversed.auc().value == 0 && reversed.gini() == -1)
        #expect(try reversed.kolmogorovSmirnov().value == 1)
        let equal = try BinaryEvaluation(scores: [0.0, -0.0, 0, 0], labels: labels)
        #expect(try equal.auc().value == 0.5 && equal.kolmogorovSmirnov().value == 0)
        #expect(try equal.averagePrecision() == 0.5)
    }

    /// The location is where sliding a threshold by hand finds the largest distance.
    @Test func theLocationOfKSSeparatesBest() throws {
        let found = try BinaryEvaluation(scores: [1, 2, 2, 3, 4, 5], labels: [0, 0, 0, 1, 0, 1]).kolmogorovSmirnov()
        #expect(found == KolmogorovSmirnov(value: 0.75, location: 2))
    }

    @Test func theIntervalOfDeLongHoldsTheTruthInAboutNineteenOfTwenty() throws {
        var random = SeededGenerator.printed(for: "coverage")
        // Events score uniformly in 0.2 ... 1.2, others in 0 ... 1: the true area is 1 − 0.8² / 2.
        var held = 0
        for _ in 0..<400 {
            let labels = (0..<160).map { $0 < 60 ? 1.0 : 0 }
            let scores = labels.map { Double.random(in: 0...1, using: &random) + 0.2 * $0 }
            if try BinaryEvaluation(scores: scores, labels: labels).auc().interval.contains(0.68) { held += 1 }
        }
        // Six standard deviations of 0.95 and some room for a normal interval on small samples.
        #expect((345...400).contains(held), "\(held) of 400")
    }

    @Test func decilesShareOutTheRowsAndTiesInProportion() throws {
        var random = SeededGenerator.printed(for: "deciles")
        for _ in 0..<Effort.runs(20) {
            let count = Int.random(in: 2...120, using: &random)
            let scores = (0..<count).map { _ in Double(Int.random(in: 0...9, using: &random)) }
            var labels = scores.map { Double.random(in: 0...9, using: &random) < $0 ? 1.0 : 0 }
            labels[0] = 0
            labels[1] = 1
            let found = try BinaryEvaluation(scores: scores, labels: labels)
            let bands = try found.bands()
            #expect(bands.reduce(0) { $0 + $1.rows } == count)
            #expect(abs(bands.reduce(0) { $0 + $1.events } - labels.reduce(0, +)) < 1e-9)
            let last = try #require(bands.last)
            #expect(abs(last.gain - 1) < 1e-12 && abs(last.cumulativeLift - 1) < 1e-12)
            for (upper, lower) in zip(bands, bands.dropFirst()) {
                #expect(upper.scores.lowerBound >= lower.scores.upperBound && upper.gain <= lower.gain)
            }
            if count >= 10 { #expect(bands.count == 10) }
        }
        let known = try BinaryEvaluation(scores: [9, 8, 7, 7, 5, 4, 3, 2], labels: [1, 1, 1, 0, 0, 0, 0, 1]).bands(4)
        #expect(known.map(\.events) == [2, 1, 0, 1] && known.map(\.lift) == [2, 1, 0, 1])
        #expect(known.map(\.gain) == [0.5, 0.75, 0.75, 1] && known[1].scores == 7...7)
        let tied = try BinaryEvaluation(scores: [1, 1, 1, 1], labels: [1, 0, 0, 1]).bands(2)
        #expect(tied.map(\.events) == [1, 1])
    }

    @Test func thresholdsForAnApprovalRateApproveThatMany() throws {
        let found = try BinaryEvaluation(scores: [0.1, 0.2, 0.2, 0.4, 0.9], labels: [0, 0, 1, 0, 1])
        #expect(found.threshold(approving: 0) == 0.1 && found.threshold(approving: 0.2) == 0.2)
        #expect(found.threshold(approving: 0.3) == 0.4 && found.threshold(approving: 0.8) == 0.9)
        #expect(found.threshold(approving: 0.9) == .infinity)
        let none = found.confusion(at: .infinity)
        #expect(none.precision == 0 && none.recall == 0 && none.fMeasure == 0 && none.specificity == 1)
        #expect(found.curve.count == 4 && found.curve.last?.recall == 1)
    }

    @Test func calibrationAndThePartsOfBriersScore() throws {
        let scores = [0.05, 0.05, 0.15, 0.15, 0.95, 1]
        let found = try BinaryEvaluation(scores: scores, labels: [0, 1, 0, 0, 1, 1])
        let bands = try found.calibration()
        #expect(bands.map(\.rows) == [2, 2, 2] && bands.map(\.observed) == [0.5, 0, 1])
        #expect(abs(try found.calibrationError() - (0.45 + 0.15 + 0.025) / 3) < 1e-12)
        // Exact where the probabilities within a band are equal.
        let level = try BinaryEvaluation(scores: [0.2, 0.2, 0.2, 0.7, 0.7, 0], labels: [0, 1, 0, 1, 1, 0])
        let parts = try level.brierParts()
        #expect(abs(parts.reliability - parts.resolution + parts.uncertainty - (try level.brier())) < 1e-12)
    }

    @Test func stabilityIsZeroForTheSameScoresAndGrowsWithTheShift() throws {
        var random = SeededGenerator.printed(for: "stability")
        let reference = (0..<5000).map { _ in Double.random(in: 0...1, using: &random) }
        #expect(try ScoreStability(reference: reference, actual: reference).index == 0)
        let again = (0..<5000).map { _ in Double.random(in: 0...1, using: &random) }
        let same = try ScoreStability(reference: reference, actual: again)
        #expect(same.index < 0.02 && same.verdict == .stable && same.bands.count == 10)
        let some = try ScoreStability(reference: reference, actual: again.map { $0 * 0.8 + 0.2 })
        let much = try ScoreStability(reference: reference, actual: again.map { $0 * 0.5 + 0.5 })
        #expect(some.index > same.index && much.index > some.index && much.verdict == .shifted)
        // By hand: shares 1/2, 1/2 against 1/4, 3/4 give ln 3 / 4.
        let known = try ScoreStability(reference: [0, 0, 1, 1], actual: [0, 1, 1, 1], bands: 2)
        #expect(abs(known.index - Foundation.log(3) / 4) < 1e-12 && known.verdict == .shifted)
        #expect(
            abs(
                try ScoreStability(reference: [0, 0, 1, 1], actual: [1, 1, 1, 1], bands: 2).index
                    - (0.375 * Foundation.log(4) + 0.5 * Foundation.log(2))) < 1e-12)
    }

    @Test func whatCannotBeEvaluatedIsRefused() throws {
        let fault = Fault(ModelingFaults.evaluation)
        #expect(throws: fault) { try BinaryEvaluation(scores: [], labels: []) }
        #expect(throws: fault) { try BinaryEvaluation(scores: [1], labels: [0, 1]) }
        #expect(throws: fault) { try BinaryEvaluation(scores: [.nan], labels: [0]) }
        #expect(throws: fault) { try BinaryEvaluation(scores: [1], labels: [2]) }
        let single = try BinaryEvaluation(scores: [3, 4], labels: [1, 1])
        #expect(throws: fault) { try single.auc() }
        #expect(throws: fault) { try single.kolmogorovSmirnov() }
        #expect(throws: fault) { try single.bands() }
        #expect(throws: fault) { try single.averagePrecision() }
        #expect(throws: fault) { try single.brier() }
        #expect(throws: fault) { try single.logLoss() }
        #expect(throws: fault) { try RegressionEvaluation(predictions: [.infinity], labels: [0]) }
        #expect(throws: fault) { try ScoreStability(reference: [], actual: [1]) }
        #expect(try RegressionEvaluation(predictions: [1, 2], labels: [3, 3]).r2 == nil)
    }
}
