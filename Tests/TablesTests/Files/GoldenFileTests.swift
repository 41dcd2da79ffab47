import Faults
import Foundation
import Testing

@testable import Tables

/// Version 1 of the format for ever: the file of the golden folder is read by every later release, and while the version is
/// 1 this release writes the same bytes.
@Suite struct GoldenFileTests {
    private let golden = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/version1.atc")

    /// With `ATOLL_WRITE_GOLDEN=1` the file is written first: only when a version is made.
    @Test func theFileOfVersionOneIsWrittenAndReadAsEver() throws {
        let scratch = try Scratch()
        try Samples.write(Self.rows, Self.schema(), to: scratch.file("a"), groupRows: 8)
        if ProcessInfo.processInfo.environment["ATOLL_WRITE_GOLDEN"] == "1" {
            try Data(scratch.bytes("a")).write(to: golden)
        }
        let file = try ColumnFile(path: golden.path)
        #expect(file.schema == (try Self.schema()))
        #expect(try file.cells(count: 100) == Self.rows)
        try file.verify()
        try file.verifyContent()
        #expect(try Data(scratch.bytes("a")) == Data(contentsOf: golden))
        #expect(file.contentDigest.description == "CONTENT")
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
    private static let rows: [[Cell]] = (0..<20).map { row in
        [
            .text("客户-\(row)"), .integer(row < 8 ? 7 : Int64(row * row) - 50), .integer(Int64(row) * 1_000_003),
            row % 3 == 0 ? .missing : .decimal(Int64(row % 2) * 123_456_789_012, scale: 2), .float(Double(row) / 4),
            .float((2 + Double(row)).squareRoot()), .category(["good", "bad", "好"][row % 3]),
            .date(Int64(row) * 400 - 1000),
            .missing, .text(String(repeating: "same words ", count: 5)),
        ]
    }
}
