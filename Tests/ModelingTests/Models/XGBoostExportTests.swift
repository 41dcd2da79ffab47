import Foundation
import Testing

@testable import Modeling

/// Exported models and what XGBoost made of them (`Tests/Vectors/xgboost_vectors.py`): the answers hold only for these very
/// models, so each test first compares the export with the model that XGBoost was given.
@Suite struct XGBoostExportTests {
    struct Vectors: Decodable {
        let values: [[Double?]]
        let labels: [String: [Double]]
        let models: [String: Answers]

        struct Answers: Decodable {
            let predictions, margins: [Double]
            let contributions: [[Double]]
            let gains: [String: Double]
        }
    }

    private let vectors: Vectors
    private let columns: [[(name: String, values: [Double])]]

    init() throws {
        let vectors: Vectors = try VectorFile.read("xgboost.json")
        self.vectors = vectors
        // The last name has what XGBoost does not allow in one.
        let names = ["a", "b", "c", "d", "e", "f[<]\"é"]
        let all = zip(names, vectors.values).map { (name: $0, values: $1.map { $0 ?? .nan }) }
        columns = [Array(all[..<3]), Array(all[3...])]
    }

    private func model(_ objective: Objective) throws -> BoostedModel {
        var settings = BoostingSettings(objective: objective)
        settings.trees = 6
        settings.depth = 4
        settings.cellGuard = 5
        settings.baseScore = objective == .binary ? -0.7 : nil
        let labels = try #require(vectors.labels[objective.rawValue])
        let data = try TrainingData(
            keys: labels.indices.map { RowKey.key(of: "\($0)") }, labels: labels,
            parties: columns.map { try PartyColumns(binning: $0) })
        return try BoostingTrainer(settings).train(data).model
    }

    private var byName: [ColumnValues] {
        columns.map { Dictionary(uniqueKeysWithValues: $0.map { ($0.name, $0.values) }) }
    }

    @Test(arguments: Objective.allCases)
    func xgboostPredictsTheSameFromTheExport(objective: Objective) throws {
        let model = try model(objective)
        let text = try model.xgboostJSON() + "\n"
        let file = VectorFile.url("xgboost_\(objective.rawValue).json")
        if ProcessInfo.processInfo.environment["ATOLL_WRITE_VECTORS"] == "1" { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "another model than XGBoost was asked about")
        let answers = try #require(vectors.models[objective.rawValue])
        let scale = objective == .binary ? 1 : 100.0
        for (found, wanted) in try zip(model.predictions(byName), answers.predictions) {
            #expect(abs(found - wanted) <= 1e-6 * scale)
        }
        for (found, wanted) in try zip(model.scores(byName), answers.margins) {
            #expect(abs(found - wanted) <= 1e-6 * scale)
        }
    }

    /// Every machine and every way to build gives these very models, gains included.
    @Test(arguments: [
        (Objective.binary, "51b00f333d6d3f60ae1f10000e6833c8c514566afb48f38b7e489065ae4725a1"),
        (.squared, "ef53bce970c3938bad3490b8a329e39a2cc706ae96e7ec0aac051475ebe7b788"),
    ])
    func modelsAreTheSameEverywhere(objective: Objective, digest: String) throws {
        #expect(try model(objective).digest().description == digest)
    }

    /// XGBoost's `pred_contribs` is the same algorithm, in 32-bit floating point; its last column is the expected score.
    @Test(arguments: Objective.allCases)
    func reasonsAreThoseOfXGBoost(objective: Objective) throws {
        let reasons = try model(objective).reasons(byName)
        let answers = try #require(vectors.models[objective.rawValue])
        let places = reasons.columns.map { column in
            (column.party == 0 ? 0 : 3) + columns[column.party].firstIndex { $0.name == column.name }!
        }
        #expect(places.count >= 5)
        let tolerance = objective == .binary ? 2e-5 : 1e-3
        for (row, wanted) in zip(reasons.rows, answers.contributions) {
            #expect(abs(reasons.expected - wanted[6]) <= tolerance)
            for (place, amount) in zip(places, row) { #expect(abs(amount - wanted[place]) <= tolerance) }
        }
    }

    @Test(arguments: Objective.allCases)
    func importanceIsThatOfXGBoost(objective: Objective) throws {
        let model = try model(objective)
        let answers = try #require(vectors.models[objective.rawValue])
        #expect(model.importance.count == answers.gains.count)
        for column in model.importance {
            let plain = column.column.replacing(/[<\[\]]/, with: "_")
            let wanted = try #require(answers.gains[(column.party == 0 ? "guest." : "host1.") + plain])
            #expect(abs(column.gain - wanted) <= 1e-5 * wanted)
        }
    }
}
