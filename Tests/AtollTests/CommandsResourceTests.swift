import Faults
import Resources
import Testing

@testable import atoll

@Suite struct CommandsResourceTests {
    private let plain = Terminal(descriptor: 1, isTerminal: false, columns: nil) { _ in nil }
    private let now = Timestamp("2026-01-31T08:10:00Z")!

    private let project: JSONValue = [
        "apiVersion": "atoll.dev/v1alpha1", "kind": "Project",
        "metadata": [
            "name": "merchants", "tenant": "retail-risk", "uid": "U1", "generation": 3, "resourceVersion": "17",
            "creationTimestamp": "2026-01-31T08:00:00.000Z", "labels": ["team": "risk", "env": "test"],
            "finalizers": ["atoll.dev/collect"],
            "ownerReferences": [["kind": "Tenant", "name": "retail-risk", "uid": "U0"]],
        ],
        "spec": ["displayName": "小微商户", "purpose": "one\ntwo"],
        "status": [
            "members": 2,
            "conditions": [
                [
                    "type": "Ready", "status": "False", "reason": "QuotaMissing", "message": "There is no quota.",
                    "lastTransitionTime": "2026-01-31T08:05:00.000Z", "observedGeneration": 2,
                ]
            ],
        ],
    ]

    private var kind: KindInfo {
        get throws {
            try KindInfo([
                "name": "Project", "plural": "projects", "shortNames": ["pj"], "scope": "project",
                "columns": [["title": "DISPLAY NAME", "path": ["spec", "displayName"]]],
            ])
        }
    }

