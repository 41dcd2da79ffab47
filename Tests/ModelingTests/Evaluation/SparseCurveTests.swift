import ResourcesTestKit
import Testing

@testable import Modeling

/// Curves that tell of no few rows.
@Suite struct SparseCurveTests {
    @Test func pointsLieOnTheCurveAndFarEnoughApart() throws {
        var random = SeededGenerator.printed(for: "sparse curve")
        for _ in 0..<Effort.runs(30) {
            let count = Int.random(in: 30...900, using: &random)
            let scores = (0..<count).map { _ in (Double.random(in: 0...1, using: &random) * 200).rounded() / 200 }
            let labels = scores.enumerated().map { row, score in
                row < 2 ? Double(row) : Double.random(in: 0...1, using: &random) < score ? 1.0 : 0
            }
            let evaluation = try BinaryEvaluation(scores: scores, labels: labels)
            let least = Int.random(in: 1...25, using: &random)
            let curve = try evaluation.sparseCurve(points: 50, leastRows: least)
            #expect(curve.first?.rows == 0 && curve.last?.rows == 1 && curve.last?.events == 1)
            #expect(curve.last?.others == 1 && curve.count <= 52)
            for (before, point) in zip(curve, curve.dropFirst()) {
                let between = ((point.rows - before.rows) * Double(count)).rounded()
                #expect(Int(between) >= min(least, count), "\(between) of \(least)")
                let rows = scores.indices.filter { scores[$0] >= point.score }
                let events = Double(rows.count { labels[$0] == 1 })
                #expect(abs(point.events * Double(evaluation.events) - events) < 1e-9)
                #expect(abs(point.others * Double(evaluation.others) - (Double(rows.count) - events)) < 1e-9)
            }
        }
    }

    @Test func oneScoreIsALineFromNoneToAll() throws {
        let evaluation = try BinaryEvaluation(scores: [1, 1, 1, 1], labels: [0, 1, 0, 1])
        #expect(try evaluation.sparseCurve(points: 9, leastRows: 20).map(\.rows) == [0, 1])
    }
}
