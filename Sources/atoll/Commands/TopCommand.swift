public import ArgumentParser
public import Jobs
import Resources

/// `atoll top`: how busy the site's machines are, and with whose work.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show how busy the site's machines are, and with whose work.",
        usage: "atoll top [--by GROUP] [--tenant TENANT [--project PROJECT]] [<options>]",
        discussion: """
            Cores and memory are those in use now and those that jobs have reserved; CPU TIME is that of the last 24 \
            hours. Without a tenant everything is shown, to those who may see it.

            EXAMPLES:
              atoll top
              atoll top --by user --tenant retail-risk
              atoll top -o json
            """
    )

    @Option(name: .long, help: "By what to tell work apart.")
    var by: WorkGroup = .app

    @OptionGroup var scope: ScopeOptions

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let path = APIPath(["work"], query: [("by", by.rawValue)] + scope.query)
        let (machines, work) = try await connection.connect { client in
            (try await client.get(APIPath("machines")), try await client.get(path))
        }
        let document: JSONValue = ["machines": machines["items"] ?? [], "work": work]
        if let text = output.document(document) { return try Console.write(text) }
        try Console.write((machines["items"]?.array ?? []).flatMap(Self.lines).joined(separator: "\n") + "\n")
        let items = work["items"]?.array ?? []
        if items.isEmpty { return Console.note("Nothing runs, and nothing has run for 24 hours.") }
        try output.print(
            items.map(Self.row),
            columns: [(by.rawValue.uppercased(), "name")] + (by == .app || by == .project ? [("PLACE", "place")] : [])
                + [
                    ("WORKERS", "workers"), ("CORES", "cores"), ("RESERVED", "coresReserved"), ("MEMORY", "memory"),
                    ("RESERVED", "memoryReserved"), ("CPU TIME", "seconds"),
                ])
    }

    /// `cpu      [####------]  43 %  0.9 of 2 cores`, and so on.
    static func lines(_ machine: JSONValue) -> [String] {
        var lines = [TerminalText.line("machine \(CellText.text(machine["name"]))")]
        func add(_ what: String, _ share: JSONValue?, _ text: (Double) -> String, _ unit: String = "") {
            guard let used = share?["used"]?.number, let total = share?["total"]?.number else { return }
            let name = what + String(repeating: " ", count: 11 - what.count)
            lines.append("\(name) \(bar(used, of: total))  \(text(used)) of \(text(total))\(unit)")
        }
        add("cpu", machine["cpu"], { Self.number($0) }, " cores")
        add("memory", machine["memory"], Pace.bytes)
        add("storage", machine["storage"], Pace.bytes)
        add("gpu", machine["gpu"], { Self.number($0) }, " cards")
        add("gpu memory", machine["gpuMemory"], Pace.bytes)
        if let load = machine["load"]?.number { lines.append("load        \(Self.number(load))") }
        return lines
    }

    private static func row(_ line: JSONValue) -> JSONValue {
        let place = [line["tenant"]?.string, line["project"]?.string].compactMap { $0 }.joined(separator: "/")
        let name = line["name"]?.string ?? line["peer"]?.string.map { "peer \($0)" } ?? "-"
        return [
            "name": .string(name), "place": .string(place), "workers": line["workers"] ?? 0,
            "cores": .string(number(line["cpu"]?["used"]?.number ?? 0)), "coresReserved": line["cpu"]?["reserved"] ?? 0,
            "memory": .string(Pace.bytes(line["memory"]?["used"]?.number ?? 0)),
            "memoryReserved": .string(Pace.bytes(line["memory"]?["reserved"]?.number ?? 0)),
            "seconds": .string(time(line["cpuSeconds"]?.number ?? 0)),
        ]
    }

    private static func bar(_ used: Double, of total: Double) -> String {
        let share = total > 0 ? min(max(used / total, 0), 1) : 0
        let full = Int((share * 10).rounded(.down))
        let percent = String(Int((share * 100).rounded()))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: 10 - full) + "] "
            + String(repeating: " ", count: 3 - percent.count) + percent + " %"
    }

    /// With one decimal, none for whole numbers.
    private static func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? String(Int64(tenths)) : String(tenths)
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 10 ? "\((seconds * 100).rounded() / 100) s" : Pace.time(seconds)
    }
}

extension WorkGroup: ExpressibleByArgument {}
