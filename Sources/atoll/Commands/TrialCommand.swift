import ArgumentParser
import Faults
import Resources
import Trials

/// `atoll trial`: the whole life of a federation as one run.
struct TrialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Run a whole federation on this machine: start sites, join, measure, tear down.",
        discussion: """
            A trial has a folder of its own under `trials` in the data directory and needs no server. After its end \
            nothing of it is left, unless it was told to keep its sites.

            EXAMPLES:
              atoll trial run Examples/verify.yaml
              atoll trial list
              atoll trial clean --all
            """,
        subcommands: [
            TrialRunCommand.self, TrialResumeCommand.self, TrialListCommand.self, TrialCompareCommand.self,
            TrialCleanCommand.self,
        ]
    )
}

/// `atoll trial run`.
struct TrialRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a trial to its end.",
        discussion: """
            Starts the sites, joins every pair, probes all routes, runs the job, shows what was measured, uploads data, finds \
            the common ids, trains and measures a model where the file says so, and removes everything. Ends with 0 only if everything held, and the last line says what did not. Ctrl-C and SIGTERM \
            tear everything down; after `kill -9` `atoll trial resume` goes on and `atoll trial clean` removes what is left. Shows how far it is on standard error; with --json \
            it writes one JSON value a line to standard output, the report last.

            EXAMPLES:
              atoll trial run Examples/verify.yaml
              atoll trial run Examples/verify.yaml --json | tail -1 | jq .report.figures
              atoll trial run Examples/sme-demo.yaml --report ./report
              atoll trial run Examples/verify.yaml --keep         # sites stay; atoll trial clean verify ends them
            """
    )

    @Argument(help: "A YAML or JSON file with one Trial; - is standard input.")
    var file: String

    @Option(name: .long, help: ArgumentHelp("Write report.html and report.json there.", valueName: "dir"))
    var report: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Where files of data are; the trial's own folder when not given.", valueName: "dir"))
    var files: String?

    @Flag(name: .long, help: "Leave the sites running and their folder in place.")
    var keep = false

    @Flag(name: .long, help: "One JSON value a line, the report last.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    /// The folder that a path is in.
    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private var folder: String {
        files ?? (file == "-" ? "." : Self.parent(of: file))
    }

    func run() async throws {
        let spec = try await Trial.read(try FileInput.read(file), file: ApplyCommand.title(file))
        let location = try connection.location()
        let writer = TrialWriter(isJSON: json)
        let driver = TrialDriver(
            spec, data: location.directory, program: Platform.programPath ?? CommandLine.arguments[0],
            doors: TrialDoors(), keeps: keep, files: folder,
            reproduce: "atoll trial run \(file)" + (files.map { " --files \($0)" } ?? ""), tell: { writer.tell($0) })
        try await TrialEnd(driver: driver, writer: writer, target: report).come()
    }
}

/// `atoll trial list`.
struct TrialListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the trials that run, were kept, or were left by a killed run.",
        discussion: """
            EXAMPLES:
              atoll trial list
              atoll trial list -o json
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let trials = TrialShelf(data: try connection.location().directory).list()
        if output == .table, trials.isEmpty { return Console.note("There are no trials.") }
        let rows: [JSONValue] = trials.map { trial in
            [
                "name": .string(trial.name), "state": .string(trial.state.rawValue),
                "phase": trial.phase.map { .string($0.rawValue) } ?? (trial.state == .kept ? "kept" : .null),
                "processes": .integer(Int64(trial.processes().count)), "folder": .string(trial.path),
                "began": .string(Timestamp(milliseconds: trial.began * 1000).description),
            ]
        }
        try output.print(
            rows,
            columns: [
                ("NAME", "name"), ("STATE", "state"), ("PHASE", "phase"), ("PROCESSES", "processes"),
                ("BEGAN", "began"),
                ("FOLDER", "folder"),
            ])
    }
}

/// `atoll trial clean`.
struct TrialCleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove what a kept or killed trial has left: processes, ports and files.",
        discussion: """
            A trial that runs is refused. With --all those that run are left alone.

            EXAMPLES:
              atoll trial clean verify
              atoll trial clean --all
            """
    )

    @Argument(help: "The name of the trial.")
    var name: String?

    @Flag(name: .long, help: "Every trial that does not run.")
    var all = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        guard (name == nil) == all else {
            throw Fault(ProgramFaults.usage, "Name one trial, or give --all.", wanted: "NAME or --all")
        }
        let shelf = TrialShelf(data: try connection.location().directory)
        let names = name.map { [$0] } ?? shelf.list().filter { $0.state != .running }.map(\.name)
        for name in names {
            try shelf.clean(name)
            try Console.write("Trial \(name) is removed.")
        }
    }
}
