import ArgumentParser
import Faults
import Resources

/// `atoll job plan`.
struct JobPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract:
            "Show what a job would mean: tasks, messages, cost, what each party learns. Nothing is stored or asked.",
        usage: "atoll job plan (-f <file> | <name>) [<options>]",
        discussion: """
            Of a file it shows what would be submitted; of a job that is there, what was: who is to approve it reads it \
            before `atoll job approve`.

            EXAMPLES:
              atoll job plan -f job.yaml
              atoll job plan -f job.yaml -o json
              atoll job plan check --tenant partners --project bank
            """
    )

    @Argument(help: "A job that was submitted.")
    var name: String?

    @Option(name: [.short, .customLong("file")], help: "The file with one Job, or - for standard input.")
    var file: String?

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var scope: ScopeOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await statement()
        try Console.write(output.document(answer) ?? Self.text(answer))
    }

    private func statement() async throws -> JSONValue {
        switch (file, name) {
        case (let file?, nil):
            let bytes = try FileInput.read(file)
            let path = APIPath(["jobs", "plan"], query: scope.query + [("file", file)])
            return try await connection.connect { try await $0.post(path, .yaml(bytes)) }
        case (nil, let name?):
            try Names.check(name, at: "job name")
            let path = APIPath(["jobs", name, "plan"], query: scope.query)
            return try await connection.connect { try await $0.get(path) }
        default:
            throw Fault(ProgramFaults.usage, "Name one job, or give a file.", wanted: "NAME or -f FILE")
        }
    }

    static func text(_ plan: JSONValue) -> String {
        func word(_ value: JSONValue?) -> String { value.map(CellText.text) ?? "" }
        func list(_ value: JSONValue, _ name: String) -> [JSONValue] { value[name]?.array ?? [] }
        func site(_ value: JSONValue?) -> String { String(word(value).prefix(8)) }
        func megabytes(_ value: JSONValue?) -> String { Self.bytes(value?.integer ?? 0) }
        let isMeasured = plan["rates"]?["measured"]?.bool == true
        var lines = [
            "Job \(word(plan["name"])), plan \(word(plan["digest"]).prefix(16))…",
            isMeasured
                ? "Estimates use what `verify` measured between these sites on \(word(plan["rates"]?["since"]))."
                : "Estimates use careful defaults: no `verify` between these sites was measured here yet.",
            "",
        ]
        for party in list(plan, "parties") {
            let total = party["total"]
            lines.append(
                "Party \(site(party["site"])) (\(word(party["role"]))): about \(Self.seconds(total?["seconds"])), sends "
                    + "\(megabytes(total?["bytesOut"])), needs \(megabytes(total?["memory"])) of \(megabytes(party["memoryAsked"])) "
                    + "and \(word(party["coresAsked"])) cores")
        }
        for task in list(plan, "tasks") {
            let after = list(task, "after").map { word($0) }
            lines += [
                "",
                "Task \(word(task["name"])): \(word(task["operator"])) version \(word(task["version"]))"
                    + (after.isEmpty ? "" : ", after \(after.joined(separator: ", "))"),
            ]
            for row in list(task, "messages") {
                lines.append(
                    "  \(word(row["type"])) from \(site(row["from"])) to \(site(row["to"])): "
                        + (row["isMost"]?.bool == true ? "at most " : "") + "\(word(row["count"])) frames, "
                        + "\(megabytes(row["bytes"])), \(word(row["elementBits"])) bits an element")
            }
            if list(task, "messages").isEmpty { lines.append("  Nothing crosses.") }
            for row in list(task, "learns") {
                let sites = list(row, "sites").map { site($0) }.joined(separator: ", ")
                lines.append("  \(word(row["role"])) \(sites) learns: \(word(row["learns"]))")
            }
        }
        let grants = list(plan, "grants")
        lines += ["", grants.isEmpty ? "No grant is needed: no task reads a dataset." : "Grants needed:"]
        for row in grants {
            lines.append(
                "  \(word(row["dataset"])) of \(site(row["owner"])) to \(site(row["peer"])), for \(word(row["task"]))")
        }
        return lines.joined(separator: "\n")
    }

    private static func seconds(_ value: JSONValue?) -> String {
        let seconds = value?.number ?? 0
        return seconds < 120 ? "\((seconds * 10).rounded() / 10) s" : "\(Int(seconds / 60)) min"
    }

    private static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<10_000: "\(count) B"
        case ..<10_000_000: "\(count / 1_000) kB"
        default: "\(count / 1_000_000) MB"
        }
    }
}
