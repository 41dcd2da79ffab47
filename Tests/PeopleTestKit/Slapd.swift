import Foundation
import Resources

/// A real directory of OpenLDAP in a folder of its own, stopped and removed at the end of the scope.
///
/// People and groups are those of `entries`; a bind account may read, people may only bind.
public final class Slapd {
    /// What is wrong with the server's certificate, if anything.
    public enum Certificate: Sendable, CaseIterable {
        case good, expired, otherName, otherAuthority
    }

    public static let bindName = "cn=atoll,ou=services,dc=bank"
    public static let bindPassword = "search service words"
    public static let password = "directory horse battery"
    public static let isInstalled = FileManager.default.isExecutableFile(atPath: program)
    private static let program = "/usr/sbin/slapd"
    private static let rootPassword = "root of the directory"

    public let port: Int
    public let securePort: Int
    /// The authority that the clients believe, PEM.
    public let authority: String
    private let folder: URL
    private var process: Process?

    public var url: String { "ldap://127.0.0.1:\(port)" }
    public var secureURL: String { "ldaps://127.0.0.1:\(securePort)" }

    public static func with<Result>(
        _ certificate: Certificate = .good, _ body: (Slapd) async throws -> Result
    ) async throws -> Result {
        let slapd = try Slapd(certificate)
        defer { slapd.remove() }
        try await slapd.start()
        try slapd.change(Self.entries, isNew: true)
        return try await body(slapd)
    }

    private init(_ certificate: Certificate) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "atoll-slapd-\(ULID.make())")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "db"), withIntermediateDirectories: true)
        (port, securePort) = (try Self.freePort(), try Self.freePort())
        authority = try Self.makeCertificates(certificate, in: folder)
        try """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        moduleload memberof
        TLSCACertificateFile \(folder.path)/ca.pem
        TLSCertificateFile \(folder.path)/server.pem
        TLSCertificateKeyFile \(folder.path)/server.key
        database mdb
        maxsize 16777216
        suffix dc=bank
        rootdn cn=root,dc=bank
        rootpw "\(Self.rootPassword)"
        directory \(folder.path)/db
        overlay memberof
        access to attrs=userPassword by anonymous auth by * none
        access to * by dn.exact="\(Self.bindName)" read by anonymous auth by * none
        """.write(to: folder.appending(path: "slapd.conf"), atomically: true, encoding: .utf8)
    }

    /// Runs until `stop`, at the same ports as before.
    public func start() async throws {
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = ["-f", folder.path + "/slapd.conf", "-h", "\(url)/ \(secureURL)/", "-d", "0"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        let deadline = ContinuousClock.now + .seconds(60)
        while try Self.run(["ldapwhoami", "-x", "-H", url]).status != 0 {
            guard process.isRunning, ContinuousClock.now < deadline else { throw Failure(text: "slapd does not start") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    public func stop() {
        process.map(Self.end)
        process = nil
    }

    /// It inherits the signals that the thread which started it holds back, so that only this one reaches it for sure.
    private static func end(_ process: Process) {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Applies LDIF as the directory's own administrator.
    public func change(_ ldif: String, isNew: Bool = false) throws {
        let result = try Self.run(
            [
                isNew ? "ldapadd" : "ldapmodify", "-x", "-H", url, "-D", "cn=root,dc=bank", "-w", Self.rootPassword,
            ], input: ldif)
        guard result.status == 0 else { throw Failure(text: result.output) }
    }

    public struct Failure: Error, CustomStringConvertible {
        let text: String
        public var description: String { text }
    }

    private func remove() {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// A port that nobody has; between here and its use somebody may take it.
    private static func freePort() throws -> Int {
        let listener = try SilentListener()
        return listener.port
    }

    private static func makeCertificates(_ certificate: Certificate, in folder: URL) throws -> String {
        func openssl(_ words: String, before: [String] = []) throws {
            let result = try run(before + ["openssl"] + words.split(separator: " ").map(String.init), folder: folder)
            guard result.status == 0 else { throw Failure(text: result.output) }
        }
        let curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        for name in ["ca", "other"] {
            try openssl("req -x509 \(curve) -keyout \(name).key -out \(name).pem -subj /CN=\(name)-of-bank -days 30")
        }
        let name = certificate == .otherName ? "DNS:elsewhere.example" : "IP:127.0.0.1"
        try "subjectAltName=\(name)\n".write(to: folder.appending(path: "names"), atomically: true, encoding: .utf8)
        let signer = certificate == .otherAuthority ? "other" : "ca"
        try openssl("req \(curve) -keyout server.key -out server.csr -subj /CN=directory")
        try openssl(
            "x509 -req -in server.csr -CA \(signer).pem -CAkey \(signer).key -CAcreateserial -days 30 -extfile names "
                + "-out server.pem", before: certificate == .expired ? ["faketime", "2021-02-03 04:05:06"] : [])
        return try String(contentsOf: folder.appending(path: "ca.pem"), encoding: .utf8)
    }

    private static func run(
        _ words: [String], input: String = "", folder: URL? = nil
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = folder
        let (source, sink) = (Pipe(), Pipe())
        process.standardInput = source
        process.standardOutput = sink
        process.standardError = sink
        try process.run()
        try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try source.fileHandleForWriting.close()
        let output = try sink.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

extension Slapd {
    /// A server with the directory's own certificate that knows TLS 1.1 at most.
    public func withOldTLS(_ body: (Int) async throws -> Void) async throws {
        let port = try Self.freePort()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-cert", folder.path + "/server.pem", "-key",
            folder.path + "/server.key", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", "-quiet",
        ]
        process.standardInput = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { Self.end(process) }
        let words = [
            "openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0",
        ]
        let deadline = ContinuousClock.now + .seconds(60)
        // Ready once a client that does know it is answered.
        while try Self.run(words).status != 0 {
            guard process.isRunning, ContinuousClock.now < deadline else {
                throw Failure(text: "s_server does not start")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        try await body(port)
    }
}
