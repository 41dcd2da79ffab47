import API
import ArgumentParser
import Faults
import Resources

/// How an error leaves the program: words on standard error, and an exit code.
struct ErrorReport: Sendable {
    let fault: Fault
    /// `-o json` was asked for: programs read the error too.
    let isJSON: Bool

    init(_ fault: Fault, arguments: [String], root: any ParsableCommand.Type) {
        let isGeneral = fault.is(ProgramFaults.usage) && fault.fix == ProgramFaults.usage.fix
        self.fault =
            isGeneral
            ? Fault(fault.entry, fault.what, at: fault.place, wanted: fault.wanted, fix: Self.help(arguments, root))
            : fault
        self.isJSON = Self.wantsJSON(arguments)
    }

    var status: ExitStatus { ExitStatus(fault) }

    func text(for terminal: Terminal) -> String {
        if isJSON { return JSONWriter.pretty(Problem.json(fault)) }
        let text = TerminalText.lines(fault.description)
        let number = fault.number.description
        return terminal.paint(number, .bad) + text.dropFirst(number.count)
    }

    /// Whether the arguments ask for JSON, also when they cannot be parsed as a whole.
    static func wantsJSON(_ arguments: [String]) -> Bool {
        let own = arguments.prefix { $0 != "--" }
        return zip(own, own.dropFirst() + [""]).contains { word, next in
            ["-ojson", "-o=json", "--output=json"].contains(word)
                || (["-o", "--output"].contains(word) && next == "json")
        }
    }

    /// What the parser's complaint means as a numbered error.
    static func usage(_ error: any Error, arguments: [String], root: any ParsableCommand.Type) -> Fault {
        let command = CommandLineSpelling.path(of: arguments, root: root).commands.last!
        let message = root.message(for: error)
        var lines = message.split(separator: "\n", maxSplits: 1)
        let first = lines.isEmpty ? ProgramFaults.usage.title : String(lines.removeFirst())
        let detail = lines.first.map { $0.split(separator: "\n").map { $0.trimmingSpaces }.joined(separator: " ") }
        return Fault(
            ProgramFaults.usage,
            first.hasSuffix(".") || first.hasSuffix("?") ? first : first + ".",
            wanted: detail ?? command.usageLine(root: root),
            fix: help(arguments, root)
        )
    }

    private static func help(_ arguments: [String], _ root: any ParsableCommand.Type) -> String {
        let commands = CommandLineSpelling.path(of: arguments, root: root).commands
        return "See `\(commands.map { $0.atollName }.joined(separator: " ")) --help`."
    }
}

extension ParsableCommand {
    /// The command's usage on one line.
    fileprivate static func usageLine(root: any ParsableCommand.Type) -> String? {
        let usage = root.usage(of: self).split(separator: "\n").map(\.trimmingSpaces).joined(separator: " ")
        return usage.isEmpty ? nil : usage
    }

    fileprivate static func usage(of command: any ParsableCommand.Type) -> String {
        usageString(for: command)
    }
}

extension StringProtocol {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
