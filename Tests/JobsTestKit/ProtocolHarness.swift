import Faults
import ResourcesTestKit
public import TaskRuntime

/// Runs all parties of an operator in memory, with deliveries interleaved at random, and reports whatever breaks the
/// rules of `TaskProtocol` or the operator's own description. One call tests an operator:
///
///     #expect(ProtocolHarness(VerifyOperator(), setting, seed: seed).problems() == [])
///
/// Checked: every message is of the table, in type, parties, step, size and number of elements, and over the task the
/// counts are exact; nobody waits for ever while channels hold a bounded number of bytes; checkpoints of two parties
/// agree in every position; parties that deal with each other are never more than one unit apart; and the outputs are
/// the same under any interleaving, any bound, from every unit, and after a stop at any moment with a restart from the
/// latest common unit of those that a site keeps.
public struct ProtocolHarness {
    /// What the channels of the product hold at least, in bytes.
    public static let window = 1 << 20

    let subject: any Operator
    let setting: TaskSetting
    let rows: [MessageRow]
    private let seed: UInt64
    private let interleavings: Int

    /// - Parameters:
    ///   - seed: of the interleavings; print it, so that a failure can be repeated.
    ///   - interleavings: how many whole runs, and how many runs with a stop.
    public init(_ subject: any Operator, _ setting: TaskSetting, seed: UInt64, interleavings: Int = 8) {
        self.subject = subject
        self.setting = setting
        self.seed = seed
        self.interleavings = interleavings
        rows = subject.description.messages(setting)
    }

    /// Everything that is wrong, in sentences; empty when nothing is.
    public func problems() -> [String] {
        var generator = SeededGenerator(seed: seed)
        var problems: [String] = []
        var outputs: [[UInt8]]?
        func compare(_ simulation: TaskSimulation, _ what: String) {
            problems += simulation.problems.map { "\(what): \($0)" }
            guard simulation.problems.isEmpty else { return }
            let found = simulation.outputs
            if let outputs, outputs != found { problems.append("\(what): the outputs differ from the first run's") }
            if outputs == nil { outputs = found }
        }

        var first: TaskSimulation?
        for number in 0..<max(1, interleavings) {
            let window = number % 2 == 0 ? Self.window : Int.max
            var simulation = TaskSimulation(self, window: window, seed: generator.next())
            simulation.run(from: nil)
            compare(simulation, "run \(number)")
            if first == nil { first = simulation }
            guard problems.isEmpty else { return problems }
        }
        guard let first else { return problems }

        for unit in first.commonUnits {
            var simulation = TaskSimulation(self, window: Self.window, seed: generator.next())
            simulation.run(from: first.checkpoints(of: unit))
            compare(simulation, "from unit \(unit)")
        }
        for number in 0..<interleavings {
            var stopped = TaskSimulation(self, window: Self.window, seed: generator.next())
            let moment = Int(generator.next() % UInt64(max(1, first.steps)))
            stopped.run(from: nil, steps: moment)
            problems += stopped.problems.map { "stopped \(number): \($0)" }
            let unit = stopped.latestCommonUnitKept
            if unit == 0, stopped.allHaveCheckpoints {
                problems.append("stopped \(number): no unit is kept by every party")
            }
            var simulation = TaskSimulation(self, window: Self.window, seed: generator.next())
            simulation.run(from: unit == 0 ? nil : stopped.checkpoints(of: unit))
            compare(simulation, "stopped after \(moment) steps, from unit \(unit)")
        }
        return problems
    }
}