    @Test func aListShowsScopeColumnsStateAndAge() throws {
        let text = ResourceTable(try kind, isWide: false, items: [project], now: now).text(for: plain)
        #expect(
            text == """
                NAME       TENANT       PROJECT  DISPLAY NAME  STATE         AGE
                merchants  retail-risk  -        小微商户      QuotaMissing  10m
                """
        )
    }

    @Test func wideAddsGenerationLabelsAndUid() throws {
        let text = ResourceTable(try kind, isWide: true, items: [project], now: now).text(for: plain)
        #expect(text.hasSuffix("10m  3           env=test,team=risk  U1"))
        #expect(text.contains("AGE  GENERATION  LABELS              UID\n"))
    }

    @Test func theStateSaysWhatIsGoingOn() {
        func state(_ document: JSONValue) -> String { ResourceText(document).state.text }
        func ready(_ status: String, _ reason: JSONValue) -> JSONValue {
            [
                "status": [
                    "conditions": [
                        [
                            "type": "Ready", "status": .string(status), "reason": reason,
                            "lastTransitionTime": "2026-01-31T08:05:00.000Z",
                        ]
                    ]
                ]
            ]
        }
        #expect(state([:]) == "-")
        #expect(state(ready("True", "Done")) == "Ready")
        #expect(state(ready("False", "")) == "NotReady")
        #expect(state(ready("Unknown", "Checking")) == "Checking")
        #expect(state(["metadata": ["deletionTimestamp": "2026-01-31T08:05:00.000Z"]]) == "Deleting")
    }

    @Test func oneResourceInEveryForm() throws {
        #expect(GetCommand.text(project, try kind, .name, plain) == "project/merchants")
        #expect(try JSONParser.parse(GetCommand.text(project, try kind, .json, plain)) == project)
        let yaml = GetCommand.text(project, try kind, .yaml, plain)
        #expect(try YAMLReader.documents(Array(yaml.utf8)).map(\.value) == [project])
    }

    @Test func jsonIsStable() throws {
        let text = GetCommand.text(["b": ["y": 1, "x": [2]], "a": "商"], try kind, .json, plain)
        #expect(text == "{\n  \"a\": \"商\",\n  \"b\": {\n    \"x\": [\n      2\n    ],\n    \"y\": 1\n  }\n}")
    }

    @Test func describeShowsEverySection() {
        let history: [JSONValue] = (1...7).map {
            [
                "number": .integer($0), "time": "2026-01-31T08:00:00.000Z", "author": "ana (uid 1000)",
                "reason": $0 == 7 ? "new\u{1B}purpose" : "", "spec": [:],
            ]
        }
        let text = Description(project, history: history, now: now).text(for: plain)
        let wanted = """
            Name:       merchants
            Kind:       Project
            Tenant:     retail-risk
            State:      QuotaMissing
            Labels:     env=test,team=risk
            Created:    2026-01-31T08:00:00.000Z (10m ago)
            Finalizers: atoll.dev/collect
            Owned by:   Tenant retail-risk
            Generation: 3
            Version:    17
            UID:        U1

            Spec:
              displayName: 小微商户
              purpose: "one\\ntwo"

            Conditions:
              TYPE   STATUS  REASON        AGE  MESSAGE
              Ready  False   QuotaMissing  5m   There is no quota. (of generation 2)

            Status:
              members: 2

            Revisions (the last 5 of 7):
              REVISION  TIME                      AGE  AUTHOR          REASON
              3         2026-01-31T08:00:00.000Z  10m  ana (uid 1000)  -
              4         2026-01-31T08:00:00.000Z  10m  ana (uid 1000)  -
              5         2026-01-31T08:00:00.000Z  10m  ana (uid 1000)  -
              6         2026-01-31T08:00:00.000Z  10m  ana (uid 1000)  -
              7         2026-01-31T08:00:00.000Z  10m  ana (uid 1000)  new\\u{1b}purpose
            """
        #expect(text == wanted)
    }

    @Test func aDeletionIsSeenInTheHistory() {
        let table = RevisionTable.table(
            [["number": 2, "time": "2026-01-31T08:00:00.000Z", "author": "ana", "reason": "", "spec": .null]],
            now: now
        )
        #expect(table.text(for: plain).hasSuffix("ana     deleted"))
    }

    @Test func applySaysWhatWasDone() {
        func line(_ action: String, _ paths: [String], dryRun: Bool = false) -> String {
            let changes = paths.map { ["path": .string($0)] as JSONValue }
            return ApplyCommand.line(
                ["action": .string(action), "changes": .array(changes), "resource": project],
                dryRun: dryRun,
                for: plain
            )
        }
        #expect(line("created", ["spec.a"]) == "Project merchants (tenant retail-risk) created")
        #expect(
            line("updated", ["spec.a", "spec.b"]) == "Project merchants (tenant retail-risk) updated: spec.a, spec.b")
        #expect(line("updated", []) == "Project merchants (tenant retail-risk) updated: labels or metadata")
        #expect(
            line("updated", (1...6).map { "s\($0)" }, dryRun: true).hasSuffix(
                "updated: s1, s2, s3, s4 and 2 more (dry run)"))
        #expect(line("unchanged", []) == "Project merchants (tenant retail-risk) unchanged")
    }

    @Test func differencesShowOldAndNew() {
        let lines = ChangeText.lines(
            [["path": "spec.a", "old": "", "new": ["x": 1]], ["path": "spec.b", "new": 2]], for: plain)
        #expect(lines == ["  spec.a", "    - \"\"", "    + {\"x\":1}", "  spec.b", "    + 2"])
    }

    @Test func aWatchWritesOneLineAChange() throws {
        let data = JSONLine.text(project)
        func line(_ name: String) throws -> String {
            let event = try WatchEvent(ServerSentEvent(name: name, id: "9", data: data))
            return WatchCommand.line(event, at: now, for: plain)
        }
        #expect(
            try line("added")
                == "2026-01-31T08:10:00.000Z added     Project merchants (tenant retail-risk)  QuotaMissing  generation 3"
        )
        #expect(
            try line("deleted")
                == "2026-01-31T08:10:00.000Z deleted   Project merchants (tenant retail-risk)  generation 3")
    }
}
