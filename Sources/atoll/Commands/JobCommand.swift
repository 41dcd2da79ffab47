import ArgumentParser
import Faults
import Resources

/// `atoll job`: computations between sites.
struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Submit, follow and steer jobs between sites.",
        discussion: """
            Jobs are resources: `atoll get jobs` and `atoll delete job` work as well. Jobs of other sites are in the \
            tenant `partners`, in a project of the peer's name.

            EXAMPLES:
              atoll job plan -f job.yaml
              atoll job submit -f job.yaml --wait
              atoll job describe check --tenant risk --project cards
              atoll job approve check --tenant partners --project bank
            """,
        subcommands: [
            JobPlanCommand.self, JobSubmitCommand.self, JobListCommand.self, JobDescribeCommand.self,
            JobWatchCommand.self,
            JobLogsCommand.self, JobResultsCommand.self, JobBinsCommand.self, JobSelectionCommand.self,
            JobEvaluationCommand.self,
            JobCutoffsCommand.self,
            JobScorecardCommand.self, JobLineageCommand.self,
            JobPauseCommand.self,
            JobResumeCommand.self,
            JobCancelCommand.self, JobRetryCommand.self, JobApproveCommand.self,
        ]
    )
}

/// What every command about one job takes.
struct JobOptions: ParsableArguments {
    @Argument(help: "The name of the job.")
    var name: String

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func path(_ action: String? = nil, _ query: [(String, String?)] = []) throws -> APIPath {
        try Names.check(name, at: "job name")
        return APIPath(["jobs", name] + (action.map { [$0] } ?? []), query: scope.query + query)
    }

    /// Asks for something and says that it will be.
    func act(_ action: String, _ said: String, _ query: [(String, String?)] = []) async throws {
        let path = try path(action, query)
        _ = try await connection.connect { try await $0.post(path, .json([:])) }
        try Console.write("Job \(name): \(said)")
    }
}

/// `atoll job submit`.
struct JobSubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Ask every party, and begin the job if all take it.",
        usage: "atoll job submit -f <file> [--wait] [<options>]",
        discussion: """
            Every party is asked first; one that refuses says why, with numbers, and nothing is stored. With --wait the \
            command follows the job and ends with 0 when it succeeded, and with 5 when it failed or was cancelled.

            EXAMPLES:
              atoll job submit -f job.yaml
              atoll job submit -f job.yaml --wait
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("A YAML or JSON file; - is standard input.", valueName: "file"))
    var file: String

    @Flag(name: .long, help: "Follow the job to its end.")
    var wait = false

    @Option(name: .long, help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let bytes = try FileInput.read(file)
        let query: [(String, String?)] = [("file", ApplyCommand.title(file)), ("reason", reason)]
        let path = APIPath(["jobs", "submit"], query: query + scope.query)
        let final = try await connection.connect { client in
            let job = try await client.post(path, .yaml(bytes))
            guard wait else { return job }
            if output == .table { Console.note("Job \(JobText(job).name) was submitted.") }
            return try await JobFollowing(client, job, isLive: output == .table).toEnd()
        }
        try Console.write(output.document(final) ?? JobText(final).line)
        if wait, JobText(final).state != "Succeeded" { throw ExitCode(ExitStatus.checksFailed.rawValue) }
    }
}

/// `atoll job list`.
struct JobListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the jobs of this site, those of other sites included.",
        usage: "atoll job list [<options>]",
        discussion: """
            EXAMPLES:
              atoll job list
              atoll job list --tenant partners -o json
              atoll job list --open
            """
    )

    @Flag(name: .long, help: "Only jobs that have not ended here, newest first; at most 1000.")
    var open = false

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let jobs = try await connection.connect { client in
            guard !open else {
                let path = APIPath(["work", "jobs"], query: [("limit", "1000")] + scope.query)
                return try await client.get(path)["items"]?.array ?? []
            }
            return try await ResourceLister(client).list("jobs", selector: nil, scope: scope).items
        }
        if output == .table, jobs.isEmpty { return Console.note(open ? "No job is under way." : "There are no jobs.") }
        try output.print(jobs.map { JobText($0).row }, columns: JobText.columns)
    }
}

/// `atoll job describe`.
struct JobDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show every party's view of a job side by side, and who waits for whom and why.",
        usage: "atoll job describe <name> [<options>]",
        discussion: """
            EXAMPLES:
              atoll job describe check --tenant risk --project cards
              atoll job describe check --tenant risk --project cards -o json
            """
    )

    @OptionGroup var job: JobOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try job.path()
        let resource = try await job.connection.connect { try await $0.get(path) }
        try Console.write(output.document(resource) ?? JobText(resource).text(for: .output))
    }
}

/// `atoll job watch`.
struct JobWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow a job to its end: live on a terminal, otherwise a JSON line for every change.",
        usage: "atoll job watch <name> [<options>]",
        discussion: """
            Ends with 0 when the job succeeded, and with 5 when it failed or was cancelled.

            EXAMPLES:
              atoll job watch check --tenant risk --project cards
              atoll job watch check --tenant risk --project cards | jq .status.progress
            """
    )

    @OptionGroup var job: JobOptions

    func run() async throws {
        let path = try job.path()
        let final = try await job.connection.connect { client in
            try await JobFollowing(client, try await client.get(path), isLive: true).toEnd()
        }
        if JobText(final).state != "Succeeded" { throw ExitCode(ExitStatus.checksFailed.rawValue) }
    }
}

/// `atoll job logs`.
struct JobLogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print the log of a job's side at this site.",
        usage: "atoll job logs <name> [--follow] [<options>]",
        discussion: """
            The last 10,000 lines are kept. With --follow it goes on until the job has ended.

            EXAMPLES:
              atoll job logs check --tenant risk --project cards --follow
            """
    )

    @OptionGroup var job: JobOptions

    @Flag(name: .shortAndLong, help: "Go on until the job has ended.")
    var follow = false

    @Option(name: .shortAndLong, help: "How to write the lines.")
    var output: StreamForm = .table

    func run() async throws {
        var last: Int64 = 0
        try await job.connection.connect { client in
            while true {
                let resource = try await client.get(try job.path())
                let isOver = JobText(resource).isFinal
                let answer = try await client.get(try job.path("log", [("after", "\(last)"), ("limit", "1000")]))
                let lines = answer["items"]?.array ?? []
                for line in lines {
                    try Console.write(output == .json ? JSONLine.text(line) : Self.line(line))
                    last = line["line"]?.integer ?? last
                }
                if lines.isEmpty, !follow || isOver { return }
                if lines.isEmpty { try await Task.sleep(for: .milliseconds(500)) }
            }
        }
    }

    static func line(_ line: JSONValue) -> String {
        let levels = ["trace", "debug", "info", "notice", "warn", "error", "critical"]
        let level = line["level"]?.integer.flatMap { Int($0) < levels.count && $0 >= 0 ? levels[Int($0)] : nil } ?? "?"
        let task = line["task"]?.string ?? ""
        let text = TerminalText.line(line["text"]?.string ?? "")
        return "\(line["time"]?.string ?? "") \(level) \(task.isEmpty ? "job" : task) \(text)"
    }
}

/// `atoll job results`.
struct JobResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "List what each task of a job left at this site.",
        usage: "atoll job results <name> [<options>]",
        discussion: """
            EXAMPLES:
              atoll job results check --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try job.path("results")
        let items = try await job.connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        try output.print(
            items, columns: [("TASK", "task"), ("BYTES", "bytes"), ("TIME", "time"), ("DIGEST", "digest")])
    }
}
