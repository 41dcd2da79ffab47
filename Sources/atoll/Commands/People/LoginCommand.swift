import ArgumentParser
import Faults
import Ledger
import People
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `atoll login`: a session with a site elsewhere, for the commands that follow.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log in to a site over its management plane.",
        discussion: """
            Asks for the password without showing it; from a pipe it reads one line. What proves the login is kept in \
            ~/.config/atoll/logins.json, which only this account can read. Later commands name the server with --server \
            or ATOLL_SERVER. The one-time link of a site's first start makes its first administrator.

            EXAMPLES:
              atoll login https://risk.example:9371 --user ana
              atoll login https://risk.example:9371 --user ana --ca bank-ca.pem
              atoll login https://risk.example:9371 --user ana --site SITE-ID
              atoll login "https://risk.example:9371/first-administrator#SECRET" --user ana
            """
    )

    @Argument(help: ArgumentHelp("The server, or the link of its first start.", valueName: "url"))
    var server: String

    @Option(name: .long, help: ArgumentHelp("Who logs in.", valueName: "name"))
    var user: String

    @Option(
        name: .long, help: ArgumentHelp("Certificates that are believed, in PEM, not the system's.", valueName: "file"))
    var ca: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The site's id, where it proves itself (management.tls: site).", valueName: "site"))
    var site: String?

    func run() async throws {
        let parts = server.split(separator: "#", maxSplits: 1).map(String.init)
        // Directories have names of other forms, which the site knows.
        if parts.count == 2 { try Names.check(user, at: "--user") }
        var remote = try RemoteServer(server)
        if let site {
            guard let id = SiteID(site), ca == nil else {
                throw Fault(
                    PeopleFaults.serverAddress, "'--site' is no site's id, or stands beside '--ca'.", at: "--site",
                    wanted: "the id that `atoll site` tells at the site")
            }
            remote.authorities = try await SiteProof(site: id).root(at: remote.address)
            remote.isOfSite = true
        }
        if let ca { remote.authorities = String(decoding: try FileInput.read(ca), as: UTF8.self) }
        let book = try LoginBook()
        var request: [String: JSONValue] = ["name": .string(user), "as": "bearer"]
        if parts.count == 2 { request["secret"] = .string(parts[1]) }
        request["password"] = .string(
            try PasswordInput.read(
                parts.count == 2 ? "New password of \(user)" : "Password of \(user)", twice: parts.count == 2))
        let path = APIPath(parts.count == 2 ? "first-administrator" : "login")
        let answer = try await APIClient.with(.remote(remote)) { try await $0.post(path, .json(.object(request))) }
        guard let secret = answer["secret"]?.string else {
            throw Fault(ProgramFaults.strangeAnswer, at: remote.address)
        }
        let ends = answer["ends"]?.string ?? ""
        let name = answer["user"]?.string ?? user
        try book.set(
            LoginBook.Entry(
                user: name, secret: secret, ends: ends, authorities: remote.authorities, isOfSite: remote.isOfSite),
            for: remote.address)
        try Console.write(
            "logged in to \(remote.address) as \(TerminalText.line(name)), until \(TerminalText.line(ends))")
    }
}

/// `atoll logout`.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "End the login to a site.",
        discussion: """
            EXAMPLES:
              atoll logout https://risk.example:9371
            """
    )

    @Argument(help: ArgumentHelp("The server.", valueName: "url"))
    var server: String

    func run() async throws {
        var remote = try RemoteServer(server)
        let book = try LoginBook()
        guard let entry = try book.entry(for: remote.address) else {
            return Console.note("Nobody is logged in to \(remote.address) here.")
        }
        (remote.secret, remote.authorities) = (entry.secret, entry.authorities)
        remote.isOfSite = entry.isOfSite
        do {
            _ = try await APIClient.with(.remote(remote)) { try await $0.post(APIPath("logout"), .json([:])) }
        } catch let fault as Fault where fault.is(PeopleFaults.notSignedIn) {
            // It had ended already.
        }
        try book.set(nil, for: remote.address)
        try Console.write("logged out of \(remote.address)")
    }
}

/// `atoll whoami`.
struct WhoamiCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Say who the server takes this caller for, and with which roles.",
        discussion: """
            EXAMPLES:
              atoll whoami
              atoll whoami --server https://risk.example:9371
            """
    )

    @Option(name: .shortAndLong, help: "How to write the result.")
    var output: OutputForm = .table

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let me = try await connection.connect { try await $0.get(APIPath("me")) }
        if let document = output.document(me) { return try Console.write(document) }
        let isOperator = me["isOperator"]?.bool == true
        try Console.write(
            TerminalText.line(CellText.text(me["account"])) + (isOperator ? ", the operator of the platform" : ""))
        guard !isOperator else { return }
        try output.print(
            me["roles"]?.array ?? [], columns: [("ROLE", "role"), ("TENANT", "tenant"), ("PROJECT", "project")])
    }
}

/// Reads a password without showing it.
enum PasswordInput {
    /// From a terminal one line, which is asked for twice where a new one is set; else the first line of standard input.
    ///
    /// - Throws: `PeopleFaults.weakPassword` for none, or two that differ.
    static func read(_ prompt: String, twice: Bool = false) throws(Fault) -> String {
        let first = try line(prompt)
        guard !first.isEmpty else {
            throw Fault(PeopleFaults.weakPassword, "There is no password.", at: "standard input")
        }
        if twice, isatty(STDIN_FILENO) == 1, try line("\(prompt), once more") != first {
            throw Fault(PeopleFaults.weakPassword, "The two passwords differ.", at: "standard input")
        }
        return first
    }

    private static func line(_ prompt: String) throws(Fault) -> String {
        let bytes = try SecretInput.read(nil, prompt: prompt)
        return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
}
