import ArgumentParser
import Faults

/// Which server a command speaks to.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The data directory of the server (default: $ATOLL_DATA, or ~/.local/share/atoll).",
            valueName: "dir"
        )
    )
    var data: String?

    func location() throws(Fault) -> DataLocation {
        try DataLocation(option: data)
    }

    func connect<Result>(_ body: (APIClient) async throws -> Result) async throws -> Result {
        try await APIClient.with(try location(), body)
    }
}
