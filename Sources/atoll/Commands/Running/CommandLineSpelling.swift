import ArgumentParser
import Faults
import Resources

/// Catches mistyped subcommands before parsing, where the nearest known name can still be offered.
enum CommandLineSpelling {
    /// Words that people know from other programs.
    private static let synonyms = [
        "list": "get", "ls": "get", "create": "apply", "add": "apply", "show": "describe", "rm": "delete",
        "remove": "delete", "log": "history", "undo": "rollback", "start": "serve", "run": "serve", "server": "serve",
        "status": "doctor", "check": "doctor", "types": "kinds",
    ]

    /// - Parameter arguments: without the program's name.
    /// - Throws: `ProgramFaults.usage`.
    static func check(_ arguments: [String], root: any ParsableCommand.Type) throws(Fault) {
        let (commands, rest) = path(of: arguments, root: root)
        let known = commands.last!.configuration.subcommands.map { $0.atollName }
        guard let word = rest.first, !word.hasPrefix("-"), !known.isEmpty else { return }
        let isHelp = commands.count == 1 && word == "help"
        if isHelp {
            let words = rest.dropFirst().filter { !$0.hasPrefix("-") }
            try check(words, root: root)
            return
        }
        let name = commands.map { $0.atollName }.joined(separator: " ")
        let meant =
            Nearest.name(to: word, among: known + ["help"]) ?? synonyms[word].flatMap { known.contains($0) ? $0 : nil }
        throw Fault(
            ProgramFaults.usage,
            "\(name) has no command '\(TerminalText.line(String(word.prefix(40))))'.",
            wanted: meant.map { "did you mean '\(name) \($0)'?" } ?? "one of " + known.joined(separator: ", "),
            fix: "See `\(name) --help`."
        )
    }

    /// The commands that the arguments name, the root first, and what follows them.
    static func path(
        of arguments: [String],
        root: any ParsableCommand.Type
    ) -> (commands: [any ParsableCommand.Type], rest: ArraySlice<String>) {
        var commands: [any ParsableCommand.Type] = [root]
        var rest = arguments[...]
        while let word = rest.first,
            let next = commands.last!.configuration.subcommands.first(where: { $0.atollName == word })
        {
            commands.append(next)
            rest = rest.dropFirst()
        }
        return (commands, rest)
    }
}

extension ParsableCommand {
    /// The word that calls it.
    static var atollName: String {
        configuration.commandName ?? String(describing: self).lowercased()
    }
}
