import ArgumentParser
import Faults
import Resources
import Trials

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `atoll trial compare`.
struct TrialCompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Put the reports of two trials side by side.",
        discussion: """
            Shows every phase's time, processor time, memory and bytes, and the measures of the models, of both; nothing is run.

            EXAMPLES:
              atoll trial compare ./before ./after
              atoll trial compare ./before/report.json ./after/report.json -o json
            """
    )

    @Argument(help: ArgumentHelp("A folder given as --report, or its report.json.", valueName: "report"))
    var first: String

    @Argument(help: ArgumentHelp("The other one.", valueName: "report"))
    var second: String

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    func run() async throws {
        let comparison = TrialComparison(try Self.read(first), try Self.read(second))
        let rows: [JSONValue] = comparison.rows.map { row in
            [
                "figure": .string(row.name), "first": row.first.map { .number($0) } ?? .null,
                "second": row.second.map { .number($0) } ?? .null,
                "change": row.change.map { .number($0) } ?? .null,
            ]
        }
        if output == .table {
            var table = TextTable(["FIGURE", "FIRST", "SECOND", "CHANGE"])
            for row in comparison.rows {
                table.add([
                    .init(row.name), .init(row.first.map(TrialComparison.text) ?? ""),
                    .init(row.second.map(TrialComparison.text) ?? ""),
                    .init(row.change.map { ($0 >= 0 ? "+" : "") + TrialComparison.text($0) } ?? ""),
                ])
            }
            try Console.write(table.text(for: .output))
        } else {
            try output.print(rows, columns: [])
        }
        guard !comparison.hasOneModel else { return }
        Console.note("The trials have trained different models.")
    }

    /// The largest report that is read, in bytes; hundreds of deep trees have some megabytes.
    private static let largest = 64 << 20

    private static func read(_ path: String) throws(Fault) -> TrialDocument {
        let isFolder = FileFacts(path)?.kind == .directory
        let file = isFolder ? "\(path)/\(TrialDocument.fileName)" : path
        let bytes = try FileInput.read(file, limit: Self.largest)
        guard bytes.count <= Self.largest,
            let document = try? JSONDecoder().decode(TrialDocument.self, from: Data(bytes)),
            document.schema == TrialDocument.schema
        else {
            throw Fault(
                ProgramFaults.fileUnreadable, "'\(file)' is no report of a trial.", at: file,
                wanted: TrialDocument.schema, fix: "Name a folder that was given as --report.")
        }
        return document
    }
}
