import ArgumentParser
import Faults

/// Which server a command speaks to: the one of a data directory, or one elsewhere that was logged in to.
struct ConnectionOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The data directory of the server (default: $ATOLL_DATA, or ~/.local/share/atoll).",
            valueName: "dir"
        )
    )
    var data: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A server elsewhere, after `atoll login` or with $ATOLL_TOKEN (default: $ATOLL_SERVER).", valueName: "url",
            // The same at every command, where it would fill the usage; `atoll login --help` tells it.
            visibility: .hidden
        )
    )
    var server: String?

    func location() throws(Fault) -> DataLocation {
        try DataLocation(option: data)
    }

    /// Refuses what cannot succeed before anything is read for it.
    func check() throws {
        if case .local(let location) = try destination() { try APIClient.checkSocket(location) }
    }

    func connect<Result>(_ body: (APIClient) async throws -> Result) async throws -> Result {
        try await APIClient.with(try destination(), body)
    }

    /// `--data` and `--server` say it, else the environment does; a data directory wins where both are in it.
    ///
    /// - Throws: `PeopleFaults.serverAddress`, `.notSignedIn` where nobody logged in to the server; the faults of the
    ///   file of logins.
    func destination() throws -> APIClient.Destination {
        if data != nil, server != nil {
            throw Fault(ProgramFaults.usage, "Both --data and --server name a server.", wanted: "one of them")
        }
        let named =
            server ?? (data == nil ? Platform.environment("ATOLL_SERVER").flatMap { $0.isEmpty ? nil : $0 } : nil)
        guard let named else { return .local(try location()) }
        var remote = try RemoteServer(named)
        let entry = try LoginBook().entry(for: remote.address)
        (remote.authorities, remote.isOfSite) = (entry?.authorities, entry?.isOfSite ?? false)
        if let path = Platform.environment("ATOLL_CA"), !path.isEmpty {
            remote.authorities = String(decoding: try FileInput.read(path), as: UTF8.self)
            remote.isOfSite = false
        }
        let token = Platform.environment("ATOLL_TOKEN").flatMap { $0.isEmpty ? nil : $0 }
        guard let secret = token ?? entry?.secret else {
            throw Fault(
                PeopleFaults.notSignedIn, "Nobody has logged in to \(remote.address) here.", at: remote.address,
                fix: "Run `atoll login \(remote.address) --user NAME`, or set ATOLL_TOKEN.")
        }
        remote.secret = secret
        return .remote(remote)
    }
}
