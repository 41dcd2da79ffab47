import Faults
import Foundation
import Objects
import Resources
import ResourcesTestKit
import Testing

@testable import atoll

/// Datasets and grants with the program itself.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct DataCommandTests {
    private static let csv = "id,amount,note,y\na1,10,=HYPERLINK(1),0\nb2,20,fine,1\nc3,30,fine,0\n"

    private func with(_ body: (RunningSite, _ folder: borrowing ClientFolder) async throws -> Void) async throws {
        try await RunningSite.with { site in
            let folder = ClientFolder()
            let places =
                FileUploadTests.places + """

                    ---
                    apiVersion: atoll.dev/v1alpha1
                    kind: Peer
                    metadata: {name: partner}
                    spec:
                      displayName: Partner
                      site: mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dzpiydcmrtgq2q
                    """
            let applied = try await site.run(["apply", "-f", folder.write("places.yaml", places)])
            #expect(applied.status == 0, "\(applied.errors)")
            try await body(site, folder)
        }
    }

    private func atoll(_ site: RunningSite, _ words: String...) async throws -> Program.Result {
        try await site.run(words + FileUploadTests.scope)
    }

    @Test func twoVersionsOfATableAreCompared() async throws {
        try await with { site, folder in
            let versions = ["old": Self.csv, "new": Self.csv.replacing("fine", with: "other")]
            for (name, text) in versions {
                let path = folder.write("\(name).csv", text)
                let made = try await atoll(site, "data", "upload", path, "--name", name, "--id", "id", "--label", "y")
                #expect(made.status == 0, "\(made.errors)")
            }
            let table = try await atoll(site, "data", "compare", "old", "new")
            let lines = table.output.split(separator: "\n").map(String.init)
            #expect(lines.first == "rows      3, then 3", "\(table.errors)")
            #expect(lines.contains { $0.hasPrefix("amount") && $0.hasSuffix("stable") }, "\(table.output)")
            #expect(lines.contains { $0.hasPrefix("note") && $0.hasSuffix("shifted") }, "\(table.output)")
            let bins = try await atoll(site, "data", "compare", "old", "new", "--column", "note")
            #expect(bins.output.contains("(other values)") && bins.output.contains("66.67 %"), "\(bins.output)")
            let json = try await atoll(site, "data", "compare", "old", "new", "-o", "json")
            #expect(try JSONParser.parse(json.output)["verdict"] == "shifted")
            let none = try await atoll(site, "data", "compare", "old", "gone")
            #expect(none.errors.contains("\(ResourceFaults.notFound.number)"), "\(none.errors)")
        }
    }

    @Test func aTableIsUploadedLookedAtGrantedAndDeleted() async throws {
        try await with { site, folder in
            let path = folder.write("loans.csv", Self.csv)
            let made = try await atoll(site, "data", "upload", path, "--name", "loans", "--id", "id", "--label", "y")
            #expect(made.status == 0 && made.output.contains("3 rows, 4 columns"), "\(made.errors)")
            let list = try await atoll(site, "data", "list")
            #expect(list.output.contains("loans") && list.output.contains("y"), "\(list.output)")
            let described = try await atoll(site, "data", "describe", "loans")
            #expect(described.output.contains("amount  integer") && described.output.contains("made of   file loans"))
            let head = try await atoll(site, "data", "head", "loans", "--rows", "1")
            #expect(head.output.contains("a1") && !head.output.contains("b2"), "\(head.output)")
            let profile = try await atoll(site, "data", "profile", "loans", "-o", "json")
            #expect(try JSONParser.parse(profile.output)["rows"] == 3)
            let csv = folder.path + "/out.csv"
            #expect(try await atoll(site, "data", "export", "loans", "--output", csv).status == 0)
            let text = try String(contentsOfFile: csv, encoding: .utf8)
            #expect(text == Self.csv.replacing("=HYPERLINK(1)", with: "\"'=HYPERLINK(1)\""))

            let granted = try await atoll(
                site, "grant", "create", "g", "--peer", "partner", "--dataset", "loans", "--column", "id", "--column",
                "amount", "--purpose", "scoring", "--algorithm", "align", "--until", "2099-01-01T00:00:00Z", "--uses",
                "5")
            #expect(granted.status == 0, "\(granted.errors)")
            try await waitUntil("the grant's state") {
                try await atoll(site, "grant", "list").output.contains("Active")
            }
            #expect(try await atoll(site, "grant", "list").output.contains("0 of 5"))
            let revoked = try await atoll(site, "grant", "revoke", "g", "--reason", "over")
            #expect(revoked.status == 0, "\(revoked.errors)")
            try await waitUntil("the grant's end") {
                try await atoll(site, "grant", "list").output.contains("Revoked")
            }
            let revived = try await site.run(
                ["rollback", "grant", "g", "--to", "1"] + FileUploadTests.scope)
            #expect(revived.errors.contains("\(GrantFaults.revocationFinal.number)"), "\(revived.errors)")
            let stranger = try await atoll(
                site, "grant", "create", "h", "--peer", "nobody", "--dataset", "loans", "--column", "id", "--purpose",
                "x", "--algorithm", "align", "--until", "2099-01-01T00:00:00Z")
            #expect(stranger.errors.contains("\(ResourceFaults.danglingReference.number)"), "\(stranger.errors)")

            #expect(try await atoll(site, "data", "delete", "loans").status == 0)
            #expect(try await atoll(site, "file", "delete", "loans").status == 0)
            try await waitUntil("nothing is kept") {
                (FileManager.default.subpaths(atPath: site.folder + "/objects/objects") ?? []).isEmpty
            }
        }
    }

    @Test func whatCannotBecomeADatasetLeavesNothing() async throws {
        try await with { site, folder in
            let cases: [(String, String, FaultEntry)] = [
                ("binary", "id,y\n\u{0}\u{1}\u{2},1\n", TableFaults.csvBinary),
                ("twice", "id,y\na,1\na,2\n", TableFaults.duplicateIDs),
                ("quote", "id,y\na,1\n\"b,2\n", TableFaults.csvQuote),
                ("line", "id,y\na,\(String(repeating: "7", count: 9 << 20))\n", TableFaults.csvLineTooLong),
            ]
            for (name, text, entry) in cases {
                let path = folder.write("\(name).csv", text)
                let refused = try await atoll(site, "data", "upload", path, "--name", name, "--id", "id")
                #expect(refused.status == 1 && refused.errors.contains("\(entry.number)"), "\(name): \(refused.errors)")
            }
            let listed = try await atoll(site, "get", "files", "-o", "json")
            try await waitUntil("no file is left") {
                try JSONParser.parse(try await atoll(site, "get", "files", "-o", "json").output)["items"]?.array == []
            }
            #expect(listed.status == 0)
            #expect(try await atoll(site, "data", "list").errors.contains("There are no datasets"))
            // By a stated rule it becomes one, from a file with another form of everything.
            let path = folder.write("twice.csv", "1;2,5;2024/01/31\n1;3,5;2024/02/01\n")
            let schema = folder.write(
                "schema.json",
                #"{"columns":[{"name":"c1","type":"text"},{"name":"c2","type":"text"},{"name":"c3","type":"date"}],"ids":["c1"]}"#
            )
            let made = try await atoll(
                site, "data", "upload", path, "--name", "twice", "--no-header", "--schema", schema, "--duplicates",
                "last", "--dates", "slashes", "--delimiter", ";")
            #expect(made.status == 0 && made.output.contains("1 rows"), "\(made.errors)")
        }
    }

    /// A file that was sent before the command was killed is not sent again.
    @Test func aCommandThatWasKilledBetweenFileAndDatasetGoesOn() async throws {
        try await with { site, folder in
            let path = folder.write("loans.csv", Self.csv)
            #expect(try await atoll(site, "file", "upload", path, "--name", "loans", "--rows").status == 0)
            let made = try await atoll(site, "data", "upload", path, "--name", "loans", "--id", "id")
            #expect(made.status == 0, "\(made.errors)")
            let other = folder.write("other.csv", Self.csv + "d4,40,fine,1\n")
            #expect(try await atoll(site, "data", "delete", "loans").status == 0)
            try await waitUntil("the dataset is gone") {
                try await atoll(site, "get", "dataset", "loans").status == 2
            }
            let refused = try await atoll(site, "data", "upload", other, "--name", "loans", "--id", "id")
            #expect(refused.errors.contains("\(ResourceFaults.alreadyExists.number)"), "\(refused.errors)")
        }
    }
}
