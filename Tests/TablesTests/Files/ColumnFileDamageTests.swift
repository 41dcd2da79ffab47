import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Tables

@Suite struct ColumnFileDamageTests {
    private let scratch: Scratch
    private let whole: [UInt8]

    init() throws {
        scratch = try Scratch()
        whole = try Self.file(scratch)
    }

    @Test func everyChangedByteIsAFault() throws {
        for place in whole.indices {
            for flip: UInt8 in Effort.isLong ? [0x01, 0x80, 0xFF] : [[0x01, 0x80, 0xFF][place % 3]] {
                var bytes = whole
                bytes[place] ^= flip
                let found = fault { try read(bytes) }
                #expect(found.map { Self.entries.contains($0.number) } == true, "byte \(place) ^ \(flip)")
            }
        }
    }

    @Test func everyCutIsAFault() throws {
        for length in 0..<whole.count {
            let found = fault { try read(Array(whole.prefix(length))) }
            #expect(
                found?.is(TableFaults.notColumnFile) == true || found?.is(TableFaults.fileDamaged) == true, "\(length)")
        }
        #expect(fault { try read(whole + [0]) } != nil)
    }

    @Test func anotherVersionIsToldFromDamage() throws {
        var bytes = whole
        bytes[8] = 2
        #expect(fault { try read(bytes) } == Fault(TableFaults.fileVersion))
        #expect(
            fault { try read(Array("id,a\n1,2\n".utf8) + Array(repeating: 10, count: 200)) }
                == Fault(TableFaults.notColumnFile))
    }

    /// A sender who makes all checksums right must not get further than to a fault either.
    @Test func damageWithRightChecksumsNeverTraps() throws {
        var random = SeededGenerator.printed(for: "damageWithRightChecksumsNeverTraps")
        var read = 0
        let runs = Effort.runs(400)
        for _ in 0..<runs {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 16..<whole.count - 88, using: &random)
                bytes[place] = [0, 1, 2, 3, 64, 65, 127, 255, UInt8.random(in: 0...255, using: &random)].randomElement(
                    using: &random)!
            }
            Repair.repair(&bytes)
            do {
                try self.read(bytes)
                read += 1
            } catch {
                #expect(error is Fault)
            }
        }
        print("read in spite of changes: \(read) of \(runs)")
    }

    @Test func aDamagedBlockNamesItsColumnAndGroup() throws {
        var bytes = whole
        bytes[16] ^= 0xFF
        try scratch.write(bytes, "b")
        let file = try ColumnFile(path: scratch.file("b"))
        let found = fault { _ = try file.read(column: 0, group: 0) }
        #expect(found == Fault(TableFaults.fileDamaged))
        #expect(found?.place == "column 1, group 1")
        #expect(fault { try file.verify() } == Fault(TableFaults.fileDamaged))
    }

    private static let entries = [
        TableFaults.notColumnFile, TableFaults.fileVersion, TableFaults.fileDamaged, TableFaults.schemaInvalid,
    ].map(\.number)

    private func read(_ bytes: [UInt8]) throws {
        try scratch.write(bytes, "b")
        let file = try ColumnFile(path: scratch.file("b"))
        _ = try file.cells(count: file.rows)
        try file.verifyContent()
        try file.verify()
    }

    /// All types, missing values, several groups, every encoding.
    private static func file(_ scratch: Scratch) throws -> [UInt8] {
        let schema = try TableSchema(
            columns: [
                ColumnSchema("id", .text), ColumnSchema("n", .integer), ColumnSchema("d", .decimal(scale: 2)),
                ColumnSchema("f", .float), ColumnSchema("c", .category), ColumnSchema("t", .date),
                ColumnSchema("u", .text),
            ], ids: ["id"], label: "c")
        let rows: [[Cell]] = (0..<40).map { row in
            let float = row < 20 ? Double(row) / 8 : Double(row).squareRoot()
            return [
                .text("id\(row)"), .integer(Int64(row * row)),
                row % 5 == 0 ? .missing : .decimal(Int64(row % 3), scale: 2),
                .float(float), .category(["good", "bad"][row % 2]), row < 20 ? .missing : .date(Int64(row)),
                .text(String(repeating: "same ", count: 8)),
            ]
        }
        try Samples.write(rows, schema, to: scratch.file("a"), groupRows: 20)
        return try scratch.bytes("a")
    }
}
