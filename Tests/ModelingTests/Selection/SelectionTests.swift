import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct SelectionTests {
    private func figures(
        _ column: String, missing: Double = 0.1, concentration: Double = 0.2, iv: Double? = 0.3,
        stability: Double? = nil
    ) throws -> ColumnFigures {
        try ColumnFigures(
            column: column, missingRate: missing, concentration: concentration, iv: iv, stability: stability)
    }

    @Test func everyRuleKeepsAtItsLimitAndDropsBeyondIt() throws {
        let cases: [(ColumnFigures, ColumnFigures, SelectionDecision.Rule, Double, Double)] = [
            (try figures("a", missing: 0.95), try figures("b", missing: 0.9501), .missing, 0.9501, 0.95),
            (
                try figures("a", concentration: 0.95), try figures("b", concentration: 0.96), .concentration, 0.96, 0.95
            ),
            (try figures("a", iv: 0.02), try figures("b", iv: 0.0199), .iv, 0.0199, 0.02),
            (try figures("a", stability: 0.25), try figures("b", stability: 0.26), .stability, 0.26, 0.25),
        ]
        for (kept, dropped, rule, figure, limit) in cases {
            let selection = try Selection([kept, dropped])
            #expect(selection.kept == ["a"])
            let last = try #require(selection.decisions.last { $0.column == "b" })
            #expect(last.rule == rule && last.figure == figure && last.limit == limit && !last.isKept)
            #expect(!last.reason.isEmpty)
            let first = try #require(selection.decisions.first { $0.column == "a" && $0.rule == rule })
            #expect(first.isKept && first.limit == limit)
        }
    }

    @Test func aColumnWithoutTwoBinsIsDroppedEvenAgainstAChoice() throws {
        let choice = ManualChoice(column: "a", isKept: true, reason: "wanted by the bank")
        let selection = try Selection([figures("a", iv: nil), figures("b")], manual: [choice])
        #expect(selection.kept == ["b"] && selection.decisions[0].rule == .bins)
    }

    @Test func choicesByHandGoBeforeRulesAndAreRecordedWithTheirReason() throws {
        let selection = try Selection(
            [figures("a", iv: 0.001), figures("b"), figures("c")],
            manual: [
                ManualChoice(column: "a", isKept: true, reason: "asked for by risk"),
                ManualChoice(column: "b", isKept: false, reason: "not lawful"),
            ])
        #expect(selection.kept == ["a", "c"])
        let byHand = selection.decisions.filter { $0.rule == .manual }
        #expect(byHand.map(\.reason) == ["asked for by risk", "not lawful"] && byHand.map(\.isKept) == [true, false])
    }

    @Test func choicesThatDoNotFitAreRefused() throws {
        let wrong = [
            [ManualChoice(column: "a", isKept: true, reason: " ")],
            [ManualChoice(column: "z", isKept: true, reason: "why")],
            [ManualChoice](repeating: ManualChoice(column: "a", isKept: true, reason: "why"), count: 2),
        ]
        for manual in wrong {
            #expect(throws: Fault(ModelingFaults.selection)) { try Selection([figures("a")], manual: manual) }
        }
        #expect(throws: Fault(ModelingFaults.selection)) { try Selection([figures("a"), figures("a")]) }
        for limit in [\SelectionRules.missing, \.concentration, \.iv, \.stability, \.correlation, \.vif] {
            var rules = SelectionRules()
            rules[keyPath: limit] = .nan
            #expect(throws: Fault(ModelingFaults.selection)) { try Selection([figures("a")], rules: rules) }
        }
        #expect(throws: Fault(ModelingFaults.selection)) { try figures("a", missing: .nan) }
        #expect(throws: Fault(ModelingFaults.selection)) { try figures("a", iv: .infinity) }
    }

    @Test func ofCorrelatedColumnsTheOneWithMoreInformationStays() throws {
        let matrix = try CorrelationMatrix(
            columns: ["a", "b", "c"], values: [[1, -0.9, 0.81], [-0.9, 1, -0.8], [0.81, -0.8, 1]])
        var rules = SelectionRules()
        rules.vif = nil
        var selection = try Selection(
            [figures("a", iv: 0.1), figures("b", iv: 0.4), figures("c", iv: 0.2)], rules: rules)
        try selection.decide(matrix)
        // a correlates with b beyond the limit; c with b at it.
        #expect(selection.kept == ["b", "c"])
        let last = try #require(selection.decisions.last)
        #expect(last.column == "a" && last.figure == -0.9 && last.limit == 0.8 && last.reason.contains("with b"))
        var byHand = try Selection(
            [figures("a", iv: 0.1), figures("b", iv: 0.4), figures("c", iv: 0.2)], rules: rules,
            manual: [ManualChoice(column: "a", isKept: true, reason: "known to customers")])
        try byHand.decide(matrix)
        #expect(byHand.kept == ["a"])
        #expect(throws: Fault(ModelingFaults.selection)) {
            try selection.decide(CorrelationMatrix(columns: ["a", "b"], values: [[1, 0], [0, 1]]))
        }
    }

    @Test func correlationsAndInflationAreThoseOfNumpyAndStatsmodels() throws {
        let vector = try ScorecardVectors.read().correlation
        let matrix = try CorrelationMatrix(
            vector.values.enumerated().map { LogisticRegression.Column(name: "x\($0.offset)", values: $0.element) })
        for (row, wanted) in zip(matrix.values, vector.correlations) {
            for (found, wanted) in zip(row, wanted) { #expect(abs(found - wanted) <= 1e-12) }
        }
        for (found, wanted) in zip(matrix.inflation(of: [0, 1, 2, 3]), vector.inflation) {
            #expect(abs(found - wanted) <= 1e-9 * wanted)
        }
    }

    @Test func columnsThatOthersDetermineAreDroppedUntilNoneIs() throws {
        var random = SeededGenerator.printed(for: "inflation")
        let x = (0..<3).map { _ in (0..<300).map { _ in Double.random(in: -1...1, using: &random) } }
        let sum = (0..<300).map { x[0][$0] + x[1][$0] + x[2][$0] }
        let matrix = try CorrelationMatrix(
            (x + [sum]).enumerated().map { LogisticRegression.Column(name: "x\($0.offset)", values: $0.element) })
        var selection = try Selection(
            [figures("x0", iv: 0.5), figures("x1", iv: 0.2), figures("x2", iv: 0.3), figures("x3", iv: 0.4)])
        try selection.decide(matrix)
        // All four have no bound; the one with the lowest IV goes.
        #expect(selection.kept == ["x0", "x2", "x3"])
        let dropped = try #require(selection.decisions.first { $0.rule == .vif && !$0.isKept })
        #expect(dropped.column == "x1" && dropped.limit == 10)
        #expect(dropped.figure.map { $0 > 1e9 && $0 <= CorrelationMatrix.mostInflation } == true)
        #expect(selection.decisions.count { $0.rule == .vif && $0.isKept } == 3)
        #expect(matrix.inflation(of: [0]) == [1])
    }

    @Test func matricesThatAreNoneAreRefused() throws {
        for values in [
            [[1, 0.5], [0.4, 1]], [[1, 2], [2, 1]], [[0.5, 0], [0, 1]], [[1]], [[1, .nan], [.nan, 1]],
        ] {
            #expect(throws: Fault(ModelingFaults.selection)) {
                try CorrelationMatrix(columns: ["a", "b"], values: values)
            }
        }
        #expect(throws: Fault(ModelingFaults.selection)) {
            try CorrelationMatrix([.init(name: "a", values: [1]), .init(name: "b", values: [1, 2])])
        }
        let twice = LogisticRegression.Column(name: "a", values: [1, 2])
        let fault = #expect(throws: Fault(ModelingFaults.selection)) { try CorrelationMatrix([twice, twice]) }
        #expect(fault?.place == "a")
        #expect(throws: Fault(ModelingFaults.selection)) {
            try CorrelationMatrix(columns: ["a", "a"], values: [[1, 0], [0, 1]])
        }
        let constant = try CorrelationMatrix([.init(name: "a", values: [1, 2]), .init(name: "b", values: [3, 3])])
        #expect(constant.values == [[1, 0], [0, 1]])
    }

    private func coefficient(_ name: String, _ value: Double, _ error: Double) -> LogisticFit.Coefficient {
        .init(name: name, value: value, standardError: error)
    }

    private func fit(_ coefficients: [LogisticFit.Coefficient]) -> LogisticFit {
        LogisticFit(
            intercept: coefficient("", 0, 1), coefficients: coefficients, covariance: [], deviance: 1,
            nullDeviance: 2, rows: 3, steps: 4, l2: 0, remarks: [])
    }

    @Test func coefficientsWithAPartyBeforeTheirNameAreFoundOrRefused() throws {
        func selection(_ names: [String]) throws -> Selection { try Selection(names.map { try figures($0) }) }
        func signs(_ kept: [String], _ named: [(String, Double)]) throws -> [String] {
            var selection = try selection(kept)
            let isDropped = try selection.decideSigns(fit(named.map { coefficient($0.0, $0.1, 1) }))
            #expect(isDropped == (selection.kept.count < kept.count))
            return selection.kept
        }
        #expect(try signs(["a", "b"], [("guest.a", 1), ("host1.b", -1)]) == ["a"])
        #expect(try signs(["a", "b"], [("a", 1), ("host12.b", 0)]) == ["a"])
        // Both parties have it: one figure is of the guest's, the other of the host's.
        #expect(try signs(["a", "host1.a"], [("guest.a", -1), ("host1.a", 1)]) == ["host1.a"])
        #expect(try signs(["guest.a", "host1.a"], [("guest.a", 1), ("host1.a", -1)]) == ["guest.a"])
        // Its own name goes before one with a party, and other words before a dot are no parties.
        #expect(try signs(["host1.a"], [("host1.a", -1)]) == [])
        #expect(try signs(["x.a"], [("guest.x.a", -1)]) == [])
        for (kept, named) in [
            (["a", "b"], ["a"]), (["a"], ["a", "b"]), (["a", "b"], ["a", "host0.b"]), (["b"], ["x.b"]),
            (["b"], ["host01.b"]), (["a"], ["guest.a", "host1.a"]), (["a", "b"], ["a", "guest.a"]), (["a"], []),
        ] {
            #expect(throws: Fault(ModelingFaults.selection), "\(kept) \(named)") {
                try signs(kept, named.map { ($0, -1) })
            }
        }
        var rules = SelectionRules()
        rules.vif = nil
        var correlated = try Selection([figures("a", iv: 0.5), figures("b", iv: 0.1)], rules: rules)
        try correlated.decide(CorrelationMatrix(columns: ["guest.a", "host1.b"], values: [[1, 0.9], [0.9, 1]]))
        #expect(correlated.kept == ["a"])
    }

    @Test func coefficientsOfTheWrongSignAreDroppedOneByOne() throws {
        let all = [coefficient("a", 1, 0.1), coefficient("b", -0.5, 0.1), coefficient("c", -0.6, 0.3)]
        var selection = try Selection(
            [figures("a"), figures("b"), figures("c")],
            manual: [ManualChoice(column: "c", isKept: true, reason: "asked for")])
        var (first, second) = (try selection.decideSigns(fit(all)), false)
        #expect(first && selection.kept == ["a", "c"])
        let dropped = try #require(selection.decisions.last)
        #expect(dropped.rule == .sign && dropped.figure == -0.5 && dropped.limit == 0)
        second = try selection.decideSigns(fit([all[0], all[2]]))
        #expect(!second && selection.kept == ["a", "c"])
        #expect(selection.decisions.suffix(2).map(\.isKept) == [true, true])
        #expect(selection.decisions.last?.reason.contains("kept by hand") == true)
        var plain = try Selection([figures("a"), figures("b"), figures("c")])
        first = try plain.decideSigns(fit(all))
        second = try plain.decideSigns(fit([all[0], all[2]]))
        #expect(first && second && plain.kept == ["a"])
    }

    @Test func figuresComeFromCounts() throws {
        let counts = try FineCounts.made(
            goods: [80, 90, 70], bads: [20, 10, 30], others: [BinCounts(goods: 60, bads: 40)])
        let table = try WoeTable(counts, BinGroups(starts: [1, 2], ordinary: 3, others: 1))
        let figures = try ColumnFigures(counts, missingRows: 100, table: table, other: [100, 100, 100, 100])
        #expect(figures.missingRate == 0.25 && figures.concentration == 0.25 && figures.stability == 0)
        #expect(figures.iv == table.iv)
        let shifted = try ColumnFigures(counts, missingRows: 0, table: table, other: [300, 50, 30, 20])
        #expect(shifted.stability.map { $0 > 0.25 } == true)
        #expect(throws: Fault(ModelingFaults.evaluation)) {
            try ColumnFigures(counts, missingRows: 0, table: table, other: [1, 2, 3])
        }
        #expect(try ColumnFigures(counts, missingRows: 0, table: nil).iv == nil)
        let others = try FineCounts.made(goods: [80, 90, 71], bads: [20, 10, 30], others: counts.others)
        #expect(throws: Fault(ModelingFaults.selection)) { try ColumnFigures(others, missingRows: 0, table: table) }
        #expect(try ColumnFigures(counts, missingRows: 0, table: nil, name: "host1.x").column == "host1.x")
    }
}
