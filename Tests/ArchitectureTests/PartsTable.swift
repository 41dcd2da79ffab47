/// The table of parts in ARCHITECTURE.md: the order from which the direction of every dependency follows.
struct PartsTable {
    struct Row: Equatable {
        let target: String
        let folder: String
    }

    let rows: [Row]

    /// Reads the first table under the heading “Parts, bottom up”.
    init(_ page: String) {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let section = lines.drop { !$0.hasPrefix("## Parts, bottom up") }.dropFirst()
        let table = section.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        rows = table.dropFirst(2).compactMap { line in
            let cells = line.split(separator: "|").map { cell in cell.filter { $0 != "`" && $0 != " " } }
            return cells.count >= 2 ? Row(target: cells[0], folder: cells[1]) : nil
        }
    }

    /// Place in the order, lowest first; `nil` for what is no part.
    func place(_ target: String) -> Int? { rows.firstIndex { $0.target == target } }
}
