import Faults
import Tables

/// The table of scores that a task leaves at the guest: key columns as they are in the dataset, the label where it is asked
/// for, the score, and the probability or value that it stands for.
struct PredictionTable {
    static let score = "score"
    static let prediction = "prediction"

    /// What is written of one row.
    struct Row: Sendable {
        /// Of the dataset.
        let row: Int
        let score: Double
        let prediction: Double
    }

    /// The guest's.
    let source: PartySource
    let label: String?
    let data: TaskData

    /// - Parameter scores: by rising row of the dataset.
    /// - Throws: `TableFaults`, `BoostFaults.dataUnusable`.
    func write(_ scores: [Row]) throws(Fault) {
        let table = try data.table(source.dataset)
        let names = source.keys + (label.map { [$0] } ?? [])
        let descriptor = try data.outputDescriptor()
        try numbered { try write(scores, table, names, descriptor) }
    }

    private func write(_ scores: [Row], _ table: ColumnFile, _ names: [String], _ descriptor: Int32) throws {
        // A column that the dataset has would pass for the one that is made, also before its grants.
        for made in [Self.score, Self.prediction] where table.schema.index(of: made) != nil {
            throw Fault(
                BoostFaults.dataUnusable, "The dataset has a column that the scores would be named as.", at: made)
        }
        let places = try names.map { name in
            guard let place = table.schema.index(of: name) else {
                throw Fault(BoostFaults.dataUnusable, "The dataset has no column of that name.", at: name)
            }
            return place
        }
        let schema = try TableSchema(
            columns: places.map { table.schema.columns[$0] } + [
                try ColumnSchema(Self.score, .float), try ColumnSchema(Self.prediction, .float),
            ], ids: source.keys, label: label)
        let writer = try ColumnFileWriter(descriptor: descriptor, schema: schema)
        let categories = try places.map { try table.categories(ofColumn: $0) }
        var group = -1
        var chunks: [ColumnChunk] = []
        for scored in scores {
            let row = scored.row
            if row / table.groupRows != group {
                group = row / table.groupRows
                chunks = try places.map { try table.read(column: $0, group: group) }
            }
            let inGroup = row - group * table.groupRows
            let cells = chunks.indices.map { chunks[$0].cell(inGroup, categories: categories[$0]) }
            try writer.append(cells + [.float(scored.score), .float(scored.prediction)])
        }
        _ = try writer.finish()
    }
}
