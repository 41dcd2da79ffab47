import Faults
import Jobs
import Ledger
import Resources
import ResourcesTestKit
import TaskRuntime
import Testing

@Suite struct JobPlanEncodingTests {
    @Test func everyPlanIsReadBackAsItWasWritten() throws {
        var random = SeededGenerator.printed(for: "plans")
        for _ in 0..<300 {
            let plan = RandomPlan.make(using: &random)
            let bytes = plan.bytes
            let again = try JobPlan(bytes: bytes)
            #expect(again == plan)
            #expect(again.bytes == bytes)
            #expect(again.digest == plan.digest)
        }
    }

    @Test func damagedBytesEndInAFaultOrInAPlanOfThoseBytes() throws {
        var random = SeededGenerator.printed(for: "damaged plans")
        for _ in 0..<3000 {
            var bytes = RandomPlan.make(using: &random).bytes
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 1: bytes += [0]
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: bytes.count / 2)
            default:
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            }
            do {
                // Whatever can be read is written in no other way.
                let plan = try JobPlan(bytes: bytes)
                #expect(plan.bytes == bytes)
            } catch {
                #expect(error.is(JobFaults.unreadablePlan))
            }
        }
    }

    @Test func noBytesAtAllStopTheDecoder() {
        var random = SeededGenerator.printed(for: "random bytes")
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<400, using: &random)
            var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            if Bool.random(using: &random) { bytes = Array("ATPL\u{1}".utf8) + bytes }
            #expect(throws: Fault.self) { try JobPlan(bytes: bytes) }
        }
    }

    @Test func sizesAndVersionsAreHeld() throws {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        let large = #expect(throws: Fault(JobFaults.unreadablePlan)) {
            try JobPlan(bytes: plan.bytes + [UInt8](repeating: 0, count: JobPlan.largest))
        }
        #expect(large?.wanted == "at most \(JobPlan.largest) bytes")
        var other = plan.bytes
        other[4] = 2
        let fault = #expect(throws: Fault(JobFaults.unreadablePlan)) { try JobPlan(bytes: other) }
        #expect(fault?.wanted == "a plan of version 1")
        #expect(throws: Fault(JobFaults.unreadablePlan)) { try JobPlan(bytes: [1, 2, 3]) }
    }

    @Test func twoZerosAreOne() throws {
        func plan(_ share: Double) -> JobPlan {
            let task = PlannedTask(
                name: "a", operatorName: "echo", operatorVersion: 3, after: [], parameters: ["share": .number(share)])
            return JobPlan(
                job: SampleOperators.job, name: "x", owner: SampleOperators.own, seed: [UInt8](repeating: 1, count: 32),
                parties: [], tasks: [task], limits: JobLimits(memory: 1, cores: 1, seconds: 1))
        }
        #expect(plan(0.0) == plan(-0.0))
        #expect(plan(0.0).digest == plan(-0.0).digest)
        var bytes = plan(0.0).bytes
        let sign = bytes.count - 8
        bytes[sign] = 0x80
        #expect(throws: Fault(JobFaults.unreadablePlan)) { try JobPlan(bytes: bytes) }
    }

    @Test func aTasksSeedDependsOnTheJobsSeedAndTheTasksNameAlone() throws {
        let plan = try SampleOperators.compile(SampleOperators.spec)
        let again = try SampleOperators.compile(SampleOperators.spec, job: ULID.make())
        #expect(plan.job != again.job && plan.digest != again.digest)
        #expect(plan.seed(of: "first") == again.seed(of: "first"))
        #expect(plan.seed(of: "first") != plan.seed(of: "second"))
        // HMAC-SHA-256 (RFC 2104) of "atoll/jobs/task-seed/1", a zero byte and "first" under 32 times 0x0a, computed
        // apart with Python's hmac.
        let hex = plan.seed(of: "first").map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        #expect(hex == "cf1da41fcf783f654d2e6f1638dc8bc305f46171295155d6806b61e442cef762")
        #expect(JobPlan.randomSeed() != JobPlan.randomSeed())
    }
}

enum RandomPlan {
    static func make(using random: inout SeededGenerator) -> JobPlan {
        let parties = (0..<Int.random(in: 0...JobPlan.mostParties, using: &random)).map { index in
            PlannedParty(
                site: SampleOperators.site(UInt8(index)),
                role: ["guest", "host", "member"].randomElement(using: &random)!)
        }
        var tasks: [PlannedTask] = []
        for index in 0..<Int.random(in: 0...6, using: &random) {
            let after = tasks.map(\.name).filter { _ in Bool.random(using: &random) }
            var parameters: [String: ParameterValue] = [:]
            for number in 0..<Int.random(in: 0...8, using: &random) {
                parameters["p\(number)X"] = value(using: &random)
            }
            tasks.append(
                PlannedTask(
                    name: "t\(index)", operatorName: "op-\(index)",
                    operatorVersion: UInt32.random(in: 0...UInt32.max, using: &random), after: after,
                    parameters: parameters))
        }
        return JobPlan(
            job: ULID.make(), name: "plan-\(UInt16.random(in: 0...9999, using: &random))",
            owner: SampleOperators.site(UInt8.random(in: 0...255, using: &random)),
            seed: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }, parties: parties, tasks: tasks,
            limits: JobLimits(
                memory: UInt64.random(in: 0...UInt64(Int64.max), using: &random),
                cores: Int(UInt32.random(in: 0...UInt32.max, using: &random)),
                seconds: Int64.random(in: 0...Int64.max, using: &random)))
    }

    static func value(using random: inout SeededGenerator) -> ParameterValue {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .integer(Int64.random(in: Int64.min...Int64.max, using: &random))
        case 1: return .number(Double.random(in: -1e300...1e300, using: &random))
        case 2: return .boolean(Bool.random(using: &random))
        case 3: return .number([0, .leastNonzeroMagnitude, 1e308, -1].randomElement(using: &random)!)
        default:
            return .text(
                String(
                    (0..<Int.random(in: 0...9, using: &random)).map { _ in "aé漢🏝 \u{301}".randomElement(using: &random)!
                    }))
        }
    }
}
