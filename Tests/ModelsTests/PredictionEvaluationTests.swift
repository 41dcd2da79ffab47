import Foundation
import Resources
import ResourcesTestKit
import Tables
import Testing

@testable import Models

/// What is told of predictions beside labels, and what they gain over others.
@Suite struct PredictionEvaluationTests {
    private struct Made {
        var ids: [String] = []
        var labels: [Double] = []
        var good: [Double] = []
        var poor: [Double] = []
    }

    private static func made(_ count: Int) -> Made {
        var numbers = SeededGenerator(seed: 5)
        var made = Made()
        for row in 0..<count {
            let risk = Double.random(in: 0...1, using: &numbers)
            made.ids.append("m\(row)")
            made.labels.append(Double.random(in: 0...1, using: &numbers) < risk ? 1 : 0)
            made.good.append(risk)
            made.poor.append((risk + Double.random(in: 0...2, using: &numbers)) / 3)
        }
        return made
    }

    private func table(_ ids: [String], _ labels: [Double], _ predictions: [Double]) throws -> ScoredRows? {
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-scored-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try ColumnFileWriter(
            path: path,
            schema: try TableSchema(
                columns: [
                    try ColumnSchema("id", .text), try ColumnSchema("bad", .float),
                    try ColumnSchema("prediction", .float),
                ], ids: ["id"], label: "bad"))
        for row in ids.indices {
            let label: Cell = labels[row].isNaN ? .missing : .float(labels[row])
            try writer.append([.text(ids[row]), label, .float(predictions[row])])
        }
        _ = try writer.finish()
        return try ScoredRows(try ColumnFile(path: path), task: "score", dataset: "loans", withIDs: true)
    }

    @Test func nothingIsToldOfFewRows() throws {
        let made = Self.made(330)
        let json = try #require(PredictionEvaluation(made.good, labels: made.labels)?.json)
        let curve = json["curve"]?.array ?? []
        let steps = zip(curve, curve.dropFirst()).map { (($1["rows"]?.number ?? 0) - ($0["rows"]?.number ?? 0)) * 330 }
        #expect(curve.count > 10 && steps.allSatisfy { $0 > 19.99 })
        let bands = json["bands"]?.array ?? []
        #expect(bands.count == 10 && bands.allSatisfy { ($0["rows"]?.integer ?? 0) >= 33 })
        let calibration = json["calibration"]?.array ?? []
        #expect(!calibration.isEmpty && calibration.allSatisfy { ($0["rows"]?.integer ?? 0) >= 20 })
        #expect((json["measures"]?["auc"]?.number ?? 0) > 0.75 && json["objective"]?.string == "binary")
        // Fewer rows: fewer bands; too few: nothing at all.
        let few = try #require(PredictionEvaluation(Array(made.good[..<65]), labels: Array(made.labels[..<65]))?.json)
        #expect(few["bands"]?.array?.count == 3)
        #expect(PredictionEvaluation(Array(made.good[..<19]), labels: Array(made.labels[..<19])) == nil)
        #expect(PredictionEvaluation(made.good, labels: [Double](repeating: 1, count: 330)) == nil)
        let numbers = try #require(PredictionEvaluation(made.good, labels: made.poor)?.json)
        #expect(numbers["objective"]?.string == "squared" && numbers["curve"] == nil)
    }

    @Test func theGainIsThatOfTheSameRowsInWhateverOrder() throws {
        let made = Self.made(400)
        let good = try #require(try table(made.ids, made.labels, made.good))
        let poor = try #require(try table(made.ids.reversed(), made.labels.reversed(), made.poor.reversed()))
        let uplift = try #require(good.uplift(over: [poor]))
        let (value, low, high) = (uplift["value"]?.number, uplift["low"]?.number, uplift["high"]?.number)
        let gained = try #require(value)
        #expect(gained > 0.05 && (low ?? 1) < gained && (high ?? 0) > gained && uplift["measure"]?.string == "auc")
        let back = try #require(poor.uplift(over: [good])?["value"]?.number)
        #expect(abs(back + gained) < 1e-12)
        // Rows or labels that are others cannot be compared.
        var others = made.ids
        others[3] = "somebody"
        #expect(good.uplift(over: [try #require(try table(others, made.labels, made.poor))]) == nil)
        var labels = made.labels
        labels[3] = 1 - labels[3]
        #expect(good.uplift(over: [try #require(try table(made.ids, labels, made.poor))]) == nil)
        #expect(good.uplift(over: []) == nil)
    }

    @Test func tablesOfAnotherFormAreNone() throws {
        let made = Self.made(30)
        var labels = made.labels
        labels[2] = .nan
        #expect(try table(made.ids, labels, made.good) == nil)
        #expect(ScoredRows.areScored(["label": "bad", "columns": [["name": "prediction"]]]))
        #expect(!ScoredRows.areScored(["columns": [["name": "prediction"]]]))
        #expect(!ScoredRows.areScored(["label": "bad", "columns": [["name": "x"]]]))
    }
}
