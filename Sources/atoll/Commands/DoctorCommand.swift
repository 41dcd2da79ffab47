import ArgumentParser
import Resources

/// `atoll doctor`: checks the installation from here, then asks the server for its own checks.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation: data directory, socket, server, store.",
        discussion: """
            All checks run; none stops the others. Ends with 5 when at least one fails. With -o json the shape is \
            {"items": [{"id", "status": "pass" | "warn" | "fail", "found", "wanted", "fix"}]}.

            EXAMPLES:
              atoll doctor
              atoll doctor --data ./site -o json
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let checks = await LocalChecks(location: try connection.location()).run()
        let items = checks.map(\.json)
        try Console.write(output.document(["items": .array(items)]) ?? Self.text(checks, for: .output))
        if checks.contains(where: { $0.status == .fail }) { throw ExitCode(ExitStatus.checksFailed.rawValue) }
    }

    static func text(_ checks: [CheckResult], for terminal: Terminal) -> String {
        let width = checks.map(\.id.count).max() ?? 0
        var lines = checks.flatMap { check in
            let mark = terminal.paint(check.status.rawValue, check.status.colour)
            let id = check.id + String(repeating: " ", count: width - check.id.count)
            var lines = ["\(mark)  \(id)  \(TerminalText.line(check.found))"]
            if check.status != .pass {
                let margin = String(repeating: " ", count: width + 8)
                if !check.wanted.isEmpty { lines.append("\(margin)wanted: \(TerminalText.line(check.wanted))") }
                if !check.fix.isEmpty { lines.append("\(margin)fix:    \(TerminalText.line(check.fix))") }
            }
            return lines
        }
        let counts = CheckResult.Status.allCases.map { status in
            "\(checks.count { $0.status == status }) \(status.rawValue)"
        }
        lines.append(counts.joined(separator: ", "))
        return lines.joined(separator: "\n")
    }
}

extension CheckResult.Status {
    fileprivate var colour: Colour {
        switch self {
        case .pass: .good
        case .warn: .warning
        case .fail: .bad
        }
    }
}
