import Faults

/// What is wrong in a CSV file: the first places, and how many there are in all.
struct CSVProblems {
    static let mostNamed = 20

    private(set) var count = 0
    private(set) var named: [Fault] = []

    /// One cell or row of a batch that does not fit; places are told only for those that are named.
    struct Found {
        let row: Int
        let column: Int
        let entry: FaultEntry
    }

    var hasRoom: Bool { named.count < Self.mostNamed }

    /// Adds faults in the order of the file, naming them while there is room. None says what stands in a cell.
    mutating func add(_ faults: [Fault]) {
        count += faults.count
        named += faults.prefix(Self.mostNamed - named.count)
    }

    /// Counts what is beyond the places that are named.
    mutating func add(unnamed more: Int) { count += more }

    /// The fault of the whole file; `nil` when nothing is wrong.
    var fault: Fault? {
        guard count > 0 else { return nil }
        let rest = count > named.count ? "; the first \(named.count) are named" : ""
        return Fault(
            TableFaults.csvCells, "\(count) place\(count == 1 ? " does" : "s do") not fit the schema\(rest).",
            parts: named)
    }
}
