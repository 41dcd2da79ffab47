import Resources

/// Revisions, oldest first.
enum RevisionTable {
    static func table(_ revisions: some Sequence<JSONValue>, now: Timestamp = .now) -> TextTable {
        var table = TextTable(["REVISION", "TIME", "AGE", "AUTHOR", "REASON"])
        for revision in revisions {
            let reason = CellText.text(revision["reason"])
            table.add([
                .init(CellText.text(revision["number"])), .init(CellText.text(revision["time"])),
                .init(Age.text(revision["time"], now: now)), .init(CellText.text(revision["author"])),
                isDeletion(revision)
                    ? .init(reason == "-" ? "deleted" : "deleted: \(reason)", .warning) : .init(reason),
            ])
        }
        return table
    }

    /// A revision without a spec records that the resource was deleted.
    static func isDeletion(_ revision: JSONValue) -> Bool {
        revision["spec"] == nil || revision["spec"] == .null
    }
}
