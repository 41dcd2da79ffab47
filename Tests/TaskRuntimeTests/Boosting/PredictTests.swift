import Faults
import JobsTestKit
import Modeling
import ResourcesTestKit
import Synchronization
import Testing

@testable import TaskRuntime

/// `predict`, `bin` and `evaluate` between parties in memory.
@Suite(.timeLimit(.minutes(5))) struct PredictTests {
    /// Scores rows of tables in memory by what a training left.
    struct Subject: Operator {
        let world: BoostWorld
        let results: [[UInt8]]
        let scores = Scores()

        final class Scores: Sendable {
            let found = Mutex<[(row: Int, score: Double)]>([])
        }

        var description: OperatorDescription { PredictOperator().description }

        func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
            let plan = try PredictPlan(setting)
            let table = world.tables[party].selecting { plan.part.takes($0, learning: plan.learningTenths) }
            guard party == 0 else {
                let part = try BoostHostResult(bytes: results[party]).part
                return PredictHost(plan, number: party - 1, part: part) { () throws(Fault) in table }
            }
            let scores = scores
            return PredictGuest(
                plan, model: try BoostGuestResult(bytes: results[0]), table: { () throws(Fault) in table },
                write: { found throws(Fault) in scores.found.withLock { $0 = found } })
        }
    }

    static func setting(_ world: BoostWorld, _ more: [String: ParameterValue]) -> TaskSetting {
        var parameters: [String: ParameterValue] = ["model": .text("train"), "trees": .integer(6), "label": .text("y")]
        for name in ["guestDataset", "hostDatasets", "guestKey", "hostKeys", "rows"] {
            parameters[name] = world.setting.parameters[name]
        }
        parameters.merge(more) { $1 }
        return TaskSetting.example(of: PredictOperator(), parameters: parameters, parties: world.setting.parties)
    }

    static func trained(_ columns: [Int], rows: Int = 150, _ parameters: [String: ParameterValue]) throws -> (
        world: BoostWorld, results: [[UInt8]]
    ) {
        let world = BoostWorld(rows: rows, columns: columns, seed: 31, parameters)
        var run = try TaskRun(world, world.setting)
        try run.run()
        return (world, run.result)
    }

    @Test(arguments: ["path", "bits"], [[3, 4], [2, 3, 3]])
    func scoresAreThoseOfOnePlace(_ method: String, _ columns: [Int]) throws {
        let (world, results) = try Self.trained(
            columns, ["trees": .integer(5), "depth": .integer(4), "test": .integer(2)])
        for part in ["all", "learnt", "test"] {
            let subject = Subject(world: world, results: results)
            let setting = Self.setting(
                world, ["method": .text(method), "part": .text(part), "test": .integer(2)])
            var run = try TaskRun(subject, setting)
            try run.run()
            let plan = try PredictPlan(setting)
            let tables = world.tables.map { table in
                table.selecting { plan.part.takes($0, learning: plan.learningTenths) }
            }
            let values = tables.map { table in
                Dictionary(uniqueKeysWithValues: table.features.map { ($0.name, $0.values) })
            }
            let expected = try world.centralised().scores(values)
            #expect(expected.count > 10)
            #expect(subject.scores.found.withLock { $0.map(\.score) } == expected, "\(part)")
            for host in run.result.dropFirst() { #expect(host.isEmpty, "hosts get nothing") }
            #expect((run.figures[0]["auc"] ?? 0) > 0.55)
            for row in PredictOperator().description.messages(setting) {
                let sent = run.sent[row.from]["\(row.to) \(row.type)"] ?? (0, 0)
                #expect(sent.count == row.count && sent.bytes == row.expectedBytes, "\(row.type): \(sent)")
            }
        }
    }

    @Test(arguments: ["path", "bits"]) func theProtocolKeepsTheRules(_ method: String) throws {
        let (world, results) = try Self.trained([3, 4], rows: 80, [:])
        let subject = Subject(world: world, results: results)
        let setting = Self.setting(world, ["method": .text(method)])
        #expect(ProtocolHarness(subject, setting, seed: 7, interleavings: 3).problems() == [])
    }

    @Test func onlyBitsNeedToBeGranted() throws {
        let world = BoostWorld(rows: 50, columns: [2, 2], seed: 1, [:])
        let reads = PredictOperator().description.reads
        #expect(reads(Self.setting(world, [:])).allSatisfy { $0.reveals.isEmpty })
        #expect(reads(Self.setting(world, ["method": .text("bits")])).map(\.reveals) == [[], ["bins"]])
    }

    @Test func whatDoesNotFitTheModelIsRefused() throws {
        let (world, results) = try Self.trained([3, 4], ["trees": .integer(5)])
        func refused(
            _ entry: FaultEntry, _ more: [String: ParameterValue],
            _ tamper: @escaping (inout TaskMessage, Int) -> Void = { _, _ in }
        ) {
            #expect(throws: Fault(entry), "\(more)") {
                var run = try TaskRun(Subject(world: world, results: results), Self.setting(world, more))
                run.tamper = tamper
                try run.run()
            }
        }
        refused(BoostFaults.modelUnusable, ["trees": .integer(4)])
        refused(BoostFaults.modelUnusable, ["depth": .integer(2)])
        refused(BoostFaults.parameters, ["part": .text("test"), "test": .integer(0)])
        refused(BoostFaults.rowsDiffer, [:]) { message, from in
            if from == 1, message.type == "predict.rows" { message.payload[3] ^= 1 }
        }
        refused(BoostFaults.messageMalformed, [:]) { message, from in
            if message.type == "predict.questions" { message.payload[3] = 250 }
        }
        refused(BoostFaults.messageMalformed, [:]) { message, from in
            if message.type == "predict.answers" { message.payload.removeLast() }
        }
        refused(BoostFaults.messageMalformed, ["method": .text("bits")]) { message, from in
            if message.type == "predict.bits" { message.payload[0] ^= 1 }
        }
        #expect(throws: Fault(TaskFaults.dataMissing)) {
            try PredictOperator().makeProtocol(Self.setting(world, [:]), party: 0, data: TaskData())
        }
    }

    @Test func binsAreCutOnceAndUsedAgain() throws {
        let world = BoostWorld(rows: 150, columns: [3, 4], seed: 12, [:])
        var plain = try TaskRun(world, world.setting)
        try plain.run()
        let rule = try world.plan().bins
        let results = try world.tables.map { table in
            let columns = try PartyColumns(binning: table.features, bins: rule.bins, leastRows: rule.leastRows)
            return Binning(columns: columns.columns.map { ($0.name, $0.edges) }).bytes
        }
        let setting = TaskSetting(
            parameters: world.setting.parameters.merging(["binning": .text("bins")]) { $1 },
            parties: world.setting.parties, seed: world.setting.seed)
        struct Given: Operator {
            let world: BoostWorld
            let results: [[UInt8]]
            var description: OperatorDescription { world.description }

            func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
                try world.makeProtocol(setting, party: party, data: TaskData(results: ["bins": results[party]]))
            }
        }
        var run = try TaskRun(Given(world: world, results: results), setting)
        try run.run()
        #expect(run.result == plain.result)
        #expect(world.description.inputs(setting) == ["bins"] && world.description.inputs(world.setting).isEmpty)
        for damaged in [[], Array(results[0].dropLast()), results[0] + [0]] as [[UInt8]] {
            #expect(throws: Fault(BoostFaults.binningUnusable)) { try Binning(bytes: damaged) }
        }
        // Bins of another table.
        #expect(throws: Fault(BoostFaults.binningUnusable)) {
            var run = try TaskRun(Given(world: world, results: [results[1], results[1]]), setting)
            try run.run()
        }
    }
}
