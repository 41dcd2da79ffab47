import Faults
import PrivateSetIntersection
import Synchronization
import Tables

/// Reads ids from the tables that the site has opened, and leaves this party's rows of the common ids, with all their
/// columns, as a table in the common order.
struct TableAlignSite: AlignSite {
    let data: TaskData
    /// Whose rows the output takes.
    let dataset: String

    func ids(of dataset: String, columns: [String], rules: KeyRules) throws(Fault) -> any AlignInput {
        let table = try data.table(dataset)
        let places = try columns.map { name throws(Fault) in
            guard let place = table.schema.columns.firstIndex(where: { $0.name == name }) else {
                throw Fault(AlignFaults.columnUnusable, "The dataset has no key column of that name.", at: name)
            }
            // Two parties write one real number in many ways.
            guard table.schema.columns[place].type != .float else {
                throw Fault(AlignFaults.columnUnusable, "A column of floats cannot be a key.", at: name)
            }
            return place
        }
        return Input(table: table, columns: places, rules: rules)
    }

    func output() throws(Fault) -> any AlignOutput {
        Output(table: try data.table(dataset), descriptor: try data.outputDescriptor())
    }

    private struct Input: AlignInput {
        let table: ColumnFile
        let columns: [Int]
        let rules: KeyRules

        func reader() throws(Fault) -> any AlignReader {
            Reader(input: self, categories: try numbered { try columns.map { try table.categories(ofColumn: $0) } })
        }
    }

    private struct Reader: AlignReader {
        let input: Input
        let categories: [[String]]
        private var row = 0
        private var group = -1
        private var chunks: [ColumnChunk] = []

        init(input: Input, categories: [[String]]) {
            self.input = input
            self.categories = categories
        }

        mutating func next(atMost most: Int) throws(Fault) -> AlignBlock? {
            let table = input.table
            guard row < table.rows else { return nil }
            if group != row / table.groupRows {
                group = row / table.groupRows
                chunks = try numbered { try input.columns.map { try table.read(column: $0, group: group) } }
            }
            let start = group * table.groupRows
            let end = min(row + most, start + table.rows(inGroup: group))
            var block = AlignBlock()
            for row in row..<end {
                let keys = chunks.indices.map { key -> String? in
                    let cell = chunks[key].cell(row - start, categories: categories[key])
                    return cell == .missing ? nil : cell.text
                }
                block.append(row: UInt32(row), id: input.rules.identifier(of: keys))
            }
            row = end
            return block
        }
    }

    /// A worker that goes on from a checkpoint was given a new file, so nothing is ever taken back.
    private final class Output: AlignOutput {
        private let table: ColumnFile
        private let descriptor: Int32
        private let arrangement = Mutex<TableArrangement?>(nil)

        init(table: ColumnFile, descriptor: Int32) {
            self.table = table
            self.descriptor = descriptor
        }

        func begin() throws(Fault) {
            try arrangement.withLock { arrangement throws(Fault) in
                guard arrangement == nil else { throw Fault(TaskFaults.protocolBroken) }
                arrangement = try numbered { try TableArrangement(of: table, to: descriptor) }
            }
        }

        func append(_ rows: [UInt32]) throws(Fault) {
            try arrangement.withLock { arrangement throws(Fault) in try numbered { try arrangement?.append(rows) } }
        }

        func end() throws(Fault) {
            try arrangement.withLock { arrangement throws(Fault) in
                try numbered { _ = try arrangement?.finish() }
            }
        }
    }
}
