extension FaultCatalogue {
    /// The page `docs/errors.md`: every entry under its range, in order of number.
    public static func markdown() -> String {
        var lines = [
            "# Errors",
            "",
            "Every error of Atoll has a number that never changes its meaning. `atoll explain ATL-1001` prints an entry",
            "of this page, which is generated from the catalogue in `Sources/Faults/Catalogue` (`make errors-doc`).",
            "The API answers with the status given here and carries number, place, what was wanted and the fix.",
        ]
        for range in FaultRange.allCases {
            let entries = all.filter { $0.number.range == range }
            guard !entries.isEmpty else { continue }
            lines += ["", "## \(range.rawValue)xxx: \(range.title)"]
            for entry in entries {
                lines += [
                    "", "### \(entry.number) \(entry.name)", "", entry.title, "", "- Fix: \(entry.fix)",
                    "- HTTP status: \(entry.status)",
                ]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
