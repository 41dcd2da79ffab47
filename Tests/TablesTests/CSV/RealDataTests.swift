import Faults
import Foundation
import Testing

@testable import Tables

/// Public credit data outside of the repository, in the folder that `ATOLL_DATA` names; without it the tests say that they
/// are skipped.
@Suite struct RealDataTests {
    private static let folder = ProcessInfo.processInfo.environment["ATOLL_DATA"].flatMap { path in
        FileManager.default.fileExists(atPath: "\(path)/UCI_Credit_Card.csv.gz") ? path : nil
    }

    /// Rows as the data's own description counts them.
    private static let files: [(name: String, rows: Int, columns: Int, id: String, label: String?)] = [
        ("UCI_Credit_Card.csv.gz", 30_000, 25, "ID", "default.payment.next.month"),
        ("default_credit_hetero_guest.csv.gz", 30_000, 15, "id", "y"),
        ("default_credit_hetero_host.csv.gz", 30_000, 11, "id", nil),
        ("default_credit_homo_test.csv", 6000, 25, "id", "y"), ("breast_hetero_guest.csv", 569, 12, "id", "y"),
        ("breast_homo_guest.csv", 227, 32, "id", "y"), ("motor_hetero_guest.csv", 800, 6, "idx", "motor_speed"),
        ("student_hetero_host.csv", 395, 8, "id", nil), ("dvisits_hetero_host.csv", 5190, 10, "id", nil),
        ("vehicle_scale_homo_host.csv", 433, 20, "id", "y"),
    ]

    @Test(
        .enabled(if: folder != nil, "ATOLL_DATA names no folder with UCI_Credit_Card.csv.gz: real files are not read"))
    func realFilesAreInferredImportedAndComeBackFromCSV() throws {
        let folder = try #require(Self.folder)
        let scratch = try Scratch()
        for file in Self.files {
            let path = "\(folder)/\(file.name)"
            let inferred = try CSVInference.schema(of: FileInput(path: path), ids: [file.id], label: file.label)
            #expect(inferred.rows == file.rows, "\(file.name)")
            #expect(inferred.schema.columns.count == file.columns, "\(file.name)")
            let others = inferred.schema.columns.filter { !$0.type.isNumeric }
            #expect(others.isEmpty, "\(file.name)")
            let target = scratch.file(file.name)
            let importer = CSVImporter(schema: inferred.schema, scratch: scratch.path)
            let imported = try importer.run(FileInput(path: path), to: target)
            #expect(imported.sourceRows == file.rows)
            #expect(imported.sourceDigest == inferred.sourceDigest)
            let table = try ColumnFile(path: target)
            try table.verify()
            try table.verifyContent()
            var output = MemoryOutput()
            try CSVExporter().run(table, to: &output)
            let again = try importer.run(MemoryInput(output.bytes), to: "\(target).again")
            #expect(again.table.contentDigest == imported.table.contentDigest, "\(file.name)")
            let profile = try TableProfile(of: table)
            let id = try #require(profile.columns.first { $0.name == file.id })
            #expect(id.distinct.count >= file.rows * 95 / 100)
            print("\(file.name): \(table.bytes) bytes of \(output.bytes.count)")
        }
    }

    @Test(
        .enabled(if: folder != nil, "ATOLL_DATA names no folder with UCI_Credit_Card.csv.gz: real files are not read"))
    func theProfileOfTheCreditCardDataIsAsPublished() throws {
        let folder = try #require(Self.folder)
        let scratch = try Scratch()
        let path = "\(folder)/UCI_Credit_Card.csv.gz"
        let inferred = try CSVInference.schema(of: FileInput(path: path), ids: ["ID"])
        _ = try CSVImporter(schema: inferred.schema, scratch: scratch.path).run(
            FileInput(path: path), to: scratch.file("a"))
        let profile = try TableProfile(of: ColumnFile(path: scratch.file("a")))
        let label = try #require(profile.columns.last)
        #expect(label.frequent.map(\.count) == [23_364, 6636])
        let limit = try #require(profile.columns.first { $0.name == "LIMIT_BAL" })
        #expect(limit.least == "10000" || limit.least?.hasPrefix("10000.") == true)
        #expect(limit.missing == 0 && limit.distinct.isExact)
    }
}
