import Modeling
import Resources
import Testing

@testable import Portal

/// Each reason that selection can give for a decision is there in Chinese, and no other.
@Suite struct SelectionReasonTests {
    private static func decisions() throws -> [SelectionDecision] {
        func figures(
            _ column: String, missing: Double = 0.1, concentration: Double = 0.2, iv: Double? = 0.3,
            stability: Double = 0.1
        ) throws -> ColumnFigures {
            try ColumnFigures(
                column: column, missingRate: missing, concentration: concentration, iv: iv, stability: stability)
        }
        var rules = SelectionRules()
        rules.vif = nil
        var alone = try Selection(
            [
                figures("a"), figures("b"), figures("c", missing: 1), figures("d", concentration: 1),
                figures("e", iv: 0.01), figures("f", stability: 1), figures("g", iv: nil), figures("h"), figures("i"),
            ], rules: rules,
            manual: [ManualChoice(column: "h", isKept: true, reason: "the coefficient is above 0")])
        try alone.decide(
            CorrelationMatrix(
                columns: ["a", "b", "h", "i"],
                values: [[1, 0.9, 0, 0.1], [0.9, 1, 0, 0.1], [0, 0, 1, 0], [0.1, 0.1, 0, 1]]))
        func coefficients(_ a: Double) -> [Selection.Coefficient] {
            [("a", a), ("h", -1), ("i", 1)].map { Selection.Coefficient(name: $0.0, value: $0.1, rank: $0.1) }
        }
        var signs = alone
        _ = try signs.decideSigns(coefficients(1))
        _ = try alone.decideSigns(coefficients(-1))
        rules.correlation = nil
        rules.vif = 5
        var inflated = try Selection([figures("a"), figures("b")], rules: rules)
        try inflated.decide(CorrelationMatrix(columns: ["a", "b"], values: [[1, 0.99], [0.99, 1]]))
        return alone.decisions + signs.decisions + inflated.decisions
    }

    private static func json(_ decision: SelectionDecision) -> JSONValue {
        ["rule": .string(decision.rule.rawValue), "reason": .string(decision.reason)]
    }

    @Test func everyReasonHasChinese() throws {
        var said: Set<String> = []
        for decision in try Self.decisions() {
            let words = SelectionReasons.words(Self.json(decision))
            guard decision.rule != .manual else {
                #expect(words == nil, "what a person wrote is nobody's to translate")
                continue
            }
            said.insert(decision.reason)
            let han = words?.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
            #expect(words?.english == decision.reason && han == true, "no Chinese for: \(decision.reason)")
        }
        let naming = said.subtracting(SelectionReasons.chinese.keys)
        #expect(naming.count >= 2 && naming.allSatisfy { $0.contains("correlat") }, "\(naming)")
        #expect(Set(SelectionReasons.chinese.keys).isSubset(of: said))
    }
}
