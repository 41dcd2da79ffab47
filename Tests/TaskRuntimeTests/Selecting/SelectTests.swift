import Faults
import JobsTestKit
import Modeling
import ResourcesTestKit
import Testing

@testable import Modeling
@testable import TaskRuntime

/// `select` between parties in memory, on the weights of evidence that an earlier task left.
struct SelectWorld: Operator {
    let weighed: WoeWorld
    /// What `woe` left at each party.
    let results: [[UInt8]]
    let setting: TaskSetting
    /// By party and column, in place of the rows that are not learnt from.
    var second: [[[Double]]]?

    init(
        rows: Int, columns: [Int] = [4, 4], seed: UInt64, test: Int64 = 2, _ parameters: [String: ParameterValue] = [:]
    )
        throws
    {
        weighed = WoeWorld(rows: rows, columns: columns, seed: seed, ["test": .integer(test)])
        var run = try TaskRun(weighed, weighed.setting)
        try run.run()
        results = run.result
        let hosts = [String](repeating: "h", count: columns.count - 1).joined(separator: ";")
        var given: [String: ParameterValue] = [
            "woe": .text("weigh"), "guestDataset": .text("g"), "hostDatasets": .text(hosts), "guestKey": .text("id"),
            "hostKeys": .text(hosts), "rows": .integer(Int64(rows)), "test": .integer(test),
        ]
        given.merge(parameters) { $1 }
        setting = TaskSetting.example(of: SelectOperator(), parameters: given, parties: weighed.setting.parties)
    }

    var description: OperatorDescription { SelectOperator().description }

    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        try SelectOperator().makeProtocol(
            setting, party: party, data: TaskData(results: ["weigh": results[party]], threads: data.threads)
        ) { [self] plan, place, names throws(Fault) in rows(plan, place, names) }
    }

    func rows(_ plan: SelectPlan, _ place: Int, _ names: [String]) -> SelectRows {
        func values(_ chosen: (UInt64) -> Bool) -> [[Double]] {
            let table = weighed.tables[place].selecting(chosen)
            return names.map { name in table.features.first { $0.name == name }?.values ?? [] }
        }
        return SelectRows(
            learnt: values(plan.learns),
            second: second?[place] ?? (plan.learningTenths < 10 ? values { !plan.learns(from: $0) } : nil))
    }

    func selections() throws -> [Selection] {
        var run = try TaskRun(self, setting)
        try run.run()
        return try run.result.map { try SelectionResult(bytes: $0).selection }
    }
}

