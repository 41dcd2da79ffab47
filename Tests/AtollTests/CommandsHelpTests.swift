import ArgumentParser
import Faults
import Testing

@testable import atoll

@Suite struct CommandsHelpTests {
    /// Every command with the path that calls it.
    private static func commands(
        _ command: any ParsableCommand.Type = Atoll.self,
        _ path: String = "atoll"
    ) -> [(path: String, type: any ParsableCommand.Type)] {
        [(path, command)]
            + command.configuration.subcommands.flatMap { commands($0, "\(path) \($0.atollName)") }
    }

    private static func help(_ command: any ParsableCommand.Type) -> String {
        Atoll.helpMessage(for: command, columns: Atoll.helpColumns)
    }

    @Test func everyCommandHasExamplesAndFits100Columns() {
        let commands = Self.commands()
        #expect(commands.count > 15)
        for (path, type) in commands {
            let help = Self.help(type)
            #expect(help.contains("EXAMPLES"), "\(path)")
            #expect(help.contains("  \(path)"), "\(path) has no example of itself")
            for line in help.split(separator: "\n") {
                #expect(DisplayWidth.of(line) <= Atoll.helpColumns, "\(path): \(line)")
            }
        }
    }

    @Test func everyExampleParses() throws {
        for (path, type) in Self.commands() {
            let lines = Self.help(type).split(separator: "\n").map(String.init)
            let examples = lines.filter { $0.hasPrefix("  atoll ") && !$0.contains("<") }
            for example in examples {
                let words = Self.words(of: example)
                try CommandLineSpelling.check(words, root: Atoll.self)
                #expect(throws: Never.self, "\(path): \(example)") { try Atoll.parsed(words) }
            }
        }
    }

    @Test func theProgramsHelpListsEveryExitCode() {
        let help = Self.help(Atoll.self)
        for status in ExitStatus.allCases {
            #expect(help.contains("\(status.rawValue)  \(status.meaning)"))
        }
    }

    /// The arguments of the first `atoll` of a line, without remark and pipe.
    private static func words(of example: String) -> [String] {
        var text = example.trimmingPrefix { $0 == " " }[...]
        for end in ["   ", " | ", " # "] {
            if let range = text.firstRange(of: end) { text = text[..<range.lowerBound] }
        }
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == " ", !isQuoted {
                words.append(word)
                word = ""
            } else {
                word.append(character)
            }
        }
        return (words + [word]).filter { !$0.isEmpty }.dropFirst().map { $0 }
    }
}
