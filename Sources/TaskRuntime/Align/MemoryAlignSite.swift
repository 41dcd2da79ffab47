public import Faults
public import PrivateSetIntersection
import Synchronization

/// A site whose datasets are rows of keys in memory; keeps what it is given.
public final class MemoryAlignSite: AlignSite {
    private let datasets: [String: [[String?]]]
    private let kept = Mutex<[UInt32]>([])

    /// - Parameter datasets: for each dataset its rows, and of each row the keys of the columns asked for.
    public init(_ datasets: [String: [[String?]]]) {
        self.datasets = datasets
    }

    /// What the task wrote, in its order.
    public var rows: [UInt32] { kept.withLock { $0 } }

    public func ids(of dataset: String, columns: [String], rules: KeyRules) throws(Fault) -> any AlignInput {
        guard let rows = datasets[dataset] else { throw Fault(TaskFaults.dataMissing, at: "dataset \(dataset)") }
        return Input(rows: rows, rules: rules)
    }

    public func output() -> any AlignOutput { Output(site: self) }

    private struct Input: AlignInput {
        let rows: [[String?]]
        let rules: KeyRules

        func reader() -> any AlignReader { Reader(input: self) }
    }

    private struct Reader: AlignReader {
        let input: Input
        var next = 0

        mutating func next(atMost most: Int) -> AlignBlock? {
            guard next < input.rows.count else { return nil }
            var block = AlignBlock()
            let end = min(input.rows.count, next + most)
            for row in next..<end { block.append(row: UInt32(row), id: input.rules.identifier(of: input.rows[row])) }
            next = end
            return block
        }
    }

    private struct Output: AlignOutput {
        let site: MemoryAlignSite

        func begin() { site.kept.withLock { $0 = [] } }
        func append(_ rows: [UInt32]) { site.kept.withLock { $0 += rows } }

        func end() {}
    }
}
