import Resources

/// The same on the command line, folded away.
///
/// - Parameters:
///   - lines: words of each command, as they are: what a shell would read otherwise is quoted here.
///   - id: unique in the page.
func commandLines(_ lines: [[String]], id: String = "commands") -> HTML {
    commandLines(lines.map(shellText), id: id)
}

/// The same with commands that are written out, each in which what people named is a `shellWord`.
func commandLines(_ commands: [String], id: String = "commands") -> HTML {
    more(Words("On the command line", "命令行")) {
        copyable(commands.joined(separator: "\n"), id: id, Words("Commands", "命令"))
    }
}

extension Scope {
    /// The end of a command line that names the place: ` --tenant risk --project cards`.
    var optionText: String { options.isEmpty ? "" : " " + shellText(options) }
}

/// A word as a POSIX shell reads it back.
func shellWord(_ text: String) -> String { shellText([text]) }

/// Words as a POSIX shell reads them back, each as one word.
func shellText(_ words: [String]) -> String {
    words.map { word in
        let isPlain = !word.isEmpty && word.utf8.allSatisfy(isPlainInShell)
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }.joined(separator: " ")
}

private func isPlainInShell(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: ","), UInt8(ascii: "="):
        true
    default: false
    }
}
