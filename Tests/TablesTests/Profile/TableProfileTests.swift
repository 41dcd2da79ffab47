import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Tables

@Suite struct TableProfileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func aSmallTableIsDescribedExactly() throws {
        let schema = try CSVSamples.schema([
            ("id", .text), ("n", .integer), ("d", .decimal(scale: 2)), ("c", .category), ("t", .date), ("f", .float),
        ])
        let rows: [[Cell]] = [
            [.text("a"), .integer(1), .decimal(150, scale: 2), .category("good"), .date(0), .missing],
            [.text("bcd"), .integer(3), .missing, .category("bad"), .date(31), .missing],
            [.text("客户"), .integer(3), .decimal(-50, scale: 2), .category("good"), .missing, .missing],
            [.missing, .integer(5), .decimal(50, scale: 2), .missing, .date(31), .missing],
        ]
        try Samples.write(rows, schema, to: scratch.file("a"))
        let profile = try TableProfile(of: ColumnFile(path: scratch.file("a")))
        #expect(profile.rows == 4)
        let columns = Dictionary(uniqueKeysWithValues: profile.columns.map { ($0.name, $0) })
        let id = try #require(columns["id"])
        #expect(id.missing == 1 && id.distinct.count == 3 && id.distinct.isExact && id.shortest == 1 && id.longest == 6)
        #expect(id.frequent.isEmpty && id.quantiles.isEmpty && id.least == nil, "texts are ids and are not shown")
        let n = try #require(columns["n"])
        #expect(n.mean == 3 && n.least == "1" && n.greatest == "5" && n.rankError == 0)
        #expect(abs(try #require(n.standardDeviation) - (8.0 / 3).squareRoot()) < 1e-12)
        #expect(n.quantiles.first { $0.at == 0.5 }?.value == "3")
        #expect(n.frequent.first == .init(value: "3", count: 2, error: 0))
        #expect(n.histogram.count == 20 && n.histogram.map(\.count).reduce(0, +) == 4)
        #expect(n.histogram[0].count == 1 && n.histogram[10].count == 2 && n.histogram[19].count == 1)
        let d = try #require(columns["d"])
        #expect(d.least == "-0.50" && d.greatest == "1.50" && d.mean == 0.5 && d.type == "decimal(2)")
        let c = try #require(columns["c"])
        #expect(c.frequent == [.init(value: "good", count: 2, error: 0), .init(value: "bad", count: 1, error: 0)])
        #expect(c.distinct.count == 2 && c.missing == 1)
        let t = try #require(columns["t"])
        #expect(t.least == "1970-01-01" && t.greatest == "1970-02-01" && t.mean == nil && t.histogram.isEmpty)
        #expect(t.quantiles.last?.value == "1970-02-01")
        let f = try #require(columns["f"])
        #expect(f.missing == 4 && f.mean == nil && f.least == nil && f.quantiles.isEmpty && f.histogram.isEmpty)
    }

    @Test func theJSONFormIsReadBack() throws {
        var random = SeededGenerator.printed(for: "theJSONFormIsReadBack")
        let schema = try Samples.schema(more: 0, &random)
        try Samples.write(Samples.rows(100, schema, &random), schema, to: scratch.file("a"), groupRows: 30)
        let profile = try TableProfile(of: ColumnFile(path: scratch.file("a")))
        #expect(try JSONDecoder().decode(TableProfile.self, from: Data(profile.json().utf8)) == profile)
    }

    @Test func manyDifferentValuesAreDescribedWithinTheBoundsThatAreStated() throws {
        var random = SeededGenerator.printed(for: "manyDifferentValuesAreDescribedWithinTheBoundsThatAreStated")
        let schema = try CSVSamples.schema([("f", .float), ("t", .text)])
        let values = (0..<30_000).map { _ in Double.random(in: -1...1, using: &random) }
        let rows = values.enumerated().map { [Cell.float($1), .text("id\($0)")] }
        try Samples.write(rows, schema, to: scratch.file("a"), groupRows: 7000)
        let profile = try TableProfile(of: ColumnFile(path: scratch.file("a")), columns: ["f", "t"])
        let sorted = values.sorted()
        for column in profile.columns {
            #expect(!column.distinct.isExact)
            #expect(abs(Double(column.distinct.count) - 30_000) < 5 * 0.0081 * 30_000)
        }
        let f = profile.columns[0]
        #expect(f.least == Cell.float(sorted[0]).text && f.greatest == Cell.float(sorted[29_999]).text)
        #expect(f.rankError > 0 && f.rankError < 300)
        for quantile in f.quantiles {
            let rank = sorted.firstIndex(of: try #require(Double(quantile.value)))! + 1
            #expect(abs(Double(rank) - quantile.at * 30_000) <= Double(f.rankError) + 1)
        }
        for bin in f.histogram {
            let truth = values.count { $0 >= bin.from && ($0 < bin.to || bin.to == sorted[29_999]) }
            #expect(abs(truth - bin.count) <= 2 * f.rankError)
        }
        #expect(f.frequent.isEmpty)
    }

    /// Parts with few values, with many, and both: merged they say what the whole says, as far as that is exact.
    @Test func profilersOfPartsMerge() throws {
        var random = SeededGenerator.printed(for: "profilersOfPartsMerge")
        let column = try ColumnSchema("n", .integer)
        func chunk(_ values: [Int64]) -> ColumnChunk {
            ColumnChunk(type: .integer, presence: Presence(all: values.count), values: .integers(values))
        }
        let few = (0..<3000).map { _ in Int64.random(in: 0..<9, using: &random) }
        let more = (0..<3000).map { _ in Int64.random(in: 5..<20, using: &random) }
        let many = (0..<20_000).map { _ in Int64.random(in: -100_000...100_000, using: &random) }
        for (left, right) in [(few, more), (few, many), (many, few), (many, many)] {
            var (a, b, both) = (ColumnProfiler(column), ColumnProfiler(column), ColumnProfiler(column))
            a.add(chunk(left))
            b.add(chunk(right))
            both.add(chunk(left))
            both.add(chunk(right))
            a.merge(b)
            let (merged, whole) = (a.profile(), both.profile())
            #expect(merged.count == whole.count && merged.least == whole.least && merged.greatest == whole.greatest)
            #expect(merged.distinct == whole.distinct)
            #expect(abs(try #require(merged.mean) - (try #require(whole.mean))) < 1e-6)
            let sorted = (left + right).sorted()
            for quantile in merged.quantiles {
                let value = try #require(Int64(quantile.value))
                let from = sorted.count { $0 < value }
                let to = sorted.count { $0 <= value }
                let rank = quantile.at * Double(sorted.count)
                #expect(Double(from - merged.rankError) <= rank && rank <= Double(to + merged.rankError) + 1)
            }
            if left != many && right != many { #expect(merged == whole) }
        }
    }

    @Test func categoriesOfPartsMergeByTheirText() throws {
        let schema = try CSVSamples.schema([("c", .category)])
        try Samples.write([[.category("a")], [.category("b")]], schema, to: scratch.file("a"))
        try Samples.write([[.category("b")], [.category("c")]], schema, to: scratch.file("b"))
        var a = try TableProfile.profiler(of: 0, in: ColumnFile(path: scratch.file("a")))
        a.merge(try TableProfile.profiler(of: 0, in: ColumnFile(path: scratch.file("b"))))
        #expect(a.profile().frequent.map(\.value) == ["b", "a", "c"])
    }

    @Test func aColumnThatIsNotThereIsRefused() throws {
        let schema = try CSVSamples.schema([("c", .category)])
        try Samples.write([[.category("a")]], schema, to: scratch.file("a"))
        #expect(throws: Fault(TableFaults.noSuchColumn)) {
            try TableProfile(of: ColumnFile(path: scratch.file("a")), columns: ["d"])
        }
    }
}
