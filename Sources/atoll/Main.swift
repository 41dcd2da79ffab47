import ArgumentParser
import Faults

/// The program: parses the command line, runs one command, and ends with a documented exit code.
struct Atoll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "atoll",
        abstract:
            "Train, verify, release and serve credit-risk models together; every institution's rows stay at home.",
        discussion: discussion,
        subcommands: [WorkerCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Resources",
                subcommands: [
                    ApplyCommand.self, GetCommand.self, DescribeCommand.self, DeleteCommand.self, WatchCommand.self,
                ]
            ),
            CommandGroup(
                name: "Revisions",
                subcommands: [HistoryCommand.self, DiffCommand.self, RollbackCommand.self]
            ),
            CommandGroup(
                name: "Site",
                subcommands: [
                    ServeCommand.self, ConfigCommand.self, SecretCommand.self, PeerSiteCommand.self, PeerCommand.self,
                    LedgerCommand.self, TopCommand.self,
                ]
            ),
            CommandGroup(
                name: "People",
                subcommands: [
                    LoginCommand.self, LogoutCommand.self, WhoamiCommand.self, UserCommand.self, RoleCommand.self,
                    TenantCommand.self, ProjectCommand.self, TokenCommand.self, DirectoryCommand.self,
                    QuotaCommand.self, ApprovalCommand.self, AuditCommand.self,
                ]
            ),
            CommandGroup(name: "Data", subcommands: [DataCommand.self, FileCommand.self, GrantCommand.self]),
            CommandGroup(
                name: "Jobs",
                subcommands: [JobCommand.self, ModelCommand.self, OperatorsCommand.self, TrialCommand.self]),
            CommandGroup(name: "Network", subcommands: [RouteCommand.self, VerifyCommand.self]),
            CommandGroup(
                name: "Help",
                subcommands: [
                    KindsCommand.self, ExplainCommand.self, DoctorCommand.self, VersionCommand.self, BenchCommand.self,
                ]
            ),
        ]
    )

    private static let discussion = """
        EXAMPLES:
          atoll serve --data ./site                       start a site; everything else speaks to it
          export ATOLL_DATA=./site                        so that no later command needs --data
          atoll kinds                                     what can be declared
          atoll explain tenant                            its fields, and a complete example
          atoll apply -f tenant.yaml                      make it so
          atoll get tenants                               see it
          atoll doctor                                    check the installation
          atoll login https://HOST:9371 --user NAME       speak to a site elsewhere, with --server or ATOLL_SERVER

        EXIT CODES:
        \(ExitStatus.allCases.map { "  \($0.rawValue < 10 ? " " : "")\($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))
        """

    /// Help is never wider than this.
    static let helpColumns = 100

    /// Runs one command line and reports what went wrong.
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            if arguments == ["--version"] {
                try Console.write(ProgramVersion.text)
                return ExitStatus.done.rawValue
            }
            try CommandLineSpelling.check(arguments, root: Self.self)
            var command = try parsed(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch {
            return status(of: error, arguments)
        }
    }

    /// Runs the command line of a command that is not asynchronous, on this thread.
    static func runNow(_ arguments: [String]) -> Int32 {
        do {
            try CommandLineSpelling.check(arguments, root: Self.self)
            var command = try parsed(arguments)
            try command.run()
            return ExitStatus.done.rawValue
        } catch {
            return status(of: error, arguments)
        }
    }

    /// - Throws: `ProgramFaults.usage`, or a request for help as the parser throws it.
    static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        do {
            return try parseAsRoot(arguments)
        } catch {
            if exitCode(for: error).isSuccess { throw error }
            throw ErrorReport.usage(error, arguments: arguments, root: Self.self)
        }
    }

    private static func status(of error: any Error, _ arguments: [String]) -> Int32 {
        switch error {
        case let fault as Fault: report(fault, arguments)
        case let code as ExitCode: code.rawValue
        default: finish(error, arguments)
        }
    }

    /// Requests for help and the like; everything else has no number of its own.
    private static func finish(_ error: any Error, _ arguments: [String]) -> Int32 {
        guard exitCode(for: error).isSuccess else {
            return report(Fault(ProgramFaults.unexpected, "The command failed: \(error)."), arguments)
        }
        do {
            let columns = min(Terminal.output.columns ?? helpColumns, helpColumns)
            try Console.write(fullMessage(for: error, columns: columns))
            return ExitStatus.done.rawValue
        } catch {
            return report(error, arguments)
        }
    }

    private static func report(_ fault: Fault, _ arguments: [String]) -> Int32 {
        let report = ErrorReport(fault, arguments: arguments, root: Self.self)
        Console.note(report.text(for: .error))
        return report.status.rawValue
    }
}
