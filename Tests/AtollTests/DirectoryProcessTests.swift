import Faults
import Foundation
import People
import PeopleTestKit
import Resources
import Testing
import Trials

@testable import atoll

/// The real program with a real directory: from its document to what people of its groups may do.
@Suite(.serialized, .enabled(if: Slapd.isInstalled, "slapd is not installed: Scripts/setup.sh test"))
struct DirectoryProcessTests {
    private static let localPassword = "correct horse battery"
    private static let wrongPassword = "wrong horse battery"

    @Test func peopleOfTheDirectoryDoWhatTheirGroupsMayAndNoSecretIsInAnyLog() async throws {
        try await Slapd.with { slapd in
            try await withSite { site, door in
                try await Self.prepare(site, slapd)
                let test = try await site.run(["directory", "test", "bank", "--user", "ana", "--groups"])
                #expect(test.status == 0, "\(test.output)\(test.errors)")
                #expect(test.output.contains("group cn=risk,ou=groups,dc=bank"))
                #expect(test.output.contains("role modeller in retail"))
                let tried = try await site.run(
                    ["directory", "test", "bank", "--user", "ana", "--password"], input: Slapd.password + "\n")
                #expect(tried.status == 0 && tried.output.contains("takes the password"), "\(tried.output)")
                let refused = try await site.run(
                    ["directory", "test", "bank", "--user", "ana", "--password", "-o", "json"],
                    input: Self.wrongPassword + "\n")
                #expect(refused.status == ExitStatus.checksFailed.rawValue)
                #expect(try JSONParser.parse(refused.output)["outcome"] == "fail")
                #expect(try await site.run(["get", "users"]).output.contains("ana") == false, "nothing is changed")

                let ana = try await Self.login(door, "ana", Slapd.password)
                let secret = try #require(ana.body["secret"]?.string, "\(ana)")
                #expect(ana.body["user"] == "ana")
                let me = try await door.call("get", "/api/v1/me", proof: secret)
                #expect(me.body["roles"]?.array?.first?["role"] == "modeller")
                let mine = try await door.call("get", "/api/v1/jobs?tenant=retail&project=cards", proof: secret)
                #expect(mine.status == 200)
                for path in ["jobs?tenant=wholesale&project=cards", "users", "directories", "jobs"] {
                    let other = try await door.call("get", "/api/v1/\(path)", proof: secret)
                    #expect(other.fault == PeopleFaults.forbidden.number, "\(path)")
                }
                let own = try await door.call("post", "/api/v1/directories/bank/test", "{}", proof: secret)
                #expect(own.fault == PeopleFaults.forbidden.number)
                let token = try await door.call("post", "/api/v1/tokens", #"{"name": "nightly"}"#, proof: secret)
                #expect(token.status == 201)

                for name in ["ana", "absent", "*)(uid=*"] {
                    let wrong = try await Self.login(door, name, Self.wrongPassword)
                    #expect(wrong.status == 401 && wrong.fault == PeopleFaults.wrongLogin.number, "\(name)")
                }
                let nobody = try await Self.login(door, "nobody", Slapd.password)
                #expect(nobody.status == 403 && nobody.fault == PeopleFaults.directoryNoRole.number)
                let change = try await door.call(
                    "put", "/api/v1/me/password",
                    #"{"old": "\#(Slapd.password)", "new": "\#(Self.localPassword)"}"#, proof: secret)
                #expect(change.fault == PeopleFaults.directoryUser.number)

                // The group is taken away: gone with the next login, for sessions and tokens of before as well.
                try slapd.change(
                    """
                    dn: cn=risk,ou=groups,dc=bank
                    changetype: modify
                    delete: member
                    member: uid=ana,ou=people,dc=bank

                    """)
                #expect(try await Self.login(door, "ana", Slapd.password).fault == PeopleFaults.directoryNoRole.number)
                for proof in [secret, try #require(token.body["secret"]?.string)] {
                    let late = try await door.call("get", "/api/v1/jobs?tenant=retail&project=cards", proof: proof)
                    #expect(late.fault == PeopleFaults.forbidden.number)
                }

                slapd.stop()
                let away = try await Self.login(door, "ana", Slapd.password)
                #expect(away.status == 503 && away.fault == PeopleFaults.directoryAway.number)
                #expect(try await Self.login(door, "root", Self.localPassword).status == 200)
                let failing = try await site.run(["directory", "test", "bank"])
                #expect(failing.status == ExitStatus.checksFailed.rawValue && failing.output.contains("fail"))

                try await Self.checkRecords(site, [secret, try #require(token.body["secret"]?.string)])
            }
        }
    }

    /// Neither the site's environment nor a file of its account has a say in what is believed.
    @Test func theEnvironmentDoesNotWeakenWhatIsBelieved() async throws {
        try await Slapd.with(.otherAuthority) { slapd in
            let home = FileManager.default.temporaryDirectory.appending(path: "atoll-home-\(ULID.make())")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: home) }
            try "TLS_REQCERT never\nTLS_REQSAN never\n".write(
                to: home.appending(path: ".ldaprc"), atomically: true, encoding: .utf8)
            let weak = [
                "/usr/bin/env", "HOME=\(home.path)", "LDAPTLS_REQCERT=never", "LDAPTLS_REQSAN=never",
                "LDAPREFERRALS=on",
            ]
            try await withSite(prefix: weak) { site, door in
                try await Self.prepare(site, slapd)
                let answer = try await Self.login(door, "ana", Slapd.password)
                #expect(answer.status == 503 && answer.fault == PeopleFaults.directoryUntrusted.number)
                let test = try await site.run(["directory", "test", "bank", "--user", "ana"])
                #expect(test.status == ExitStatus.checksFailed.rawValue)
                #expect(test.output.contains("CN=other-of-bank"), "\(test.output)")
            }
        }
    }

    /// A local administrator, the tenants, the secret and the directory, by the commands of a first set-up.
    private static func prepare(_ site: RunningSite, _ slapd: Slapd) async throws {
        let folder = ClientFolder()
        let authority = folder.write("ca.pem", slapd.authority)
        let added = try await site.run(
            ["user", "add", "root", "--platform-role", "platform-admin"], input: localPassword + "\n")
        #expect(added.status == 0, "\(added.errors)")
        let tenants = ["retail", "wholesale"].map {
            "apiVersion: atoll.dev/v1alpha1\nkind: Tenant\nmetadata: {name: \($0)}\nspec: {displayName: T}\n---\n"
                + "apiVersion: atoll.dev/v1alpha1\nkind: Project\nmetadata: {name: cards, tenant: \($0)}\n"
                + "spec: {displayName: P}\n"
        }
        #expect(try await site.run(["apply", "-f", "-"], input: tenants.joined(separator: "---\n")).status == 0)
        #expect(try await site.run(["secret", "set", "directory-bank"], input: Slapd.bindPassword).status == 0)
        let document = """
            apiVersion: atoll.dev/v1alpha1
            kind: Directory
            metadata: {name: bank}
            spec:
              preset: openldap
              urls: ["\(slapd.secureURL)"]
              bindDN: \(Slapd.bindName)
              bindSecret: directory-bank
              userBase: ou=people,dc=bank
              groupBase: ou=groups,dc=bank
              roles:
                - {group: "cn=risk,ou=groups,dc=bank", role: modeller, tenant: retail}
            """
        let plain = document.replacing(slapd.secureURL, with: slapd.url)
        let refused = try await site.run(["directory", "set", "-f", "-"], input: plain)
        #expect(refused.errors.contains(Fault(PeopleFaults.directoryPlain).number.description))
        let set = try await site.run(["directory", "set", "-f", "-", "--ca", authority], input: document)
        #expect(set.status == 0 && set.output.contains("created"), "\(set.errors)")
        let shown = try await site.run(["directory", "show", "bank"])
        #expect(shown.output.contains("cn=risk,ou=groups,dc=bank") && shown.output.contains(slapd.secureURL))
        #expect(try await site.run(["directory", "show"]).output.contains("openldap"))
    }

    /// What happened is in the audit, and nothing that proves anybody is there, in the log, or in the document.
    private static func checkRecords(_ site: RunningSite, _ more: [String]) async throws {
        let records = try await site.run(["audit", "list", "--limit", "1000", "-o", "json"])
        let items = try JSONParser.parse(records.output)["items"]?.array ?? []
        #expect(items.contains { $0["kind"] == "login" && $0["detail"]?.string?.contains("user ana") == true })
        #expect(items.contains { $0["route"]?.string?.contains("directories/{name}/test") == true })
        let documents = try await site.run(["get", "directories", "-o", "yaml"])
        let users = try await site.run(["get", "users", "-o", "yaml"])
        #expect(users.output.contains("directory: bank"))
        let log = try String(contentsOfFile: site.log, encoding: .utf8)
        #expect(log.contains("the directory cannot be asked"))
        for secret in [Slapd.password, Slapd.bindPassword, localPassword, wrongPassword, "root of the directory"] + more
        {
            for text in [log, records.output, documents.output, users.output] {
                #expect(!text.contains(secret), "a secret is told")
            }
        }
    }

    private static func login(_ door: RemoteDoor, _ name: String, _ password: String) async throws -> RemoteDoor.Answer
    {
        let body: JSONValue = ["name": .string(name), "password": .string(password), "as": "bearer"]
        return try await door.call(
            "post", "/api/v1/login", String(decoding: JSONWriter.compact(body), as: UTF8.self), proof: nil)
    }

    private func withSite(
        prefix: [String] = [], _ body: (RunningSite, RemoteDoor) async throws -> Void
    ) async throws {
        let port = try FreePort.find()
        try await RunningSite.with(
            arguments: ["--management-address", "127.0.0.1:\(port)", "--log-level", "debug"],
            prefix: prefix
        ) { site in try await body(site, RemoteDoor(address: "http://127.0.0.1:\(port)")) }
    }
}
