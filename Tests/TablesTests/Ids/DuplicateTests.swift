import Faults
import ResourcesTestKit
import Testing

@testable import Tables

@Suite struct DuplicateTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func duplicatesAreRefusedWithTheRowsTheyAreIn() throws {
        let schema = try CSVSamples.schema([("id", .text), ("x", .integer)], ids: ["id"])
        let found = fault {
            _ = try CSVSamples.import("id,x\na,1\nsecret,2\na,3\nsecret,4\n".utf8, schema, scratch: scratch)
        }
        #expect(found == Fault(TableFaults.duplicateIDs))
        #expect(found?.what == "2 rows have an id that a row above has.")
        #expect(found?.place == "rows 3, 4, counted from 1 without the line of names")
        #expect(!"\(found as Any)".contains("secret"))
        #expect(scratch.names == [])
    }

    @Test func theFirstOrTheLastRowOfAnIDStays() throws {
        let schema = try CSVSamples.schema([("id", .text), ("c", .category)], ids: ["id"])
        let text = "id,c\na,1\nb,2\na,3\nc,4\na,5\n".utf8
        var reading = CSVReading()
        reading.duplicates = .first
        let first = try CSVSamples.import(text, schema, reading, scratch: scratch)
        #expect(first.rows.map { $0[1] } == ["1", "2", "4"].map(Cell.category))
        #expect(first.summary.duplicatesRemoved == 2)
        #expect(first.summary.sourceRows == 5)
        reading.duplicates = .last
        let last = try CSVSamples.import(text, schema, reading, scratch: scratch)
        #expect(last.rows.map { $0[1] } == ["2", "4", "5"].map(Cell.category))
    }

    /// What is left out leaves no trace: the digest is that of a file that never had it.
    @Test func whatStaysHasTheDigestOfATableWithoutTheRest() throws {
        let schema = try CSVSamples.schema([("id", .text), ("c", .category)], ids: ["id"])
        var reading = CSVReading()
        reading.duplicates = .last
        let cleaned = try CSVSamples.import("id,c\na,gone\nb,2\na,3\n".utf8, schema, reading, scratch: scratch)
        let direct = try CSVSamples.import("id,c\nb,2\na,3\n".utf8, schema, scratch: scratch)
        #expect(cleaned.summary.table.contentDigest == direct.summary.table.contentDigest)
        #expect(cleaned.summary.table.fileDigest == direct.summary.table.fileDigest)
    }

    @Test func idsOfSeveralColumnsDoNotRunIntoEachOther() throws {
        let schema = try CSVSamples.schema([("a", .text), ("b", .text), ("n", .integer)], ids: ["a", "b", "n"])
        let text = "a,b,n\nx,yz,1\nxy,z,1\nx,yz,2\n\"x,\",y,1\nx,\",y\",1\n"
        #expect(try CSVSamples.import(text.utf8, schema, scratch: scratch).rows.count == 5)
    }

    @Test func theSameRowsAreFoundWhenFewIDsFitIntoMemory() throws {
        var random = SeededGenerator.printed(for: "theSameRowsAreFoundWhenFewIDsFitIntoMemory")
        let schema = try CSVSamples.schema([("id", .integer), ("row", .integer)], ids: ["id"])
        for kept in [CSVReading.Duplicates.first, .last] {
            let ids = (0..<600).map { _ in Int.random(in: 0..<450, using: &random) }
            var seen: Set<Int> = []
            let order = kept == .first ? Array(ids.indices) : ids.indices.reversed()
            let stay = Set(order.filter { seen.insert(ids[$0]).inserted })
            let text = "id,row\n" + ids.enumerated().map { "\($1),\($0)\n" }.joined()
            var reading = CSVReading()
            reading.duplicates = kept
            for inMemory in [2, 100, 5000] {
                let imported = try CSVSamples.import(
                    text.utf8, schema, reading, scratch: scratch, groupRows: 97, idsInMemory: inMemory, block: 512)
                #expect(
                    imported.rows.map { $0[1] } == stay.sorted().map { .integer(Int64($0)) }, "\(inMemory) in memory")
            }
        }
        #expect(!scratch.names.contains { $0.contains("ids") }, "temporary files are gone")
    }

    /// The first vectors of the authors' reference code for SipHash-2-4 with 128 bits.
    @Test func sipHashGivesTheKnownAnswers() {
        let key = SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
        let empty = SipHash(key).finish()
        #expect(empty.0 == 0xE6A8_25BA_047F_81A3 && empty.1 == 0x9302_55C7_1472_F66D)
        var one = SipHash(key)
        one.add(UInt8(0))
        #expect(one.finish().0 == 0x44AF_996B_D8C1_87DA && one.finish().1 == 0x45FC_229B_1159_7634)
        // Words and bytes are the same at any offset.
        for offset in 0..<8 {
            var words = SipHash(key)
            var bytes = SipHash(key)
            for place in 0..<offset {
                words.add(UInt8(place))
                bytes.add(UInt8(place))
            }
            words.add(UInt64(0x0123_4567_89AB_CDEF))
            for byte: UInt8 in [0xEF, 0xCD, 0xAB, 0x89, 0x67, 0x45, 0x23, 0x01] { bytes.add(byte) }
            #expect(words.finish() == bytes.finish())
        }
    }
}
