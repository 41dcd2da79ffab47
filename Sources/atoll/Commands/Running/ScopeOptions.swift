import ArgumentParser

/// Where the resources live that a command means.
struct ScopeOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The tenant of the resources.", valueName: "tenant"))
    var tenant: String?

    @Option(name: .long, help: ArgumentHelp("The project of the resources, inside the tenant.", valueName: "project"))
    var project: String?

    var query: [(String, String?)] { [("tenant", tenant), ("project", project)] }
}
