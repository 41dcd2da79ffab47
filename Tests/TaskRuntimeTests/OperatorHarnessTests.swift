import Faults
import JobsTestKit
import ResourcesTestKit
import TaskRuntime
import Testing

/// The operators against the harness, and the harness against operators that break the rules.
@Suite(.timeLimit(.minutes(3))) struct OperatorHarnessTests {
    static let small: [String: ParameterValue] = [
        "rounds": .integer(5), "frames": .integer(9), "frameBytes": .integer(300_000), "largestFrame": .integer(1_000),
        "kernelSeconds": .number(0.5), "diskMiB": .integer(1),
    ]

    @Test(arguments: [2, 3, 5])
    func verifyKeepsEveryRuleOfProtocols(_ parties: Int) {
        let seed = SeededGenerator.printed(for: "verifyKeepsEveryRuleOfProtocols \(parties)").seed
        let subject = VerifyOperator()
        var parameters = Self.small
        if parties > 2 { parameters["frameBytes"] = .integer(2_000) }
        let setting = TaskSetting.example(of: subject, parameters: parameters, parties: parties)
        #expect(ProtocolHarness(subject, setting, seed: seed).problems() == [], "seed \(seed)")
    }

    @Test(arguments: [1, 2, 16])
    func noopKeepsEveryRuleOfProtocols(_ parties: Int) {
        let setting = TaskSetting.example(of: NoopOperator(), parties: parties)
        #expect(
            ProtocolHarness(
                NoopOperator(), setting, seed: SeededGenerator.printed(for: "noopKeepsEveryRuleOfProtocols").seed
            ).problems() == [])
    }

    @Test(arguments: BrokenOperator.Flaw.allCases)
    func theHarnessFindsWhatABrokenProtocolDoes(_ flaw: BrokenOperator.Flaw) {
        let subject = BrokenOperator(flaw: flaw)
        let setting = TaskSetting.example(of: subject, parties: 2)
        let problems = ProtocolHarness(subject, setting, seed: 7).problems()
        if let expected = flaw.expected {
            #expect(problems.contains { $0.contains(expected) }, "\(flaw): \(problems)")
        } else {
            #expect(problems == [])
        }
    }
}

/// Two parties exchange a message per unit, for three units, with one flaw or none.
struct BrokenOperator: Operator {
    enum Flaw: String, CaseIterable, Sendable {
        case none, undeclaredType, tooManyMessages, tooFewMessages, largePayload, fewElements, skipsUnit
        case dependsOnOrder, forgetsAtRestart, takesEarly, floods

        var expected: String? {
            switch self {
            case .none: nil
            case .undeclaredType: "undeclared"
            case .tooManyMessages: "never taken"
            case .tooFewMessages: "waits for ever"
            case .largePayload: "a payload of tick has"
            case .fewElements: "says more than its"
            case .skipsUnit: "has unit"
            case .dependsOnOrder, .forgetsAtRestart: "the outputs differ"
            case .takesEarly: "at unit"
            case .floods: "waits for ever"
            }
        }
    }

    let flaw: Flaw

    var description: OperatorDescription {
        OperatorDescription(
            name: "broken", version: 1, summary: "For the harness.", roles: [OperatorRole("member", 2...2)],
            parameters: [], leakage: [],
            messages: { [flaw] _ in
                (0..<2).map { from in
                    MessageRow(
                        type: "tick", from: from, to: 1 - from, steps: 1...3, count: flaw == .floods ? 30 : 3,
                        schema: "a number", elementBits: 64, maximumBytes: flaw == .floods ? 1 << 20 : 200,
                        expectedBytes: 24)
                }
            },
            cost: { _, _, _ in TaskCost(seconds: 1, bytesOut: 24, memory: 1) })
    }

    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        BrokenProtocol(flaw: flaw, party: party)
    }
}

private struct BrokenProtocol: TaskProtocol {
    let flaw: BrokenOperator.Flaw
    let party: Int
    var unit: UInt64 = 0
    var got = 0
    var sum: UInt8 = 0

    mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
        guard let checkpoint else { return send() }
        (unit, sum) = (UInt64(checkpoint[0]), flaw == .forgetsAtRestart ? 0 : checkpoint[1])
        return unit == 3 ? [finish()] : send()
    }

    mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] {
        guard case .message(let message, let now) = event else { return [] }
        got += 1
        if flaw == .floods, got < 10 { return [] }
        got = 0
        sum &+= message.payload[0]
        if flaw == .dependsOnOrder { sum &+= UInt8(truncatingIfNeeded: Int(now / .microseconds(1))) }
        unit += 1
        let early: [TaskEffect] = flaw == .takesEarly && party == 0 && unit < 3 ? send() : []
        let checkpoint = TaskEffect.checkpoint(
            unit: flaw == .skipsUnit ? unit + 1 : unit, [UInt8(unit), sum])
        let rest = unit == 3 ? [finish()] : early.isEmpty ? send() : []
        return early + [checkpoint] + rest
    }

    private func finish() -> TaskEffect { .finish(TaskResult(output: [sum])) }

    private func send() -> [TaskEffect] {
        let size = flaw == .largePayload ? 201 : flaw == .fewElements ? 100 : flaw == .floods ? 1 << 20 : 8
        let message = TaskMessage(
            party: 1 - party, step: UInt32(unit) + 1, type: flaw == .undeclaredType ? "tock" : "tick",
            elements: flaw == .fewElements ? 1 : UInt64(size) / 8 + 1,
            payload: [UInt8](repeating: UInt8(party) + 3 * UInt8(unit + 1), count: size))
        switch flaw {
        case .tooManyMessages where unit == 2: return [.send(message), .send(message)]
        case .tooFewMessages where unit == 1: return []
        case .floods: return [TaskEffect](repeating: .send(message), count: 10)
        default: return [.send(message)]
        }
    }
}
