import ArgumentParser
import Resources

/// `atoll job lineage`.
struct JobLineageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lineage",
        abstract: "Show what a job was made of, and what was made with it.",
        usage: "atoll job lineage <name> [<options>]",
        discussion: """
            Tasks of jobs of the same project that the job took results or tables from, directly or through others, and \
            tasks that took from it.

            EXAMPLES:
              atoll job lineage learn --tenant risk --project cards
            """
    )

    @OptionGroup var job: JobOptions

    @Option(name: .shortAndLong, help: "How to write the tasks.")
    var output: OutputForm = .table

    func run() async throws {
        let path = try job.path("lineage")
        let tasks = try await job.connection.connect { try await $0.get(path)["items"]?.array ?? [] }
        try output.print(tasks, columns: Self.columns)
    }

    static let columns = [
        ("RELATION", "relation"), ("JOB", "job"), ("TASK", "task"), ("OPERATOR", "operator"), ("STATE", "state"),
    ]
}
