import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Checks an installation from the outside in: each says more exactly than the next why the next would fail.
struct LocalChecks: Sendable {
    let location: DataLocation
    let user: UInt32

    init(location: DataLocation, user: UInt32 = geteuid()) {
        self.location = location
        self.user = user
    }

    /// The checks of this side, then those that the server makes of itself.
    func run() async -> [CheckResult] {
        [directory, permissions, socket].compactMap(\.self) + (await server())
    }

    private var start: String { "Start a server: atoll serve --data \(APIClient.shellWord(location.directory))" }

    private var directory: CheckResult {
        let wanted = "a directory of this user"
        guard let facts = FileFacts(location.directory) else {
            return .init(
                "client.directory",
                .fail,
                found: "\(location.directory) (from \(location.source)) does not exist",
                wanted: wanted,
                fix: start
            )
        }
        guard facts.kind == .directory else {
            return .init(
                "client.directory",
                .fail,
                found: "\(location.directory) (from \(location.source)) is no directory",
                wanted: wanted,
                fix: "Name another directory with --data."
            )
        }
        guard facts.owner == user else {
            return .init(
                "client.directory",
                user == 0 ? .warn : .fail,
                found: "\(location.directory) belongs to uid \(facts.owner), not to uid \(user)",
                wanted: wanted,
                fix: "Run the command as the server's user."
            )
        }
        return .init(
            "client.directory", .pass, found: "\(location.directory) (from \(location.source))", wanted: wanted)
    }

    /// nil when there is nothing whose permissions could be judged.
    private var permissions: CheckResult? {
        guard let facts = FileFacts(location.directory), facts.kind == .directory else { return nil }
        let wanted = "700: nothing for group and others"
        return facts.permissions & 0o077 == 0
            ? .init("client.permissions", .pass, found: facts.octal, wanted: wanted)
            : .init(
                "client.permissions",
                .fail,
                found: facts.octal,
                wanted: wanted,
                fix: "chmod go-rwx \(APIClient.shellWord(location.directory))"
            )
    }

    private var socket: CheckResult {
        let wanted = "a socket with permissions 600, path of at most \(DataLocation.longestSocketPath) bytes"
        let length = location.socket.utf8.count
        guard length <= DataLocation.longestSocketPath else {
            return .init(
                "client.socket",
                .fail,
                found: "the path has \(length) bytes",
                wanted: wanted,
                fix: ProgramFaults.socketPath.fix
            )
        }
        guard let facts = FileFacts(location.socket), facts.kind == .socket else {
            return .init("client.socket", .fail, found: "\(location.socket) is not there", wanted: wanted, fix: start)
        }
        return facts.permissions & 0o077 == 0
            ? .init("client.socket", .pass, found: "\(location.socket), \(facts.octal)", wanted: wanted)
            : .init(
                "client.socket",
                .fail,
                found: "\(location.socket), \(facts.octal)",
                wanted: wanted,
                fix: "chmod 600 \(APIClient.shellWord(location.socket))"
            )
    }

    private func server() async -> [CheckResult] {
        do {
            return try await APIClient.with(location) { client in
                let version = try await client.get(APIPath("version"))
                let answers = CheckResult(
                    "client.server",
                    .pass,
                    found: "answers as process \(version["pid"]?.integer ?? 0)",
                    wanted: "an answer"
                )
                let items = try await client.get(APIPath("doctor"))["items"]?.array ?? []
                return [answers, Self.versions(server: version["version"]?.string)] + items.compactMap(CheckResult.init)
            }
        } catch {
            let fault = error as? Fault
            return [
                .init(
                    "client.server",
                    .fail,
                    found: fault.map { "\($0.number) \($0.what)" } ?? "the exchange failed: \(error)",
                    wanted: "an answer",
                    fix: fault?.fix ?? "See the server's log."
                )
            ]
        }
    }

    /// Both sides of one build say the same.
    static func versions(server: String?) -> CheckResult {
        server == ProgramVersion.text
            ? .init("client.version", .pass, found: "both sides are \(ProgramVersion.text)", wanted: "the same version")
            : .init(
                "client.version",
                .warn,
                found: "client \(ProgramVersion.text), server \(server ?? "unknown")",
                wanted: "the same version",
                fix: "Restart the server with this program, or use the program that runs the server."
            )
    }
}
