import Faults
import JobsTestKit
import Testing

@testable import Modeling
@testable import TaskRuntime

/// `model.join` between parties in memory, of models that `train.boosting` left.
@Suite(.timeLimit(.minutes(5))) struct JoinTests {
    /// Joins what a training left.
    struct Subject: Operator {
        let results: [[UInt8]]

        var description: OperatorDescription { JoinOperator().description }

        func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
            try JoinOperator().makeProtocol(
                setting, party: party, data: TaskData(results: ["train": results[party]]))
        }
    }

    static func setting(_ world: BoostWorld, _ more: [String: ParameterValue] = [:]) -> TaskSetting {
        var parameters: [String: ParameterValue] = ["model": .text("train")]
        for name in ["hostDatasets", "hostColumns", "hostColumnLimit", "trees", "depth"] {
            parameters[name] = world.setting.parameters[name]
        }
        parameters.merge(more) { $1 }
        return TaskSetting.example(of: JoinOperator(), parameters: parameters, parties: world.setting.parties)
    }

    static func trained(_ columns: [Int]) throws -> (world: BoostWorld, results: [[UInt8]]) {
        try PredictTests.trained(columns, ["trees": .integer(4), "depth": .integer(3)])
    }

    @Test(arguments: [[3, 4], [2, 3, 3]]) func theGuestGetsTheModelOfOnePlaceToTheBit(_ columns: [Int]) throws {
        let (world, results) = try Self.trained(columns)
        var run = try TaskRun(Subject(results: results), Self.setting(world))
        try run.run()
        let joined = try JoinedModel(bytes: run.result[0])
        let central = try world.centralised()
        #expect(joined.model == central)
        #expect(joined.digest == (try BoostGuestResult(bytes: results[0])).digest)
        #expect(try joined.model.xgboostJSON() == central.xgboostJSON())
        for (host, result) in run.result.enumerated().dropFirst() {
            #expect(result == (try BoostGuestResult(bytes: results[0])).hosts[host - 1].bytes, "a host gets nothing")
        }
        for row in JoinOperator().description.messages(Self.setting(world)) {
            let sent = run.sent[row.from]["\(row.to) \(row.type)"] ?? (0, 0)
            #expect(sent.count == row.count && sent.bytes == row.expectedBytes, "\(row.type): \(sent)")
        }
    }

    @Test func theProtocolKeepsTheRules() throws {
        let (world, results) = try Self.trained([2, 3, 3])
        #expect(
            ProtocolHarness(Subject(results: results), Self.setting(world), seed: 3, interleavings: 3).problems() == [])
    }

    @Test func anotherPartThanTheTrainedOneIsRefused() throws {
        let (world, results) = try Self.trained([3, 4])
        func refused(_ entry: FaultEntry, _ tamper: @escaping (inout TaskMessage, Int) -> Void) {
            #expect(throws: Fault(entry)) {
                var run = try TaskRun(Subject(results: results), Self.setting(world))
                run.tamper = tamper
                try run.run()
            }
        }
        // The salt, a byte of the part, the length, what stands behind the part.
        refused(BoostFaults.partDiffers) { message, _ in message.payload[0] ^= 1 }
        refused(BoostFaults.messageMalformed) { message, _ in
            message.payload[35] = 255
            message.payload[33] = 255
        }
        refused(BoostFaults.messageMalformed) { message, _ in message.payload[message.payload.count - 1] = 1 }
        refused(BoostFaults.messageMalformed) { message, _ in message.payload.removeLast() }
        refused(TaskFaults.messageUnexpected) { message, _ in message.step = 2 }
    }

    /// A host that moves an edge by one bit in what it keeps is found out.
    @Test func aHostCannotTellAnotherEdge() throws {
        var (world, results) = try Self.trained([3, 4])
        let kept = try BoostHostResult(bytes: results[1])
        let first = try #require(kept.part.conditions.first)
        let moved = SplitCondition(
            tree: first.tree, node: first.node, column: first.column, edge: first.edge.nextUp,
            missingLeft: first.missingLeft)
        results[1] =
            BoostHostResult(
                salt: kept.salt,
                part: ModelPart(
                    party: 1, columns: kept.part.columns, conditions: [moved] + kept.part.conditions.dropFirst())
            ).bytes
        #expect(throws: Fault(BoostFaults.partDiffers)) {
            var run = try TaskRun(Subject(results: results), Self.setting(world))
            try run.run()
        }
    }

    @Test func whatDoesNotFitTheModelIsRefused() throws {
        let (world, results) = try Self.trained([3, 4])
        for more: [String: ParameterValue] in [
            ["trees": .integer(1), "depth": .integer(1), "hostColumns": .text("c0")]
        ] {
            #expect(throws: Fault(BoostFaults.modelUnusable), "\(more)") {
                var run = try TaskRun(Subject(results: results), Self.setting(world, more))
                try run.run()
            }
        }
        #expect(throws: Fault(BoostFaults.parameters)) {
            _ = try JoinPlan(Self.setting(world, ["hostDatasets": .text("a;b")]))
        }
        #expect(throws: Fault(BoostFaults.modelUnusable)) { _ = try JoinedModel(bytes: results[0]) }
    }

    @Test func aHostAgreesByWhatItsGrantReveals() throws {
        let world = BoostWorld(rows: 40, columns: [2, 2], seed: 1, [:])
        let reads = JoinOperator().description.reads(Self.setting(world))
        #expect(reads.map(\.party) == [1] && reads.map(\.reveals) == [["model"]])
    }

    @Test func aModelsNameIsOne() throws {
        for name in ["a", "a-1", String(repeating: "a", count: 48)] { #expect(ModelLeft.isName(name)) }
        for name in ["", "-a", "a-", "A", "a b", "a:1", String(repeating: "a", count: 49)] {
            #expect(!ModelLeft.isName(name), "\(name)")
        }
    }
}
