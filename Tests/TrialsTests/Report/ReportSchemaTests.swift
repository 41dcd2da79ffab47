import Foundation
import Testing

@testable import Trials

/// The JSON of a report against its schema, and what Python makes of it.
@Suite struct ReportSchemaTests {
    private static let hasPython = FileManager.default.isExecutableFile(atPath: Python.program)
    private static let documents = [
        ReportExample.binary(), ReportExample.binary(parties: 3), ReportExample.numbers(),
        ReportExample.withoutLearning(), ReportExample.failed(),
    ]

    private let schema: Schema

    init() throws {
        schema = try Schema(Data(contentsOf: Python.root.appending(path: "docs/trial-report.schema.json")))
    }

    @Test func everyDocumentFitsTheSchema() throws {
        var paired = ReportExample.binary()
        paired.learning?.uplift = .init(value: 0.05, low: 0.04, high: 0.06)
        paired.resumed = 1
        for document in Self.documents + [paired] {
            let data = try JSONEncoder().encode(document)
            #expect(try schema.problems(of: data) == [])
            #expect(try JSONDecoder().decode(TrialDocument.self, from: data) == document)
        }
    }

    @Test(arguments: [
        ("\"held\":true", "\"held\":1", "$.held: not of type boolean"),
        ("\"name\":\"verify\"", "\"nom\":\"verify\"", "$: lacks name"),
        ("\"name\":\"verify\"", "\"nom\":\"verify\"", "$: unknown nom"),
        ("atoll.dev\\/trial-report\\/1", "atoll.dev\\/trial-report\\/2", "$.schema: not atoll.dev/trial-report/1"),
        ("\"outcome\":\"pass\"", "\"outcome\":\"maybe\"", "$.routes[0].outcome: none of"),
        ("\"layers\":8", "\"layers\":-8", "$.routes[0].layers: beyond 0"),
        ("\"layers\":8", "\"layers\":8.5", "$.routes[0].layers: not of type integer"),
        ("\"cores\":\"2\"", "\"cores\":2", "$.environment.cores: not of type string"),
        ("2026-03-01T", "2026-03-01 ", "$.began: does not look like"),
    ])
    func whatDoesNotFitIsFound(from: String, to: String, problem: String) throws {
        let text = String(decoding: try JSONEncoder().encode(ReportExample.withoutLearning()), as: UTF8.self)
        #expect(text.contains(from))
        let problems = try schema.problems(of: Data(text.replacing(from, with: to).utf8))
        #expect(problems.contains { $0.hasPrefix(problem) }, "\(problems)")
    }

    @Test(.enabled(if: hasPython, "no /usr/bin/python3 here"))
    func theToolPrintsTheFiguresAndSaysByItsEndWhetherAllHeld() async throws {
        try await Self.withFolder { folder in
            for (index, document) in Self.documents.enumerated() {
                let report = folder.appending(path: "report-\(index).json")
                try JSONEncoder().encode(document).write(to: report)
                let said = try await Self.tool([report.path], in: folder, status: document.held ? 0 : 1)
                #expect(said.contains(document.name))
                switch index {
                case 0:
                    #expect(
                        said.contains("0.8105") && said.contains("AUC gained  +0.0719") && said.contains("identical"))
                case 2: #expect(said.contains("RMSE saved") && said.contains("320"))
                case 4: #expect(said.contains("ATL-7009") && said.contains("seconds <= 100") && said.contains("108.2"))
                default: break
                }
            }
        }
    }

    @Test(.enabled(if: hasPython, "no /usr/bin/python3 here"))
    func theToolGivesTheSameNumbersAsJSON() async throws {
        try await Self.withFolder { folder in
            let document = ReportExample.binary()
            try JSONEncoder().encode(document).write(to: folder.appending(path: TrialDocument.fileName))
            // A folder stands for the file in it.
            let said = try await Self.tool(["--json", "-", folder.path], in: folder)
            let summary = try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any]
            let uplift = (summary?["uplift"] as? [String: Any])?["value"] as? Double
            #expect(abs((uplift ?? 0) - (ReportFindings(document).uplift?.value ?? 1)) < 1e-12)
            #expect(summary?["held"] as? Bool == true && summary?["identical"] as? Bool == true)
            let kept = folder.appending(path: "summary.json")
            _ = try await Self.tool(["--json", kept.path, folder.path], in: folder)
            #expect(try String(contentsOf: kept, encoding: .utf8) == said)
        }
    }

    @Test(.enabled(if: hasPython, "no /usr/bin/python3 here"))
    func theToolRefusesWhatIsNoReport() async throws {
        try await Self.withFolder { folder in
            let file = folder.appending(path: "x.json")
            for text in ["", "[]", "{\"schema\": \"atoll.dev/trial-report/9\"}", "{}"] {
                try Data(text.utf8).write(to: file)
                _ = try await Self.tool([file.path], in: folder, status: 2)
            }
            _ = try await Self.tool([folder.appending(path: "none.json").path], in: folder, status: 2)
            _ = try await Self.tool([], in: folder, status: 2)
        }
    }

    /// Runs every cell of the notebook over a report, where pandas is there.
    @Test(.enabled(if: hasPython, "no /usr/bin/python3 here"))
    func theNotebookRunsAndShowsTheSameFigures() async throws {
        try await Self.withFolder { folder in
            let script = Python.root.appending(path: "Tests/Support/run_notebook.py").path
            for document in [ReportExample.binary(), ReportExample.numbers(), ReportExample.failed()] {
                try JSONEncoder().encode(document).write(to: folder.appending(path: TrialDocument.fileName))
                let notebook = Python.root.appending(path: "Examples/notebooks/trial-report.ipynb").path
                let said = try await Python.run(["-B", script, notebook, folder.path], in: folder)
                if said.contains("no pandas here") {
                    print("skipped: the notebook needs pandas, which is not here")
                    continue
                }
                if let auc = document.learning?.models.last?.measures["auc"] {
                    #expect(said.contains(String("\(auc)".prefix(6))), "\(said)")
                }
                #expect(said.contains(document.name))
            }
        }
    }

    private static func tool(_ arguments: [String], in folder: URL, status: Int32 = 0) async throws -> String {
        let script = Python.root.appending(path: "tools/atoll_report.py").path
        return try await Python.run(["-I", "-B", script] + arguments, in: folder, status: status)
    }

    private static func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-report-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }
}
