import Faults
import Foundation
import Resources
import Testing

/// The built program against its own server: what a newcomer does in the first five minutes, and what goes wrong then.
@Suite struct CommandsEndToEndTests {
    private static let tenant = """
        apiVersion: atoll.dev/v1alpha1
        kind: Tenant
        metadata:
          name: retail-risk
          labels:
            team: risk
        spec:
          displayName: 零售风险
        """
    private static let project = """
        apiVersion: atoll.dev/v1alpha1
        kind: Project
        metadata:
          name: merchants
          tenant: retail-risk
        spec:
          displayName: Small-merchant credit
        """
    private static let both = "\(tenant)\n---\n\(project)\n"

    private let files = EndToEndFolder()

    @Test func theFirstFiveMinutes() async throws {
        try await RunningSite.with { site in
            let file = files.write("both.yaml", Self.both)
            #expect(try await site.atoll("doctor").status == 0)
            #expect(try await site.atoll("kinds", "-o", "json").json["items"]?.array?.isEmpty == false)
            #expect(try await site.atoll("explain", "tenant").output.contains("spec.displayName"))

            let empty = try await site.atoll("get", "tenants")
            #expect((empty.status, empty.output) == (0, ""))
            #expect(empty.error == "There are no tenants here.\n")

            let dry = try await site.atoll("apply", "-f", file, "--dry-run")
            #expect(
                dry.output
                    == "Tenant retail-risk created (dry run)\nProject merchants (tenant retail-risk) created (dry run)\n"
            )
            #expect(try await site.atoll("get", "tenants", "-o", "name").output == "")

            let first = try await site.atoll("apply", "-f", file, "--reason", "the beginning")
            #expect(first.output == "Tenant retail-risk created\nProject merchants (tenant retail-risk) created\n")
            let again = try await site.atoll("apply", "-f", "-", input: Self.both)
            #expect(again.output == "Tenant retail-risk unchanged\nProject merchants (tenant retail-risk) unchanged\n")

            #expect(try await site.atoll("get", "tn", "-o", "name").output == "tenant/retail-risk\n")
            #expect(try await site.atoll("get", "tenants").output.contains("零售风险"))
            #expect(
                try await site.atoll("get", "tenants", "-l", "team=risk", "-o", "name").output == "tenant/retail-risk\n"
            )
            #expect(try await site.atoll("get", "tenants", "-l", "!team", "-o", "name").output == "")
            let described = try await site.atoll("describe", "project/merchants", "--tenant", "retail-risk")
            #expect(described.output.contains("displayName: Small-merchant credit"))
            #expect(described.output.contains("the beginning"))
        }
    }

    @Test func changesAreRevisionsThatCanBeComparedAndTakenBack() async throws {
        try await RunningSite.with { site in
            _ = try await site.atoll("apply", "-f", "-", input: Self.tenant)
            let changed = Self.tenant.replacing("零售风险", with: "Retail risk")
            let preview = try await site.atoll("diff", "-f", "-", input: changed)
            #expect(preview.output.hasSuffix("  spec.displayName\n    - \"零售风险\"\n    + \"Retail risk\"\n"))
            let update = try await site.atoll("apply", "-f", "-", "--reason", "English", input: changed)
            #expect(update.output == "Tenant retail-risk updated: spec.displayName\n")
            let same = try await site.atoll("diff", "-f", "-", input: changed)
            #expect((same.output, same.error) == ("", "standard input is what is stored; nothing would change.\n"))

            let diff = try await site.atoll("diff", "tenant", "retail-risk")
            #expect(diff.output.hasPrefix("--- revision 1, "))
            #expect(diff.output.hasSuffix("  spec.displayName\n    - \"零售风险\"\n    + \"Retail risk\"\n"))
            let changes = try await site.atoll("diff", "tenant/retail-risk", "--from", "2", "--to", "1", "-o", "json")
                .json
            #expect(changes == ["items": [["path": "spec.displayName", "old": "Retail risk", "new": "零售风险"]]])

            let back = try await site.atoll("rollback", "tenant", "retail-risk", "--to", "1", "--reason", "Chinese")
            #expect(back.output == "Tenant retail-risk has the spec of revision 1 again, as revision 3\n")
            let history =
                try await site.atoll("history", "tenant", "retail-risk", "-o", "json").json["items"]?.array ?? []
            #expect(history.map { $0["reason"] } == ["", "English", "Chinese"])
            #expect(history.map { $0["number"] } == [1, 2, 3])
            #expect(history.allSatisfy { $0["author"]?.string?.contains("uid \(getuid())") == true })
            #expect(try await site.atoll("rollback", "tenant", "retail-risk", "--to", "9").status == 2)
            #expect(try await site.atoll("diff", "tenant", "retail-risk", "--to", "9").status == 2)
        }
    }

    @Test func mistakesAreNumberedAndNothingIsHalfDone() async throws {
        try await RunningSite.with { site in
            let broken = Self.both.replacing("displayName: Small", with: "dispayName: Small")
            let words = try await site.atoll("apply", "-f", files.write("broken.yaml", broken))
            #expect(words.status == 1)
            #expect(words.output == "")
            #expect(words.says(ResourceFaults.invalidDocument))
            #expect(words.error.contains("broken.yaml)"))
            #expect(words.error.contains("wanted: did you mean 'displayName'?"))
            #expect(try await site.atoll("get", "tenants", "-o", "json").json["items"] == [])

            let json = try await site.atoll("apply", "-f", "-", "-o", "json", input: broken)
            let problem = try JSONParser.parse(json.error)
            #expect((json.status, json.output) == (1, ""))
            #expect(problem["code"] == "ATL-1014")
            #expect(
                problem["errors"]?.array?.compactMap { $0["code"] }.sorted { "\($0)" < "\($1)" } == [
                    "ATL-1002", "ATL-1005",
                ])

            #expect(try await site.atoll("apply", "-f", "-", input: "a: [").says(ResourceFaults.syntax))
            #expect(try await site.atoll("apply", "-f", "-", input: "").says(ResourceFaults.syntax))
            let missing = try await site.atoll("apply", "-f", "missing.yaml")
            #expect((missing.status, missing.says(ProgramFaults.fileUnreadable)) == (1, true))
        }
    }

    @Test func exitCodesTellWhatHappened() async throws {
        try await RunningSite.with { site in
            _ = try await site.atoll("apply", "-f", "-", input: Self.tenant)
            #expect(try await site.atoll("get", "tenant", "nobody").status == 2)
            let kind = try await site.atoll("get", "tenats")
            #expect((kind.status, kind.says(ResourceFaults.unknownKind)) == (2, true))
            #expect(kind.error.contains("did you mean 'tenants'?"))
            let stale = Self.tenant.replacing(
                "name: retail-risk", with: "name: retail-risk\n  resourceVersion: \"999\""
            )
            .replacing("零售风险", with: "x")
            #expect(try await site.atoll("apply", "-f", "-", input: stale).status == 3)
            let usage = try await site.atoll("gte", "tenants")
            #expect((usage.status, usage.says(ProgramFaults.usage)) == (64, true))
            #expect(usage.error.contains("did you mean 'atoll get'?"))
            #expect(try await site.atoll("get", "tenants", "--tenat", "x").status == 64)
            #expect(try await site.atoll("explain", "ATL-9998").status == 2)
            #expect(try await site.atoll("bench", "nothing").says(ProgramFaults.benchMissing))
            let away = try await site.atoll("get", "tenants", "--data", "/nowhere")
            #expect((away.status, away.says(ProgramFaults.notRunning)) == (4, true))
            #expect(try await site.atoll("doctor", "--data", "/nowhere").status == 5)
            #expect(try await site.atoll("version", "--data", "/nowhere").status == 0)
            #expect(
                try await site.atoll("--version").output
                    == (try await site.atoll("version", "-o", "json").json["client"]?["version"]?.string ?? "?") + "\n")
        }
    }

    @Test func jsonAndYamlAreStableAndGoBackIn() async throws {
        try await RunningSite.with { site in
            _ = try await site.atoll("apply", "-f", "-", input: Self.both)
            let list = try await site.atoll("get", "projects", "--tenant", "retail-risk", "-o", "json")
            let value = try list.json
            #expect(list.output == JSONWriter.pretty(value) + "\n")
            #expect(value.object?.keys.sorted() == ["items", "resourceVersion"])
            let item = try #require(value["items"]?.array?.first)
            #expect(item.object?.keys.sorted() == ["apiVersion", "kind", "metadata", "spec", "status"])
            let one = try await site.atoll("get", "project/merchants", "--tenant", "retail-risk", "-o", "json").json
            #expect(one["metadata"]?["uid"] == item["metadata"]?["uid"])

            let documents =
                try await site.atoll("get", "tenants", "-o", "yaml").output
                + "---\n" + site.atoll("get", "projects", "-o", "yaml").output
            let back = try await site.atoll("apply", "-f", "-", "-o", "json", input: documents).json
            #expect(back.object?.keys.sorted() == ["items"])
            #expect(back["items"]?.array?.map { $0["action"] } == ["unchanged", "unchanged"])
        }
    }

    @Test func nothingIsColouredOrCutInAPipe() async throws {
        try await RunningSite.with { site in
            let long = Self.tenant.replacing("零售风险", with: String(repeating: "长", count: 80))
            _ = try await site.atoll("apply", "-f", "-", input: long)
            let table = try await site.atoll("get", "tenants", environment: ["TERM": "xterm", "COLUMNS": "40"])
            #expect(table.output.contains(String(repeating: "长", count: 80)))
            #expect(!table.output.contains("\u{1B}"))
            #expect(
                try await !site.atoll("get", "tenant", "x", environment: ["TERM": "xterm"]).error.contains("\u{1B}"))
        }
    }

    @Test func watchesSayWhatChangesAlsoAfterARestart() async throws {
        try await RunningSite.with { site in
            let version = try await site.atoll("get", "tenants", "-o", "json").json["resourceVersion"]?.string ?? ""
            let lines = try site.follow(["watch", "tenants", "--from", version], into: files.write("lines", ""))
            let values = try site.follow(["get", "tenants", "--watch", "-o", "json"], into: files.write("values", ""))
            defer {
                lines.stop()
                values.stop()
            }
            _ = try await site.atoll("apply", "-f", "-", input: Self.tenant)
            let seen = try await lines.lines { $0.contains(" added     Tenant retail-risk") }
            #expect(seen.contains { $0.contains(" added     Tenant retail-risk") }, "\(seen)")
            _ = try await values.lines { $0.contains("retail-risk") }
            _ = try site.stop()
            try await site.restart()
            #expect(
                try await site.atoll("delete", "tenant", "retail-risk", "--wait").output
                    == "Tenant retail-risk deleted\n")
            let after = try await lines.lines { $0.contains(" deleted   Tenant retail-risk") }
            #expect(after.contains { $0.contains(" deleted   Tenant retail-risk") }, "\(after)")
            let events = try await values.lines { $0.contains("\"type\":\"deleted\"") }.map { try JSONParser.parse($0) }
            #expect(events.first?["resource"]?["metadata"]?["name"] == "retail-risk")
            #expect(events.last?["type"] == "deleted")
            #expect(events.allSatisfy { $0.object?.keys.sorted() == ["resource", "type"] })
        }
    }

    @Test func deletionWaitsForWhatIsInside() async throws {
        try await RunningSite.with { site in
            let file = files.write("both.yaml", Self.both)
            _ = try await site.atoll("apply", "-f", file)
            let impatient = try await site.atoll("delete", "tenant", "retail-risk", "--wait", "--timeout", "1")
            #expect((impatient.status, impatient.says(ResourceFaults.beingDeleted)) == (3, true))
            #expect(try await site.atoll("get", "tenants").output.contains("Deleting"))
            let all = try await site.atoll("delete", "-f", file, "--wait")
            #expect(all.output == "Project merchants (tenant retail-risk) deleted\nTenant retail-risk deleted\n")
            #expect(try await site.atoll("delete", "-f", file).status == 2)
            let quiet = try await site.atoll("delete", "-f", file, "--ignore-missing")
            #expect((quiet.status, quiet.output) == (0, ""))
            let nameless = try await site.atoll("delete", "-f", "-", input: "kind: Tenant\n")
            #expect(nameless.says(ResourceFaults.missingField))
            #expect(try await site.atoll("delete", "-f", "-", input: "").says(ResourceFaults.syntax))
        }
    }

    @Test func anOutputThatCannotBeWrittenIsAnError() async throws {
        let full = ["/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full"]
        let outcome = try await CommandOutcome.of(["explain", "ATL-0001"], data: "/nowhere", prefix: full)
        #expect(outcome.status == 1)
        #expect(outcome.says(ProgramFaults.unexpected))
        #expect(outcome.error.contains("No space left on device"))
    }

    @Test func aBenchGetsItsArgumentsAndGivesItsStatus() async throws {
        let program = files.write("atoll-bench-echo", "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 7\n", mode: 0o700)
        let copy = program.replacing("atoll-bench-echo", with: "atoll")
        do {
            try FileManager.default.linkItem(atPath: Program.path, toPath: copy)
        } catch {
            try FileManager.default.copyItem(atPath: Program.path, toPath: copy)
        }
        let arguments = ["bench", "echo", "--json", "-o", "x y", "--", "--help"]
        let outcome = try await CommandOutcome.of(arguments, data: "/nowhere", program: copy)
        #expect((outcome.status, outcome.output) == (7, "<--json><-o><x y><--><--help>"))
        #expect(try await CommandOutcome.of(["bench"], data: "/nowhere", program: copy).output == "echo\n")
        let help = try await CommandOutcome.of(["bench", "--help"], data: "/nowhere", program: copy)
        #expect(help.output.contains("EXAMPLES"))
    }

    @Test func secretsGoInAndNeverComeOut() async throws {
        try await RunningSite.with(arguments: ["--log-level", "trace"]) { site in
            let value = "correct horse battery \(UUID().uuidString)"
            var outcomes = [try await site.atoll("secret", "set", "from-input", input: value)]
            #expect(outcomes[0].output == "secret from-input stored, \(value.utf8.count) bytes\n")
            outcomes.append(
                try await site.atoll("secret", "set", "from-file", "--from-file", files.write("value", value)))
            outcomes.append(try await site.atoll("secret", "list"))
            outcomes.append(try await site.atoll("secret", "list", "-o", "json"))
            #expect(try outcomes[3].json["items"]?.array?.map { $0["name"] } == ["from-file", "from-input"])
            outcomes.append(try await site.atoll("secret", "set", "from-argument", value))
            #expect(outcomes[4].status == 64)
            for text in ["", String(repeating: "x", count: 65_537)] {
                let refused = try await site.atoll("secret", "set", "wrong", input: text)
                #expect((refused.status, refused.says(ProgramFaults.invalidSecret)) == (1, true))
            }
            #expect(try await site.atoll("secret", "set", "Wrong_Name", input: value).says(ResourceFaults.invalidName))
            outcomes.append(try await site.atoll("secret", "delete", "from-file"))
            #expect(try await site.atoll("secret", "delete", "from-file").status == 2)
            outcomes.append(try await site.atoll("config", "show"))
            for outcome in outcomes.enumerated().filter({ $0.offset != 4 }).map(\.element) {
                #expect(outcome.status == 0)
                #expect(!outcome.output.contains(value) && !outcome.error.contains(value))
            }
            #expect(try !String(contentsOfFile: site.log, encoding: .utf8).contains(value))
            #expect(try !site.stored().contains { $0.range(of: Data(value.utf8)) != nil })
        }
    }
}

/// The files of one test, removed with the suite's instance.
private final class EndToEndFolder: Sendable {
    private let folder = ClientFolder()

    func write(_ name: String, _ text: String, mode: mode_t = 0o600) -> String {
        folder.write(name, text, mode: mode)
    }
}
