/// Rows of cells in aligned columns, two spaces apart, without spaces at the end of a line.
struct TextTable: Sendable {
    struct Cell: Sendable, Hashable, ExpressibleByStringLiteral {
        let text: String
        let colour: Colour?

        init(_ text: String, _ colour: Colour? = nil) {
            self.text = TerminalText.line(text)
            self.colour = colour
        }

        init(stringLiteral value: String) {
            self.init(value)
        }
    }

    let titles: [String]
    private let leastWidths: [String: Int]
    private(set) var rows: [[Cell]] = []

    /// - Parameter leastWidths: by title, for columns whose later rows may be wider than those known now.
    init(_ titles: [String], leastWidths: [String: Int] = [:]) {
        self.titles = titles
        self.leastWidths = leastWidths
    }

    mutating func add(_ cells: [Cell]) {
        precondition(cells.count == titles.count, "a row has as many cells as the table has columns")
        rows.append(cells)
    }

    /// Lines joined by line ends, titles first.
    func text(for terminal: Terminal) -> String {
        let widths = widths(columns: terminal.columns)
        let head = line(titles.map { Cell($0, .strong) }, widths, terminal)
        return ([head] + rows.map { line($0, widths, terminal) }).joined(separator: "\n")
    }

    /// One more row in the widths of this table, for rows that come later.
    func line(_ cells: [Cell], for terminal: Terminal) -> String {
        line(cells, widths(columns: terminal.columns), terminal)
    }

    /// Natural widths; on a terminal that is too narrow the widest column but the first gives way, down to eight.
    private func widths(columns: Int?) -> [Int] {
        var widths = titles.indices.map { index in
            let least = max(DisplayWidth.of(titles[index]), leastWidths[titles[index]] ?? 0)
            return rows.reduce(least) { max($0, DisplayWidth.of($1[index].text)) }
        }
        guard let columns else { return widths }
        while widths.reduce(0, +) + 2 * (widths.count - 1) > columns {
            let widest = widths.indices.dropFirst().max { widths[$0] < widths[$1] }
            guard let widest, widths[widest] > max(8, DisplayWidth.of(titles[widest])) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ terminal: Terminal) -> String {
        var line = ""
        var gap = 0
        for (cell, width) in zip(cells, widths) {
            let text = terminal.columns == nil ? cell.text : TerminalText.cut(cell.text, columns: width)
            if !text.isEmpty {
                line += String(repeating: " ", count: gap) + terminal.paint(text, cell.colour)
                gap = 0
            }
            gap += width - DisplayWidth.of(text) + 2
            gap = max(gap, text.isEmpty ? gap : 2)
        }
        return line
    }
}
