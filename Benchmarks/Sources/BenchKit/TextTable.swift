/// A table for people: columns as wide as their widest cell, two spaces between.
struct TextTable {
    enum Side {
        case left
        case right
    }

    let columns: [(title: String, side: Side)]
    private(set) var rows: [[String]] = []

    init(_ columns: [(title: String, side: Side)]) {
        self.columns = columns
    }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count)
        rows.append(cells)
    }

    /// The lines without trailing spaces, the titles first.
    var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { cells in
            var line = ""
            for (column, cell) in cells.enumerated() {
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                line += columns[column].side == .left ? cell + gap : gap + cell
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

extension BenchReport {
    /// The report for people.
    public var text: String {
        var table = TextTable([
            ("row", .left), ("value", .right), ("min", .right), ("max", .right), ("runs", .right), ("unit", .left),
            ("against", .left), ("ratio", .right), ("goal", .left), ("met", .left),
        ])
        for row in rows {
            table.add([
                row.name, Figure.short(row.value), Figure.short(row.min), Figure.short(row.max), String(row.runs),
                row.unit, row.against.map { "\(Figure.short($0.value)) \($0.name)" } ?? "",
                row.ratio.map { Figure.short($0) } ?? "", row.goal?.description ?? "",
                row.goal == nil ? "" : row.met.map { $0 ? "yes" : "NO" } ?? "not applicable",
            ])
        }
        let kernels = machine.kernels.isEmpty ? "" : ", kernels \(machine.kernels.joined(separator: ", "))"
        return (["bench \(bench): \(machine.cpu), \(machine.cores) cores\(kernels)", ""] + table.lines)
            .joined(separator: "\n")
    }
}

extension Goal: CustomStringConvertible {
    public var description: String {
        "\(quantity.rawValue) \(direction.rawValue) \(Figure.short(bound))"
    }
}

/// Figures for people.
enum Figure {
    /// Four significant digits below 1,000, whole numbers with thousands separated above.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return String(value) }
        let size = abs(value)
        if size >= 999.5 { return grouped(value.rounded()) }
        if size == 0 { return "0" }
        var decimals = 3
        var limit = 9.9995
        while decimals > 0, size >= limit {
            decimals -= 1
            limit *= 10
        }
        if size < 0.1 { decimals = 5 }
        return fixed(value, decimals)
    }

    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % scale)
        return sign + String(scaled / scale) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    private static func grouped(_ value: Double) -> String {
        guard abs(value) < 1e15 else { return String(value) }
        var digits = String(Int(abs(value)))[...]
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        groups.insert(digits, at: 0)
        return (value < 0 ? "-" : "") + groups.joined(separator: ",")
    }
}
