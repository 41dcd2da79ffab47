import Faults
import Foundation
import Testing

@testable import Tables

/// What an import holds at once does not grow with the file: told by counting, not by the machine's figures.
@Suite struct BoundedMemoryTests {
    @Test func aBlockOfTextAndAPieceOfTheIDsAreAllThatIsHeld() throws {
        let scratch = try Scratch()
        let rows = Effort.isLong ? 10_000_000 : 60_000
        let schema = try CSVSamples.schema(
            [("id", .integer), ("x", .decimal(scale: 2)), ("c", .category)], ids: ["id"])
        let importer = CSVImporter(schema: schema, scratch: scratch.path)
        let input = Rows(rows)
        let before = Self.peak()
        let summary = try importer.run(
            input, to: scratch.file("a"), groupRows: nil, idsInMemory: Effort.isLong ? 1 << 18 : 10_000)
        #expect(summary.sourceRows == rows)
        #expect(summary.table.rows == rows)
        // The input was asked for blocks of the one size, whatever the length of the file.
        #expect(input.largestRead <= 256 << 10)
        #expect(summary.sourceBytes == input.given)
        #expect(scratch.names == ["a"])
        if Effort.isLong {
            // 10 million rows are 160 MB of text and 240 MB of ids; a guard with room, not a measurement.
            let grown = Self.peak() - before
            print("10 million rows: peak memory grew by \(grown >> 20) MiB")
            #expect(grown < 200 << 20)
        }
    }

    /// Rows made as they are asked for.
    private final class Rows: ByteInput {
        private let rows: Int
        private var next = 0
        private var pending: [UInt8] = Array("id,x,c\n".utf8)
        private(set) var largestRead = 0
        private(set) var given = 0

        init(_ rows: Int) { self.rows = rows }

        func read(into room: UnsafeMutableRawBufferPointer) -> Int {
            largestRead = max(largestRead, room.count)
            while pending.count < room.count, next < rows {
                pending += Array("\(next &* 7919 % rows),\(next % 1000).5,\(next % 3)\n".utf8)
                next += 1
            }
            let count = min(room.count, pending.count)
            room.copyBytes(from: pending.prefix(count))
            pending.removeFirst(count)
            given += count
            return count
        }
    }

    /// The process's largest resident set so far in bytes; 0 where the system does not say.
    private static func peak() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0) << 10
    }
}
