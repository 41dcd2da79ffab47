import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct ScorecardExportTests {
    /// Names that break careless quoting.
    private static let names = [
        #"a"b'; DROP TABLE "rows"; --"#, "größe, €", "x y\tz", "SELECT", "a\nb", #"\"#, "#x&<>", "score2",
    ]

    private func sample(_ names: [[String]], rows: Int = 700) -> ScorecardSample {
        var random = SeededGenerator(seed: 31)
        return ScorecardSample(rows: rows, columns: names, using: &random)
    }

    @Test func jsonComesBackToTheBit() throws {
        for (base, decimals) in [(Scorecard.Base.spread, 0), (.apart, 3)] {
            let sample = sample([Array(Self.names.prefix(2)), [Self.names[0]]])
            let card = try sample.scorecard(scale: ScorecardScale(pdo: 33.3, decimals: decimals), base: base)
            let back = try Scorecard(json: card.json)
            #expect(back == card && back.digest == card.digest && back.json == card.json)
            #expect(try back.scores(sample.byName) == card.scores(sample.byName))
        }
    }

    @Test func anythingElseThanWhatWasWrittenIsRefused() throws {
        let text = try sample([["a"]]).scorecard().json
        let changes = [
            ("\"version\" : 1", "\"version\" : 2"), ("atoll scorecard", "another scorecard"),
            ("\"pdo\" : 20", "\"pdo\" : 21"), ("\"pdo\" : 20", "\"pdo\" : -1"), ("\"party\" : 0", "\"party\" : 1"),
            ("\"party\" : 0", "\"party\" : 99999999999"), ("\"baseUnits\" : 0", "\"baseUnits\" : -9223372036854775808"),
            ("\"decimals\" : 0", "\"decimals\" : 1"), ("\"name\" : \"a\"", "\"name\" : \"b\""),
            ("\"name\"", "\"nome\""), ("half to even, per bin", "half up, per bin"), ("\"rounding\"", "\"runding\""),
            ("share of bads / share of goods", "share of goods / share of bads"),
            ("\"missingBin\" : ", "\"missingBin\" : 1"), ("{", ""),
        ]
        for (old, new) in changes {
            #expect(text.contains(old), "\(old)")
            #expect(throws: Fault(ModelingFaults.scorecardEncoding), "\(new)") {
                try Scorecard(json: text.replacing(old, with: new))
            }
        }
        #expect(throws: Fault(ModelingFaults.scorecardEncoding)) { try Scorecard(json: "") }
    }

    /// Values around every edge, as a database has them: doubles that `Float` cannot hold are among them.
    private func around(_ card: Scorecard, rows: Int, using random: inout SeededGenerator) -> [[Double]] {
        card.columns.map { column in
            (0..<rows).map { _ in
                switch Int.random(in: 0..<8, using: &random) {
                case 0: return .nan
                case 1: return -999
                case 2: return Double(Int.random(in: -40...40, using: &random)) / 10
                default:
                    let edge = column.partition.edges.values.randomElement(using: &random)!
                    let threshold = EdgeThreshold(edge).value
                    return [Double(edge), Double(edge).nextDown, threshold, threshold.nextDown, threshold.nextUp]
                        .randomElement(using: &random)!
                }
            }
        }
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3"),
            "there is no sqlite3 to run the query in"))
    func sqlGivesTheSameScoresWhateverTheNames() throws {
        var random = SeededGenerator.printed(for: "SQL")
        let table = #"my "rows'; --"#
        for (base, decimals) in [(Scorecard.Base.spread, 0), (.apart, 2)] {
            let sample = sample([Self.names])
            let card = try sample.scorecard(scale: ScorecardScale(decimals: decimals), base: base)
            let values = around(card, rows: 200, using: &random)
            func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
            var script =
                "CREATE TABLE \(quoted(table)) (\(Self.names.map { "\(quoted($0)) REAL" }.joined(separator: ", ")));\n"
            for row in 0..<200 {
                let cells = values.map { $0[row].isNaN ? "NULL" : "\($0[row])" }
                script += "INSERT INTO \(quoted(table)) VALUES (\(cells.joined(separator: ", ")));\n"
            }
            let query = try card.sql(table: table, score: "the \"score\"").split(separator: "\n").dropFirst()
            script += "SELECT \"the \"\"score\"\"\" FROM (\(query.joined(separator: "\n").dropLast()));\n"
            let output = try run("/usr/bin/sqlite3", script)
            let found = output.split(separator: "\n").compactMap { Double($0) }
            let wanted = try card.scores([Dictionary(uniqueKeysWithValues: zip(Self.names, values))])
            #expect(found.count == 200)
            for (found, wanted) in zip(found, wanted) { #expect(abs(found - wanted) < 1e-6) }
        }
    }

    @Test func namesThatAFormatCannotHoldAreRefused() throws {
        let card = try sample([["a"], ["a"]]).scorecard()
        #expect(try card.sql(table: "t").contains("\"host1.a\"") && card.pmml().contains("\"guest.a\""))
        for table in ["", "a\0b"] {
            #expect(throws: Fault(ModelingFaults.scorecardName)) { try card.sql(table: table) }
        }
        for name in ["", "a\0b", "a\u{1}", "a\u{FFFE}", "a\n"] {
            #expect(throws: Fault(ModelingFaults.scorecardName)) { try card.pmml(name: name) }
        }
        #expect(try sample([["a\nb"]]).scorecard().sql(table: "t").contains("a\nb"))
    }

    @Test func namesThatWouldCollideAreMadeApartOrRefused() throws {
        func names(_ columns: [[String]]) throws -> [String] { try sample(columns).scorecard().tableNames }
        #expect(try names([["a", "b"], ["c"]]) == ["a", "b", "c"])
        #expect(try names([["a", "b"], ["a"]]) == ["guest.a", "b", "host1.a"])
        // Capitals are no difference in many databases.
        #expect(try names([["Age"], ["age"]]) == ["guest.Age", "host1.age"])
        // A column is called as another one is with its party.
        #expect(
            try names([["a", "host1.a", "b"], ["a"]]) == ["guest.a", "guest.host1.a", "guest.b", "host1.a"])
        #expect(
            try names([["a", "HOST1.A"], ["a"]]) == ["guest.a", "guest.HOST1.A", "host1.a"])
        let card = try sample([["a", "host1.a"], ["a"]]).scorecard()
        let document = try PMMLReading(card.pmml())
        #expect(Set(document.fields).count == 3 && document.fields == card.tableNames)
        #expect(try card.sql(table: "t").ranges(of: "CASE WHEN \"guest.host1.a\" IS NULL").count == 1)

        // One party's columns that differ in capitals alone are two to PMML and may be one to a database.
        let capitals = try sample([["a", "A"]]).scorecard()
        #expect(try PMMLReading(capitals.pmml()).fields == ["a", "A"])
        #expect(throws: Fault(ModelingFaults.scorecardName)) { try capitals.sql(table: "t") }
        // What comes out must not be called as what goes in.
        let score = try sample([["Score", "reason1", "reason1_"]]).scorecard()
        #expect(throws: Fault(ModelingFaults.scorecardName)) { try score.sql(table: "t") }
        #expect(try score.sql(table: "t", score: "points").contains("AS \"points\""))
        #expect(try PMMLReading(score.pmml()).outputs == ["score", "reason1__", "reason2", "reason3"])
    }

    @Test func theCSVHasEveryPartOfEveryBinOnceAndItsPoints() throws {
        let card = try sample([["a", "b,\"c\""], ["a"]]).scorecard(scale: ScorecardScale(decimals: 1), base: .apart)
        let lines = card.csv.components(separatedBy: "\r\n")
        #expect(lines[0] == "party,column,bin,kind,from,below,woe,points" && lines.last == "")
        #expect(lines[1] == "guest,,,base,,,,\(card.scale.text(card.baseUnits))")
        #expect(lines.count == 3 + card.columns.reduce(0) { $0 + $1.lines.count })
        #expect(lines.count { $0.hasPrefix("guest,\"b,\"\"c\"\"\",") } == card.columns[1].lines.count)
        for party in 0...1 {
            let own = card.lines(party: party)
            #expect(!own.isEmpty && own.allSatisfy { $0.party == party })
        }
        // Ordinary lines meet without gaps, from minus to plus infinity.
        for column in card.columns {
            var last: Float?
            var isFirst = true
            for case .values(let from, let below) in column.lines.map(\.range) {
                #expect(isFirst ? from == nil : from == last && from != nil)
                (last, isFirst) = (below, false)
            }
            #expect(last == nil && !isFirst)
            #expect(column.lines.count { $0.range == .missing } == 1)
            #expect(column.lines.count { $0.range == .special(-999) } == 1)
        }
    }

    @Test func pmmlIsWellFormedAndSaysWhatTheScorecardSays() throws {
        let names = Self.names.filter { !$0.contains { $0 == "\n" || $0 == "\t" } }
        let card = try sample([names]).scorecard(base: .apart)
        let document = try PMMLReading(card.pmml(name: "a \"name\" & <more>"))
        #expect(document.fields == names && document.modelName == "a \"name\" & <more>")
        #expect(document.initialScore == "\(card.baseUnits)")
        #expect(document.characteristics == names && document.miningFields == names)
        #expect(document.points == card.columns.flatMap(\.lines).map { card.scale.text($0.units) })
        #expect(document.baselines == card.columns.map { card.scale.text($0.best) })
    }

    /// The scorecard whose answers from a public reader are in the vectors.
    private func exported() throws -> Scorecard {
        try sample([["a", "b", "c"], ["d"]], rows: 900).scorecard(base: .apart)
    }

    @Test func aPublicReaderOfPMMLGivesTheSameScoresAndReasons() throws {
        let card = try exported()
        if ProcessInfo.processInfo.environment["ATOLL_WRITE_VECTORS"] != nil {
            try card.pmml().write(to: VectorFile.url("scorecard.pmml"), atomically: true, encoding: .utf8)
        }
        // What was read is what is written now.
        #expect(try card.pmml() == String(contentsOf: VectorFile.url("scorecard.pmml"), encoding: .utf8))
        let vector = try #require(try ScorecardVectors.read().pmml)
        #expect(vector.rows.count == 400 && Set(vector.fields) == ["a", "b", "c", "d"])
        var values: ColumnValues = [:]
        for (place, field) in vector.fields.enumerated() { values[field] = vector.rows.map { $0[place] ?? .nan } }
        let byParty: [ColumnValues] = [values, values]
        #expect(try card.scores(byParty) == vector.scores)
        let reasons = try card.reasons(byParty)
        for (own, theirs) in zip(reasons, vector.reasons) {
            // The reader names all columns, also those that lost nothing, and orders equal ones its own way.
            let named = theirs.compactMap(\.self).prefix(own.count)
            let lost = Dictionary(uniqueKeysWithValues: own.map { ($0.column, $0.lost) })
            #expect(named.compactMap { lost[$0] } == own.map(\.lost))
        }
    }

    @Test func thresholdsCompareDoublesAsEdgesCompareFloats() throws {
        var random = SeededGenerator.printed(for: "thresholds")
        var edges: [Float] = [
            0, -0.0, 1, -1, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        ]
        for _ in 0..<200 { edges.append(Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))) }
        for edge in edges where edge.isFinite {
            let threshold = EdgeThreshold(edge)
            let near = [
                threshold.value, threshold.value.nextUp, threshold.value.nextDown, Double(edge), 0, 1e30, -1e30,
            ]
            for value in near {
                let isBelow = threshold.isInclusive ? value <= threshold.value : value < threshold.value
                if edge == -.greatestFiniteMagnitude, value < Double(edge) { continue }
                #expect(isBelow == (Float(value) < edge), "\(edge) \(value)")
            }
        }
    }

    private func run(_ program: String, _ input: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-sql-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = folder.appending(path: "script.sql")
        try input.write(to: script, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["-batch", ":memory:"]
        process.standardInput = try FileHandle(forReadingFrom: script)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self)
    }
}
