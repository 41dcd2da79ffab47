import Faults
import Foundation
import Testing

@testable import Tables

/// Version 1 of the format for ever: the file among the vectors is read by every later release, and while the version is
/// 1 this release writes the same bytes.
@Suite struct GoldenFileTests {
    private let golden = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors/table_version1.atc")

    /// With `ATOLL_WRITE_GOLDEN=1` the file is written first: only when a version is made.
    @Test func theFileOfVersionOneIsWrittenAndReadAsEver() throws {
        let scratch = try Scratch()
        try Samples.write(Self.rows, Self.schema(), to: scratch.file("a"), groupRows: 8)
        if ProcessInfo.processInfo.environment["ATOLL_WRITE_GOLDEN"] == "1" {
            try Data(scratch.bytes("a")).write(to: golden)
        }
        let file = try ColumnFile(path: golden.path)
        let schema = try Self.schema()
        #expect(file.schema == schema)
        #expect(try file.cells(count: 100) == Self.rows)
        try file.verify()
        try file.verifyContent()
        let (written, kept) = (try Data(scratch.bytes("a")), try Data(contentsOf: golden))
        #expect(written == kept)
        #expect(file.contentDigest.description == "f986412153c052e699fbbf292207250d76c7dc4abcdcc2bde32dc325b11e8ed5")
    }

    private static func schema() throws -> TableSchema {
        try CSVSamples.schema(
            [
                ("id", .text), ("n", .integer), ("step", .integer), ("d", .decimal(scale: 2)), ("f", .float),
                ("s", .float),
                ("c", .category), ("t", .date), ("none", .integer), ("long", .text),
            ], ids: ["id"], label: "c")
    }

    /// Every type, every form of a block, groups that are full and one that is not.
    private static let rows: [[Cell]] = (0..<20).map(row)

    private static func row(_ row: Int) -> [Cell] {
        let number = Int64(row)
        let integer: Int64 = row < 8 ? 7 : number * number - 50
        let decimal: Cell = row % 3 == 0 ? .missing : .decimal(number % 2 * 123_456_789_012, scale: 2)
        let root = Double(row + 2).squareRoot()
        let category = ["good", "bad", "好"][row % 3]
        return [
            .text("客户-\(row)"), .integer(integer), .integer(number * 1_000_003), decimal, .float(Double(row) / 4),
            .float(root), .category(category), .date(number * 400 - 1000), .missing,
            .text(String(repeating: "same words ", count: 5)),
        ]
    }
}
