import CTables
import Faults
import Testing

@testable import Tables

@Suite struct GzipTests {
    private let scratch: Scratch
    private let schema: TableSchema
    private let text: [UInt8]

    init() throws {
        scratch = try Scratch()
        schema = try CSVSamples.schema([("a", .integer), ("b", .text)])
        text = Array("a,b\n".utf8) + Array((0..<5000).map { "\($0),text \($0 * 7)\n" }.joined().utf8)
    }

    @Test func gzipIsToldByItsFirstBytes() throws {
        let plain = try CSVSamples.import(text, schema, scratch: scratch)
        for step in [1, 1000, Int.max] {
            let packed = Self.gzip(text)
            let imported = try CSVSamples.import(packed, schema, scratch: scratch, step: step)
            #expect(imported.summary.table.contentDigest == plain.summary.table.contentDigest)
            #expect(imported.summary.sourceBytes == packed.count)
        }
    }

    @Test func severalMembersAreOneText() throws {
        let packed = Self.gzip(Array(text.prefix(1000))) + Self.gzip([]) + Self.gzip(Array(text.dropFirst(1000)))
        #expect(try CSVSamples.import(packed, schema, scratch: scratch).rows.count == 5000)
    }

    @Test func whatIsCutDamagedOrFollowedByGarbageIsRefused() throws {
        let packed = Self.gzip(text)
        var damaged = packed
        damaged[packed.count / 2] ^= 0x10
        var wrongSum = packed
        wrongSum[packed.count - 6] ^= 1
        for bytes in [
            Array(packed.dropLast()), Array(packed.prefix(100)), Array(packed.prefix(5)), damaged, wrongSum,
            packed + [1, 2, 3],
        ] {
            #expect(throws: Fault(TableFaults.gzipDamaged)) { try CSVSamples.import(bytes, schema, scratch: scratch) }
        }
        #expect(scratch.names == [])
    }

    /// A gzip file by RFC 1952 around the kernel's raw deflate.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var body = [UInt8](repeating: 0, count: bytes.count + 100)
        let length = ct_deflate(bytes, bytes.count, &body, body.count, 6)
        var writer = ByteWriter()
        writer.put(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])
        writer.put(bytes: body.prefix(length))
        writer.put(ct_crc32(0, bytes, bytes.count))
        writer.put(UInt32(bytes.count))
        return writer.bytes
    }
}
