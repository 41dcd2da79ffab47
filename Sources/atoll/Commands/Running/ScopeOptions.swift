import ArgumentParser

/// Where the resources live that a command means.
struct ScopeOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The tenant of the resources.", valueName: "tenant"))
    var tenant: String?

    @Option(name: .long, help: ArgumentHelp("The project of the resources, inside the tenant.", valueName: "project"))
    var project: String?

    /// - Parameter query: `tenant` and `project`.
    static func of(_ query: [(String, String)]) throws -> ScopeOptions {
        try ScopeOptions.parse(query.flatMap { ["--\($0.0)", $0.1] })
    }

    var query: [(String, String?)] { [("tenant", tenant), ("project", project)] }
}
