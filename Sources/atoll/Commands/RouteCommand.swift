import ArgumentParser
import Faults
import Resources
import Sites

/// `atoll route`: how the site reaches its peers.
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "See and probe the routes to peers.",
        discussion: """
            Routes are resources: `atoll get routes`, `atoll apply` and `atoll delete route` work as well. Joining makes \
            them.

            EXAMPLES:
              atoll route list
              atoll route probe partner
            """,
        subcommands: [RouteListCommand.self, RouteProbeCommand.self]
    )
}

/// `atoll route list`.
struct RouteListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the routes with their state and what was measured.",
        discussion: """
            EXAMPLES:
              atoll route list
              atoll route list -o json
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let routes = try await connection.connect { try await $0.get(APIPath("routes"))["items"]?.array ?? [] }
        if output == .table, routes.isEmpty { return Console.note("There are no routes.") }
        try output.print(routes.map(Self.row), columns: Self.columns)
    }

    static let columns = [
        ("NAME", "name"), ("PEER", "peer"), ("KIND", "kind"), ("ADDRESS", "address"), ("STATE", "state"),
        ("FAILS", "failing"), ("ROUND TRIP", "roundTrip"), ("BANDWIDTH", "bandwidth"), ("PROBED", "lastProbe"),
    ]

    /// What is measured in words, what is not as absent.
    static func row(_ route: JSONValue) -> JSONValue {
        let figures = route["status"]?["figures"]
        var row: [String: JSONValue] = [:]
        for (member, value) in [
            ("name", route["metadata"]?["name"]), ("peer", route["spec"]?["peer"]), ("kind", route["spec"]?["kind"]),
            ("address", route["spec"]?["address"]), ("state", route["status"]?["state"]),
            ("failing", route["status"]?["failing"]), ("lastProbe", route["status"]?["lastProbe"]),
        ] {
            if let value { row[member] = value }
        }
        if let time = figures?["roundTripMicroseconds"]?.integer {
            row["roundTrip"] = .string("\(time / 1000).\(time % 1000 / 100) ms")
        }
        if let rate = figures?["bandwidthBitsPerSecond"]?.integer {
            row["bandwidth"] = .string("\(rate / 1_000_000) Mbit/s")
        }
        return .object(row)
    }
}

/// `atoll route probe`.
struct RouteProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Measure a route now, layer by layer, up to the first that fails.",
        discussion: """
            Takes some seconds, and up to a minute where the route is very slow. Ends with 5 when a layer fails. With \
            -o json: {"time", "outcome", "failing", "steps": [{"layer", "outcome", "found", "wanted", "fix", "number"}], \
            "figures"}.

            EXAMPLES:
              atoll route probe partner
              atoll route probe partner -o json | jq .figures
            """
    )

    @Argument(help: "The name of the route.")
    var name: String

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try Names.check(name, at: "route name")
        let answer = try await connection.connect { try await $0.post(APIPath("routes", name, "probe"), .json([:])) }
        guard let report = ProbeReport(answer) else {
            throw Fault(ProgramFaults.strangeAnswer, at: "routes/\(name)/probe")
        }
        let checks = report.steps.map(CheckResult.init)
        try Console.write(output.document(answer) ?? DoctorCommand.text(checks, for: .output))
        if report.failing != nil { throw ExitCode(ExitStatus.checksFailed.rawValue) }
    }
}

extension CheckResult {
    /// A layer of a route as a check.
    init(_ step: ProbeStep) {
        let status: Status =
            switch step.outcome {
            case .pass, .unused: .pass
            case .warn: .warn
            case .fail: .fail
            }
        self.init(
            step.layer.rawValue, status, found: step.number.isEmpty ? step.found : "\(step.number) \(step.found)",
            wanted: step.wanted, fix: step.fix)
    }
}
