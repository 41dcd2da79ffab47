import Faults
import Foundation
import Resources
import ResourcesTestKit
import Tables
import Testing

@testable import Data

/// Two versions of a table: what is different, and how far every column has moved.
@Suite(.timeLimit(.minutes(5)))
struct ComparisonTests {
    private func make(
        _ site: DataFixture, _ name: String, _ text: String, ids: [String] = ["id"], schema: TableSchema? = nil
    ) async throws {
        try await site.file(name, Array(text.utf8))
        var new = NewDataset(scope: DataFixture.scope, name: name, file: name, ids: ids, label: nil)
        new.schema = schema
        _ = try await site.datasets.make(new, by: "ana", tell: { _, _ in })
    }

    private func compare(_ site: DataFixture, _ first: String, _ second: String) async throws -> JSONValue {
        try await site.datasets.compare(
            Dataset.id(first, in: DataFixture.scope), with: Dataset.id(second, in: DataFixture.scope))
    }

    private func column(_ found: JSONValue, _ name: String) throws -> JSONValue {
        try #require(found["columns"]?.array?.first { $0["name"]?.string == name }, "\(name)")
    }

    /// 400 rows; `word` says how many of the first are `a`.
    private func table(a: Int, amounts: (Int) -> String) -> String {
        (0..<400).reduce(into: "id,word,amount,free\n") { csv, row in
            csv += "k\(row),\(row < a ? "a" : "b"),\(amounts(row)),t\(row)\n"
        }
    }

    @Test func theSameRowsHaveNotMoved() async throws {
        try await DataFixture.with { site in
            let csv = table(a: 200, amounts: { "\($0)" })
            let schema = try TableSchema(
                columns: [
                    ColumnSchema("id", .text), ColumnSchema("word", .category), ColumnSchema("amount", .integer),
                    ColumnSchema("free", .text),
                ], ids: ["id"])
            try await make(site, "one", csv, schema: schema)
            try await make(site, "two", csv, schema: schema)
            let found = try await compare(site, "one", "two")
            #expect(found["isSame"] == true && found["verdict"] == "stable")
            #expect(found["rows"] == ["first": 400, "second": 400])
            let amount = try column(found, "amount")
            #expect(amount["psi"] == .number(0) && amount["verdict"] == "stable")
            let bins = try #require(amount["bins"]?.array)
            #expect(bins.count == 10 && bins.allSatisfy { $0["first"] == 40 && $0["second"] == 40 }, "\(bins)")
            #expect(bins.first?["above"] == nil && bins.last?["upTo"] == nil && bins.first?["upTo"] == "39")
            #expect(try column(found, "id")["notCompared"] == "id")
            let free = try column(found, "free")
            #expect(free["notCompared"] == "text" && free["psi"] == nil)
        }
    }

    @Test func anIndexIsTheOneThatIsReckonedByHand() async throws {
        try await DataFixture.with { site in
            try await make(site, "one", table(a: 200, amounts: { "\($0 % 4)" }))
            // A quarter is `a`; of the amounts the half that were 2 and 3 are missing.
            try await make(site, "two", table(a: 100, amounts: { $0 % 4 < 2 ? "\($0 % 4)" : "" }))
            let found = try await compare(site, "one", "two")
            #expect(found["verdict"] == "shifted" && found["isSame"] == false)
            let word = try column(found, "word")
            let index = try #require(word["psi"]?.number)
            #expect(abs(index - Foundation.log(3) / 4) < 1e-12, "\(index)")
            let amount = try column(found, "amount")
            // Two bins stay; 100 rows each become none, which counts as half a row; 0 missing become 200.
            func part(_ before: Double, _ after: Double) -> Double { (after - before) * Foundation.log(after / before) }
            let whole = 2 * part(0.25, 0.5 / 400) + part(0.5 / 400, 0.5)
            let second = try #require(amount["psi"]?.number)
            #expect(abs(second - whole) < 1e-12, "\(second) \(whole)")
            #expect(amount["missing"]?["secondShare"] == .number(0.5))
            let bins = try #require(amount["bins"]?.array)
            #expect(bins.map { $0["kind"]?.string } == ["range", "range", "range", "range", "missing"])
            #expect(bins.map { $0["second"]?.integer } == [100, 100, 0, 0, 200])
            let parts = bins.compactMap { $0["psi"]?.number }.reduce(0, +)
            #expect(abs(parts - second) < 1e-12)
        }
    }

    @Test func aValueOfManyRowsTakesABinAndTheRareOnesShareOne() async throws {
        try await DataFixture.with { site in
            func table(_ shift: Int) -> String {
                (0..<1000).reduce(into: "id,zeros,town,day\n") { csv, row in
                    let town = row < 900 ? row % 19 : 100 + row % 30
                    csv += "k\(row),\(row < 600 ? 0 : row + shift),town\(town),2024-01-\(10 + row % 20)\n"
                }
            }
            try await make(site, "one", table(0))
            try await make(site, "two", table(200))
            let found = try await compare(site, "one", "two")
            let zeros = try #require(try column(found, "zeros")["bins"]?.array)
            #expect(zeros[0]["first"] == 600 && zeros[0]["upTo"] == "0" && zeros.count == 10, "\(zeros.count)")
            #expect(zeros.reduce(0) { $0 + ($1["first"]?.integer ?? 0) } == 1000)
            #expect(zeros.reduce(0) { $0 + ($1["second"]?.integer ?? 0) } == 1000)
            #expect(zeros.last?["second"]?.integer ?? 0 > 200)
            let towns = try #require(try column(found, "town")["bins"]?.array)
            #expect(towns.count == 21 && towns.last?["kind"] == "rest", "\(towns.count)")
            #expect(towns.last?["first"]?.integer ?? 0 > 90)
            #expect(try column(found, "day")["psi"] == .number(0))
        }
    }

    @Test func differencesOfTheSchemaAreTold() async throws {
        try await DataFixture.with { site in
            try await make(site, "one", "id,n,gone,x\nk1,1,5,a\nk2,2,6,a\n")
            try await make(site, "two", "x,id,new,n\na,k1,1,1.5\nb,k2,1,2.5\n", ids: ["id"])
            let found = try await compare(site, "one", "two")
            let schema = try #require(found["schema"])
            #expect(schema["added"] == ["new"] && schema["removed"] == ["gone"] && schema["isReordered"] == true)
            let retyped = schema["retyped"]?.array?.first
            #expect(retyped?["column"] == "n" && retyped?["first"] == "integer" && retyped?["second"] != "integer")
            #expect(schema["ids"] == nil && schema["label"] == nil)
            // Whole numbers and fractions are both numbers: they have bins in common.
            #expect(try column(found, "n")["psi"]?.number ?? 0 > 0)
            try await make(site, "words", "id,n\nk1,low\nk2,low\n")
            #expect(try column(try await compare(site, "one", "words"), "n")["notCompared"] == "type")
        }
    }

    @Test func whatIsNotThereIsSaid() async throws {
        try await DataFixture.with { site in
            try await make(site, "one", "id,n\nk1,1\n")
            await #expect(throws: Fault(ResourceFaults.notFound)) { _ = try await compare(site, "one", "none") }
            // A document alone gives nobody access to rows.
            try await site.dataset("loans", in: DataFixture.scope)
            await #expect(throws: Fault(ObjectFaults.noContent)) { _ = try await compare(site, "one", "loans") }
        }
    }
}
