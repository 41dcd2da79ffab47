extension Scorecard {
    /// By column, what it is called where all parties' columns stand in one table: its name, or "guest.NAME", "host1.NAME", …
    /// where several parties have a column of that name (capitals or not). Where such a name is one of a column again, every
    /// column is called with its party, which no two columns share.
    var tableNames: [String] {
        let labels = columns.map { Self.label($0.party, $0.name) }
        let short = zip(columns, labels).map { column, label in
            let isShared = columns.contains {
                $0.party != column.party && $0.name.lowercased() == column.name.lowercased()
            }
            return isShared ? label : column.name
        }
        if Self.areApart(short, isCaseSensitive: false) { return short }
        return Self.areApart(labels, isCaseSensitive: false) || !Self.areApart(short, isCaseSensitive: true)
            ? labels : short
    }

    /// Whether no two names are the same.
    static func areApart(_ names: [String], isCaseSensitive: Bool) -> Bool {
        Set(isCaseSensitive ? names : names.map { $0.lowercased() }).count == names.count
    }

    /// The name, with as many underscores behind it as keep it apart from others.
    static func apart(_ name: String, from others: [String]) -> String {
        var name = name
        while others.contains(name) { name += "_" }
        return name
    }
}
