import Resources

/// Differences between two specs, as the API lists them, for people.
enum ChangeText {
    /// Three lines a change: the path, what was there, what is there now.
    static func lines(_ changes: [JSONValue], indent: String = "  ", for terminal: Terminal) -> [String] {
        changes.flatMap { change in
            var lines = [indent + TerminalText.line(change["path"]?.string ?? "?")]
            if let old = change["old"] {
                lines.append(terminal.paint("\(indent)  - \(TerminalText.line(CellText.literal(old)))", .bad))
            }
            if let new = change["new"] {
                lines.append(terminal.paint("\(indent)  + \(TerminalText.line(CellText.literal(new)))", .good))
            }
            return lines
        }
    }

    /// `spec.contact, spec.displayName and 3 more`, in few words.
    static func summary(_ changes: [JSONValue]) -> String {
        let paths = changes.compactMap { $0["path"]?.string }.map(TerminalText.line)
        let shown = paths.prefix(4).joined(separator: ", ")
        return paths.count > 4 ? "\(shown) and \(paths.count - 4) more" : shown
    }
}
