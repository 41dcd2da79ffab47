import AsyncHTTPClient
import Faults
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import People
import Resources
import Testing
import Trials

@testable import atoll

/// People at the real program: from the link of the first start to tokens, over the management plane.
@Suite(.serialized) struct FirstLoginTests {
    private static let password = "correct horse battery"

    @Test func theFirstStartsLinkMakesTheFirstAdministrator() async throws {
        try await withSite { site, address, home in
            let link = try #require(site.output.firstMatch(of: /http:\S+#atoll_f_\S+/)).0
            #expect(link.hasPrefix("\(address)/first-administrator#"))
            let secret = String(link.split(separator: "#")[1])
            let login = try await Program.run(
                ["login", String(link), "--user", "root"], input: Self.password + "\n", environment: home)
            #expect(login.status == 0, "\(login.errors)")
            let again = try await Program.run(
                ["login", String(link), "--user", "other"], input: Self.password + "\n", environment: home)
            #expect(again.errors.contains(Fault(PeopleFaults.notFirst).number.description))
            let book = try #require(home["XDG_CONFIG_HOME"]) + "/atoll/logins.json"
            #expect(FileFacts(book)?.permissions == 0o600)

            func remote(_ arguments: [String], input: String = "", _ more: [String: String] = [:]) async throws
                -> Program.Result
            {
                try await Program.run(
                    arguments + ["--server", address], input: input, environment: home.merging(more) { $1 })
            }
            let me = try await remote(["whoami", "-o", "json"])
            #expect(try JSONParser.parse(me.output)["user"] == "root")
            let tenant =
                "apiVersion: atoll.dev/v1alpha1\nkind: Tenant\nmetadata: {name: retail}\nspec: {displayName: R}\n"
            #expect(try await remote(["apply", "-f", "-"], input: tenant).status == 0)
            let history = try await site.run(["history", "tenant", "retail", "-o", "json"])
            #expect(history.output.contains("user root"), "the author is the user")

            #expect(try await remote(["user", "add", "ana"], input: Self.password + "\n").status == 0)
            #expect(try await remote(["role", "give", "viewer", "ana", "--tenant", "retail"]).status == 0)
            let members = try await remote(["role", "members", "--tenant", "retail", "-o", "json"])
            #expect(try JSONParser.parse(members.output)["items"]?.array?.first?["user"] == "ana")

            // A role of one's own is seen by everybody and counts where it is given.
            let role = try await remote(["role", "make", "approvers", "--summary", "approves", "--manage", "approvals"])
            #expect(role.status == 0, "\(role.errors)")
            #expect(try await remote(["role", "list"]).output.contains("approvers"))
            #expect(try await remote(["role", "give", "approvers", "ana", "--tenant", "retail"]).status == 0)
            let kept = try await remote(["delete", "customrole", "approvers"])
            #expect(kept.errors.contains(Fault(PeopleFaults.roleInUse).number.description), "\(kept.errors)")
            #expect(try await remote(["role", "take", "approvers", "ana", "--tenant", "retail"]).status == 0)

            let made = try await remote(["token", "make", "nightly", "--permission", "tenants.view", "-o", "json"])
            let token = try #require(try JSONParser.parse(made.output)["secret"]?.string)
            let proof = ["ATOLL_TOKEN": token]
            #expect(try await remote(["get", "tenants"], proof).status == 0)
            let beyond = try await remote(["get", "users"], proof)
            #expect(beyond.errors.contains(Fault(PeopleFaults.forbidden).number.description))

            for _ in 0..<5 {
                let wrong = try await Program.run(
                    ["login", address, "--user", "ana"], input: "wrong horse battery\n", environment: home)
                #expect(wrong.errors.contains(Fault(PeopleFaults.wrongLogin).number.description))
            }
            let shown = try await remote(["user", "show", "ana", "-o", "json"])
            #expect(try JSONParser.parse(shown.output)["login"]?["lockedUntil"]?.string != nil)
            #expect(try await remote(["user", "unlock", "ana"]).status == 0)
            let ana = home.merging(["XDG_CONFIG_HOME": home["XDG_CONFIG_HOME"]! + "/ana"]) { $1 }
            let right = try await Program.run(
                ["login", address, "--user", "ana"], input: Self.password + "\n", environment: ana)
            #expect(right.status == 0, "\(right.errors)")
            let session = try #require(
                try JSONParser.parse(
                    try Data(contentsOf: URL(filePath: ana["XDG_CONFIG_HOME"]! + "/atoll/logins.json")).map { $0 })[
                        "servers"]?[address]?["secret"]?.string)

            // All of it is in the audit, which is verified with nothing but the file.
            let audit = try await remote(["audit", "list", "--limit", "1000", "-o", "json"])
            let records = try JSONParser.parse(audit.output)["items"]?.array ?? []
            func count(_ kind: String, _ fault: FaultEntry? = nil, _ account: String? = nil) -> Int {
                records.count { record in
                    record["kind"]?.string == kind
                        && record["fault"]?.integer == Int64(fault?.number.rawValue ?? 0)
                        && (account == nil || record["account"]?.string == account)
                }
            }
            #expect(count("login", PeopleFaults.wrongLogin) == 5 && count("login", PeopleFaults.notFirst) == 1)
            #expect(count("login") == 2, "the first administrator, and ana")
            #expect(count("refusal", PeopleFaults.forbidden, "user root") == 1)
            #expect(count("change", nil, "user root") >= 5)
            let file = try #require(home["XDG_CONFIG_HOME"]) + "/audit.jsonl"
            #expect(try await remote(["audit", "export", "--output", file]).status == 0)
            let whole = try await Program.run(["audit", "verify", "--file", file])
            #expect(whole.status == 0 && whole.output.contains("holds together"), "\(whole.errors)")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("user root", with: "user rood").write(toFile: file, atomically: true, encoding: .utf8)
            let changed = try await Program.run(["audit", "verify", "--file", file])
            #expect(changed.status == 1 && changed.errors.contains(Fault(PeopleFaults.auditBroken).number.description))
            #expect(try await remote(["audit", "verify"]).status == 0)
            for secret in [secret, token, session, Self.password, "wrong horse battery"] {
                #expect(!text.contains(secret), "a secret is in the audit")
            }

            // Whoever reads the log learns nothing that proves anybody.
            let log = try String(contentsOfFile: site.log, encoding: .utf8)
            #expect(log.contains("request"), "every request is in it")
            for text in [secret, token, session, Self.password, "wrong horse battery"] {
                #expect(!log.contains(text), "a secret is in the log")
            }
            #expect(try await Program.run(["logout", address], environment: home).status == 0)
            let out = try await remote(["whoami"])
            #expect(out.errors.contains(Fault(PeopleFaults.notSignedIn).number.description))
        }
    }

    /// A site with no certificates but its own proves itself by its id, and no other site can in its place.
    @Test func aSiteProvesItselfByItsID() async throws {
        let port = try FreePort.find()
        let folder = ClientFolder()
        let config = folder.write(
            "atoll.yaml", "management: {address: '127.0.0.1:\(port)', tls: site}\n", mode: 0o600)
        try await RunningSite.with(arguments: ["--config", config]) { site in
            let shown = try await site.run(["site", "-o", "json"])
            let id = try #require(try JSONParser.parse(shown.output)["id"]?.string, "\(shown.output)")
            let secret = String(try #require(site.output.firstMatch(of: /#(atoll_f_\S+)/)).1)
            let server = "https://127.0.0.1:\(port)"
            let home = ["XDG_CONFIG_HOME": folder.path]
            func login(_ link: String, _ more: [String]) async throws -> Program.Result {
                try await Program.run(
                    ["login", link, "--user", "root"] + more, input: Self.password + "\n", environment: home)
            }
            let unknown = try await login("\(server)/#\(secret)", [])
            #expect(unknown.status != 0, "no authority vouches for it")
            let other = String(id.reversed())
            for wrong in [other, "nonsense"] {
                let refused = try await login("\(server)/#\(secret)", ["--site", wrong])
                #expect(refused.errors.contains("\(PeopleFaults.serverAddress.number)"), "\(refused.errors)")
            }
            let first = try await login("\(server)/#\(secret)", ["--site", id])
            #expect(first.status == 0, "\(first.errors)")
            let me = try await Program.run(["whoami", "--server", server, "-o", "json"], environment: home)
            #expect(try JSONParser.parse(me.output)["user"] == "root", "\(me.errors)")
            #expect(try await Program.run(["logout", server], environment: home).status == 0)
        }
    }

    /// Streams and half-sent requests of people do not keep the site from stopping.
    @Test func stopsWithinTwoSecondsWithPeopleConnectedOverTLS() async throws {
        let port = try FreePort.find()
        let folder = ClientFolder()
        let (certificate, key) = try NetworkPlaneTests.certificate(in: folder)
        let config = folder.write(
            "atoll.yaml",
            "management: {address: '127.0.0.1:\(port)', certificate: '\(certificate)', key: '\(key)'}\n", mode: 0o600)
        try await RunningSite.with(arguments: ["--config", config]) { site in
            let secret = String(try #require(site.output.firstMatch(of: /#(atoll_f_\S+)/)).1)
            var configuration = HTTPClient.Configuration.singletonConfiguration
            configuration.tlsConfiguration = .makeClientConfiguration()
            configuration.tlsConfiguration?.certificateVerification = .none
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            do {
                var login = HTTPClientRequest(url: "https://127.0.0.1:\(port)/api/v1/first-administrator")
                login.method = .POST
                login.body = .bytes(
                    ByteBuffer(
                        string:
                            #"{"secret": "\#(secret)", "name": "root", "password": "\#(Self.password)", "as": "bearer"}"#
                    ))
                let answer = try await client.execute(login, timeout: .seconds(60))
                let body = try JSONParser.parse(
                    Array((try await answer.body.collect(upTo: 1 << 16)).readableBytesView))
                var watch = HTTPClientRequest(url: "https://127.0.0.1:\(port)/api/v1/tenants?watch=true")
                watch.headers.add(name: "authorization", value: "Bearer \(try #require(body["secret"]?.string))")
                let stream = try await client.execute(watch, timeout: .seconds(60))
                #expect(stream.status == .ok)
                let seconds = try site.stop()
                #expect(site.status == 0 && seconds < 2, "\(seconds) s")
            } catch {
                try? await client.shutdown()
                throw error
            }
            try? await client.shutdown()
        }
    }

    @Test func addressesThatCannotBeTrustedAreRefused() throws {
        for text in [
            "risk.example:9371", "http://risk.example:9371", "ftp://127.0.0.1", "https://", "https://a b/",
            "http://127.0.0.1.evil.example@x", "https://user@host",
        ] {
            #expect(throws: Fault(PeopleFaults.serverAddress), "\(text)") { try RemoteServer(text) }
        }
        #expect(try RemoteServer("https://risk.example:9371/x#y").address == "https://risk.example:9371")
        #expect(try RemoteServer("http://127.0.0.1:1").address == "http://127.0.0.1:1")
        #expect(try RemoteServer("http://[::1]:1").address == "http://[::1]:1")
    }

    /// A site whose management plane is on loopback, and an environment of its own for the client.
    private func withSite(_ body: (RunningSite, String, [String: String]) async throws -> Void) async throws {
        let port = try FreePort.find()
        let config = FileManager.default.temporaryDirectory.appending(path: "atoll-config-\(ULID.make())").path
        defer { try? FileManager.default.removeItem(atPath: config) }
        try await RunningSite.with(
            arguments: ["--management-address", "127.0.0.1:\(port)", "--log-level", "debug"]
        ) { site in try await body(site, "http://127.0.0.1:\(port)", ["XDG_CONFIG_HOME": config]) }
    }
}
