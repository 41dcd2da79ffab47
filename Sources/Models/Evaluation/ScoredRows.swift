import Modeling
import Resources
import Tables

/// A table of predictions beside labels, as `predict`, `predict.logistic` and `baseline.boosting` leave it.
struct ScoredRows: Sendable {
    let task: String
    let dataset: String
    /// The column of labels.
    let label: String
    /// The ids of the rows, their parts joined by a unit separator; empty where they were not asked for.
    let ids: [String]
    let predictions: [Double]
    let labels: [Double]

    private static let prediction = "prediction"

    /// Whether a dataset's document says that it is such a table.
    static func areScored(_ spec: JSONValue) -> Bool {
        spec["label"]?.string != nil
            && (spec["columns"]?.array ?? []).contains { $0["name"]?.string == prediction }
    }

    /// - Returns: nil for a table of another form, and for one with a label missing.
    /// - Throws: `TableFaults`.
    init?(_ file: ColumnFile, task: String, dataset: String, withIDs: Bool) throws {
        guard let label = file.schema.label, let labels = try Self.numbers(label, file),
            let predictions = try Self.numbers(Self.prediction, file),
            labels.allSatisfy(\.isFinite), predictions.allSatisfy(\.isFinite)
        else { return nil }
        (self.task, self.dataset, self.label) = (task, dataset, label)
        (self.labels, self.predictions) = (labels, predictions)
        var ids = [String](repeating: "", count: withIDs ? file.rows : 0)
        for name in withIDs ? file.schema.ids : [] {
            guard let column = file.schema.index(of: name) else { return nil }
            let categories = try file.categories(ofColumn: column)
            var row = 0
            for group in 0..<file.groups {
                let chunk = try file.read(column: column, group: group)
                for index in 0..<chunk.count {
                    ids[row] += chunk.cell(index, categories: categories).text + "\u{1F}"
                    row += 1
                }
            }
        }
        self.ids = ids
    }

    private static func numbers(_ name: String, _ file: ColumnFile) throws -> [Double]? {
        guard let column = file.schema.index(of: name) else { return nil }
        var values: [Double] = []
        values.reserveCapacity(file.rows)
        for group in 0..<file.groups {
            guard let part = try file.read(column: column, group: group).doubles else { return nil }
            values += part
        }
        return values
    }

    /// How much better these are than the last of the others that has the same rows and labels.
    ///
    /// - Returns: nil where none has, or where nothing can be compared.
    func uplift(over others: [ScoredRows]) -> [String: JSONValue]? {
        guard !ids.isEmpty else { return nil }
        for other in others.reversed() where other.ids.count == ids.count {
            var places: [String: Int] = [:]
            for (place, id) in other.ids.enumerated() { places[id] = place }
            let order = ids.compactMap { places[$0] }
            guard order.count == ids.count, places.count == ids.count, order.map({ other.labels[$0] }) == labels else {
                continue
            }
            let isBinary = PredictionEvaluation.isBinary(labels)
            guard
                let found = PairedComparison(
                    order.map { other.predictions[$0] }, predictions, labels: labels, isBinary: isBinary)
            else { return nil }
            return [
                "task": .string(other.task), "measure": .string(isBinary ? "auc" : "rmse"),
                "value": .number(found.value), "low": .number(found.low), "high": .number(found.high),
            ]
        }
        return nil
    }
}