@Suite(.timeLimit(.minutes(5))) struct SelectTests {
    /// Every party's decisions are those of the library on its own columns with the labels in one place.
    @Test(arguments: [0, 1]) func decisionsAreThoseOfOnePlace(_ index: Int) throws {
        let seed = SeededGenerator.printed(for: "decisionsAreThoseOfOnePlace \(index)").seed
        let world = try SelectWorld(
            rows: 2_400, columns: index == 0 ? [4, 4] : [4, 3, 5], seed: seed, test: index == 0 ? 2 : 0)
        let found = try world.selections()
        let labels = world.weighed.tables[0].selecting { $0 % 10 < (index == 0 ? 8 : 10) }.extra["y"]!
        for (party, part) in try world.weighed.centralised().enumerated() {
            let plan = try SelectPlan(world.setting)
            let rows = world.rows(plan, party, part.columns.map(\.name))
            var figures: [ColumnFigures] = []
            var columns: [LogisticRegression.Column] = []
            for (place, column) in part.columns.enumerated() {
                let counts = try FineCounts(column.partition, values: rows.learnt[place], labels: labels)
                let table = try column.bins.map { try WoeTable(counts, $0.groups) }
                let other = try rows.second.map { second in
                    let none = [Double](repeating: 0, count: second[place].count)
                    let fine = try FineCounts(column.partition, values: second[place], labels: none)
                    return column.bins.map { $0.groups.counts(fine.all).map(\.rows) }
                }
                figures.append(
                    try ColumnFigures(
                        counts, missingRows: rows.learnt[place].count { $0.isNaN }, table: table, other: other ?? nil))
                guard let table else { continue }
                let weighed = try WoeColumn(column.partition, table)
                columns.append(.init(name: column.name, values: weighed.transform(rows.learnt[place])))
            }
            var expected = try Selection(figures)
            try expected.decide(CorrelationMatrix(columns.filter { expected.kept.contains($0.name) }))
            #expect(found[party].decisions == expected.decisions, "party \(party), seed \(seed)")
            #expect(found[party].kept == expected.kept && found[party].columns == part.columns.map(\.name))
            // c4 is one value alone; c0 has no risk in it.
            #expect(!expected.kept.contains("c4"))
            let hasStability = expected.decisions.contains { $0.rule == .stability }
            #expect(hasStability == (index == 0))
        }
        #expect(found.contains { !$0.kept.isEmpty } && found.contains { $0.kept.count < $0.columns.count })
    }

    /// Interleavings, stops and restarts; nothing is declared, so nothing may cross.
    @Test func theProtocolKeepsTheRules() throws {
        let world = try SelectWorld(rows: 1_200, seed: 8)
        #expect(world.description.messages(world.setting).isEmpty)
        let seed = SeededGenerator.printed(for: "theProtocolKeepsTheRules").seed
        #expect(ProtocolHarness(world, world.setting, seed: seed, interleavings: 3).problems() == [])
    }

    @Test func choicesByHandAreOfTheirParty() throws {
        let world = try SelectWorld(
            rows: 2_000, seed: 3,
            [
                "keep": .text("host1.c0: asked for by risk: see minutes"),
                "drop": .text("guest.c1: not lawful; host1.c2: dear"),
                "iv": .number(0.1), "correlation": .number(1), "vif": .number(1e10),
            ])
        let found = try world.selections()
        let manual = found.map { $0.decisions.filter { $0.rule == .manual } }
        #expect(manual[0].map(\.column) == ["c1"] && manual[0].allSatisfy { !$0.isKept })
        #expect(manual[1].map(\.column) == ["c0", "c2"])
        #expect(manual[1][0].isKept && manual[1][0].reason == "asked for by risk: see minutes")
        #expect(!found[0].kept.contains("c1") && found[1].kept.contains("c0") && !found[1].kept.contains("c2"))
        // The guest's own c0 has no risk in it and nobody keeps it.
        #expect(!found[0].kept.contains("c0"))
    }

    @Test func onlyNamedColumnsAreDecidedAbout() throws {
        let world = try SelectWorld(rows: 2_000, seed: 3, ["hostColumns": .text("c2,c1")])
        #expect(try world.selections()[1].columns == ["c2", "c1"])
        #expect(world.description.reads(world.setting)[1].columns == ["h", "c2", "c1"])
        for (name, parameters) in [("hostColumns", "c9"), ("keep", "host1.c9: why")] {
            let wrong = try SelectWorld(rows: 2_000, seed: 3, [name: .text(parameters)])
            let fault = name == "keep" ? ModelingFaults.selection : ModelingFaults.columns
            #expect(throws: Fault(fault)) { _ = try wrong.selections() }
        }
    }

    /// A second sample in which a column has moved: it alone is dropped, by its stability.
    @Test func columnsThatMovedAreDropped() throws {
        var world = try SelectWorld(rows: 2_400, seed: 3, ["hostSamples": .text("later"), "iv": .number(0)])
        var moved = world.weighed.tables.map { $0.features.map(\.values) }
        moved[1][3] = moved[1][3].map { $0 + 1 }
        world.second = moved
        let dropped = try world.selections()[1].decisions.filter { !$0.isKept }
        let stability = try #require(dropped.first { $0.rule == .stability })
        #expect(stability.column == "c3" && (stability.figure ?? 0) > 0.25)
        #expect(world.description.reads(world.setting).map(\.dataset) == ["g", "h", "later"])
    }

    @Test(arguments: [
        ("keep", "c0: why"), ("keep", "host1.c0"), ("keep", "host1.c0:  "), ("keep", "host2.c0: why"),
        ("drop", "host1.c0: one; host1.c0: two"), ("hostSamples", "a;b"),
    ]) func whatDoesNotFitIsRefusedBeforeAnythingRuns(_ name: String, _ text: String) throws {
        let world = try SelectWorld(rows: 1_000, seed: 3, [name: .text(text)])
        #expect(throws: Fault(WoeFaults.parameters)) { try world.description.check(world.setting) }
    }

    @Test func resultsReadBackOrAreRefused() throws {
        let world = try SelectWorld(rows: 2_000, seed: 3)
        var run = try TaskRun(world, world.setting)
        try run.run()
        let seed = SeededGenerator.printed(for: "resultsReadBackOrAreRefused").seed
        var numbers = SeededGenerator(seed: seed)
        for result in run.result {
            #expect(try SelectionResult(bytes: result).bytes == result)
            for cut in stride(from: 0, to: result.count, by: 7) {
                #expect(throws: Fault(WoeFaults.selectionUnusable)) {
                    _ = try SelectionResult(bytes: Array(result[..<cut]))
                }
            }
            for _ in 0..<2_000 {
                var changed = result
                changed[Int(numbers.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: numbers.next())
                do {
                    let read = try SelectionResult(bytes: changed)
                    #expect(Set(read.selection.kept).isSubset(of: read.selection.columns))
                } catch {
                    #expect(error.is(WoeFaults.selectionUnusable), "seed \(seed)")
                }
            }
        }
    }

    // MARK: What learns from a selection

    @Test func aRegressionLearnsFromTheColumnsThatAreKept() throws {
        var world = try LogisticWorld(rows: 2_400, columns: [4, 4], seed: 5, ["selection": .text("choose")])
        let chosen = try SelectWorld(rows: 2_400, columns: [4, 4], seed: 5, test: 0, ["drop": .text("host1.c2: dear")])
        #expect(chosen.results == world.results)
        var choosing = try TaskRun(chosen, chosen.setting)
        try choosing.run()
        world.selections = choosing.result
        var run = try TaskRun(world, world.setting)
        try run.run()
        let kept = try chosen.selections().map(\.kept)
        let host = try LogisticHostResult(bytes: run.result[1]).part
        #expect(try LogisticGuestResult(bytes: run.result[0]).part.names == kept[0] && host.names == kept[1])
        #expect(!host.names.contains("c2") && !host.names.isEmpty)
        let (own, other, labels) = try world.columns()
        let expected = try ExactRegression(guest: own, host: other, labels: labels, tolerance: 1e-8, most: 25)
        #expect(host == expected.host)
        // What is told has the size of the plan, whatever was kept.
        let planned = world.description.messages(world.setting).first { $0.type == "logistic.masked" }!
        let sent = run.sent[1]["0 logistic.masked"]!
        #expect(sent.bytes == planned.expectedBytes / UInt64(planned.steps.count) * UInt64(expected.passes))
        // A selection that looked at other weights.
        let other2 = try SelectWorld(rows: 2_000, columns: [4, 4], seed: 6, test: 0)
        var wrong = try TaskRun(other2, other2.setting)
        try wrong.run()
        world.selections = wrong.result
        #expect(throws: Fault(WoeFaults.selectionUnusable)) {
            var run = try TaskRun(world, world.setting)
            try run.run()
        }
    }

    /// The lowest coefficient not above 0 goes, one at a party; a column kept by hand stays.
    @Test func columnsThatWorkAgainstTheirBinsAreDropped() throws {
        let world = try SelectWorld(
            rows: 2_400, seed: 5, test: 0,
            [
                "keep": .text("guest.c1: a; guest.c2: b; guest.c3: c; host1.c1: d"), "correlation": .number(1),
                "vif": .number(1e10),
            ])
        var run = try TaskRun(world, world.setting)
        try run.run()
        let kept = try world.selections().map(\.kept)
        #expect(kept[0].count > 2 && kept[1].count > 1)
        let parts = try (WoeGuestResult(bytes: world.results[0]).part, WoeHostResult(bytes: world.results[1]).part)
        func drop(_ guest: [Double], _ host: [Double], selection: [[UInt8]]) throws -> [SelectionResult] {
            let names = try selection.map { try SelectionResult(bytes: $0).selection.kept }
            let models = [
                LogisticGuestResult(
                    part: LogisticPart(party: 0, intercept: -1, names: names[0], values: guest), woe: parts.0,
                    host: .logistic(parts: []), passes: 3, deviance: 1
                ).bytes,
                LogisticHostResult(
                    part: LogisticPart(party: 1, intercept: 0, names: names[1], values: host), woe: parts.1,
                    salt: [UInt8](repeating: 1, count: 32)
                ).bytes,
            ]
            let setting = TaskSetting.example(
                of: SelectSignsOperator(), parameters: ["selection": .text("choose"), "model": .text("fit")],
                parties: world.setting.parties)
            return try [0, 1].map { party in
                var task = try SelectSignsOperator().makeProtocol(
                    setting, party: party,
                    data: TaskData(results: ["choose": selection[party], "fit": models[party]]))
                let outputs = try task.start(from: nil).compactMap { effect -> [UInt8]? in
                    if case .finish(let result) = effect { result.output } else { nil }
                }
                return try SelectionResult(bytes: try #require(outputs.first))
            }
        }
        var host = [Double](repeating: 1, count: kept[1].count)
        host[kept[1].count - 1] = -0.25
        let guest = [-0.5] + [Double](repeating: 1, count: kept[0].count - 1)
        let found = try drop(guest, host, selection: run.result)
        #expect(found[0].selection.kept == kept[0], "kept by hand")
        #expect(found[1].selection.kept == Array(kept[1].dropLast()))
        let last = try #require(found[1].selection.decisions.last)
        #expect(last.rule == .sign && last.figure == -0.25 && last.column == kept[1].last && !last.isKept)
        #expect(found[1].selection.decisions.count == (try world.selections()[1].decisions.count) + 1)
        // The next round looks at the columns that are left, and ends where all are right.
        let again = try drop(
            [Double](repeating: 1, count: kept[0].count), [Double](repeating: 1, count: kept[1].count - 1),
            selection: found.map(\.bytes))
        #expect(again.map(\.selection.kept) == found.map(\.selection.kept))
        #expect(again[1].selection.decisions.suffix(kept[1].count - 1).allSatisfy { $0.rule == .sign && $0.isKept })
        // A regression on other columns than those kept.
        #expect(throws: Fault(ModelingFaults.selection)) {
            let names = try SelectionResult(bytes: run.result[1]).selection.columns
            var selection = try SelectionResult(bytes: run.result[1]).selection
            _ = try selection.decideSigns(
                names.map { .init(name: $0, value: 1, rank: 1) } + [.init(name: "z", value: 1, rank: 1)])
        }
    }
}
