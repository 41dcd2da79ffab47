import Resources

/// Resources of one kind as a table: name, scope, the kind's own columns, state and age.
struct ResourceTable: Sendable {
    let kind: KindInfo
    let isWide: Bool
    private var table: TextTable

    /// - Parameter isWatched: room is kept for what later states may say.
    init(_ kind: KindInfo, isWide: Bool, items: [JSONValue], isWatched: Bool = false, now: Timestamp = .now) {
        self.kind = kind
        self.isWide = isWide
        var titles = ["NAME"]
        if kind.scope != "platform" { titles.append("TENANT") }
        if kind.scope == "project" { titles.append("PROJECT") }
        titles += kind.columns.map(\.title) + ["STATE", "AGE"]
        if isWide { titles += ["GENERATION", "LABELS", "UID"] }
        table = TextTable(titles, leastWidths: isWatched ? ["STATE": 8, "AGE": 4] : [:])
        for item in items { table.add(cells(item, now: now)) }
    }

    /// On a terminal, lines are cut to its width, except those of the wide form.
    func text(for terminal: Terminal) -> String {
        table.text(for: isWide ? terminal.unlimited : terminal)
    }

    /// One more row, in the widths of the first ones.
    func line(_ cells: [TextTable.Cell], for terminal: Terminal) -> String {
        table.line(cells, for: isWide ? terminal.unlimited : terminal)
    }

    /// The cells of one resource, with another state where something newer than its document is known.
    func cells(_ item: JSONValue, state: TextTable.Cell? = nil, now: Timestamp = .now) -> [TextTable.Cell] {
        let resource = ResourceText(item)
        var cells = [TextTable.Cell(resource.name)]
        if kind.scope != "platform" { cells.append(.init(resource.tenant ?? "-")) }
        if kind.scope == "project" { cells.append(.init(resource.project ?? "-")) }
        cells += kind.columns.map { .init(CellText.text(item, at: $0.path)) }
        cells += [state ?? resource.state, .init(Age.text(item["metadata"]?["creationTimestamp"], now: now))]
        if isWide {
            cells += [
                .init(CellText.text(item, at: ["metadata", "generation"])), .init(resource.labels), .init(resource.uid),
            ]
        }
        return cells
    }
}
