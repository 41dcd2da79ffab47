/// A table with a caption, heads with a scope, and rows whose first cell names them. A script sorts it by its heads.
struct Table {
    struct Column {
        let title: Words
        /// Numbers stand to the right.
        var isNumber = false

        init(_ title: Words, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    struct Cell {
        let html: HTML
        /// What is sorted by, where that is not what is shown.
        var key: String?

        init(_ html: HTML, sortedBy key: String? = nil) {
            self.html = html
            self.key = key
        }

        /// Sorted by the number itself, not by its unit.
        static func bytes(_ count: Int64?) -> Cell {
            Cell(plain(count.map(bytesText) ?? "–"), sortedBy: count.map { "\($0)" })
        }
    }

    let caption: Words
    let columns: [Column]
    var rows: [[Cell]] = []

    init(_ caption: Words, _ columns: [Column], rows: [[HTML]]) {
        self.init(caption, columns, cells: rows.map { $0.map { Cell($0) } })
    }

    init(_ caption: Words, _ columns: [Column], cells: [[Cell]]) {
        self.caption = caption
        self.columns = columns
        rows = cells
    }

    var html: HTML {
        // Tables that are too wide scroll by themselves, by keyboard too.
        tag("div", .class("scroll"), Attribute("tabindex", "0"), Attribute("role", "region"), .label(caption)) {
            tag("table", .flag("data-sortable", rows.count > 1)) {
                // The heading above says it to those who see.
                tag("caption", .class("unseen")) { caption }
                tag("thead") {
                    tag("tr") {
                        for column in columns {
                            tag("th", Attribute("scope", "col"), .optional("class", column.isNumber ? "n" : nil)) {
                                column.title
                            }
                        }
                    }
                }
                tag("tbody") {
                    for row in rows {
                        tag("tr") {
                            for (index, cell) in row.enumerated() { self.cell(index, cell) }
                        }
                    }
                }
            }
        }
    }

    private func cell(_ index: Int, _ cell: Cell) -> HTML {
        let attributes: [Attribute] = [
            .optional("class", columns.indices.contains(index) && columns[index].isNumber ? "n" : nil),
            .optional("data-key", cell.key),
        ]
        return index == 0
            ? tag("th", [Attribute("scope", "row")] + attributes) { cell.html }
            : tag("td", attributes) { cell.html }
    }
}
