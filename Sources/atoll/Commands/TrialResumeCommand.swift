import ArgumentParser
import Faults
import Resources
import Trials

/// `atoll trial resume`.
struct TrialResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a trial whose run was killed, or was kept after it had failed.",
        discussion: """
            Sites that still run are taken over, others are started again with their data. Phases that are done are not \
            repeated, and jobs go on where they are; one that had failed is tried again. Ends as `atoll trial run` does, and \
            with the same model. A trial that runs is refused.

            EXAMPLES:
              atoll trial list                                   # left: its run was killed
              atoll trial resume sme-demo --report ./report
            """
    )

    @Argument(help: "The name of the trial.")
    var name: String

    @Option(name: .long, help: ArgumentHelp("Write report.html and report.json there.", valueName: "dir"))
    var report: String?

    @Flag(name: .long, help: "Leave the sites running and their folder in place.")
    var keep = false

    @Flag(name: .long, help: "One JSON value a line, the report last.")
    var json = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let writer = TrialWriter(isJSON: json)
        let driver = try TrialDriver(
            resuming: name, data: try connection.location().directory,
            program: Platform.programPath ?? CommandLine.arguments[0], doors: TrialDoors(), keeps: keep,
            tell: { writer.tell($0) })
        try await TrialEnd(driver: driver, writer: writer, target: report).come()
    }
}

/// Runs a trial to its end, writes its report, and ends the command by what it found.
struct TrialEnd {
    let driver: TrialDriver
    let writer: TrialWriter
    /// The folder of the report; nil for none.
    let target: String?

    func come() async throws {
        if let target { try ReportFolder.check(target) }
        let report = try await StopSignals.cancelling { [driver] in try await driver.run() }
        if let target {
            try ReportFolder.make(target)
            let roles = Dictionary(uniqueKeysWithValues: driver.spec.sites.map { ($0.name, $0.role) })
            let document = report.document(
                began: report.began.description, environment: ReportFolder.environment, reproduce: report.reproduce,
                roles: roles)
            Console.note("The report is \(try ReportFolder.write(document, to: target)).")
        }
        try writer.write(report)
        guard let failure = report.failure else { return }
        if report.fault != nil, !failure.is(TrialFaults.jobFailed) { throw failure }
        throw ExitCode(ExitStatus.checksFailed.rawValue)
    }
}
