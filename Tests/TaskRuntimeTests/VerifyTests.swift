import Faults
import JobsTestKit
import Testing

@testable import TaskRuntime

@Suite struct VerifyTests {
    private let subject = VerifyOperator()

    @Test func defaultsFitTheirRanges() {
        let setting = TaskSetting.example(of: subject, parties: 2)
        #expect(subject.description.refusal(of: setting) == nil)
        #expect(subject.description.refusal(of: .example(of: subject, parties: 17)) != nil)
        #expect(
            subject.description.refusal(of: .example(of: subject, parameters: ["rounds": .integer(1)], parties: 2))
                != nil)
        #expect(
            subject.description.refusal(of: .example(of: subject, parameters: ["rounds": .text("9")], parties: 2))
                != nil)
    }

    @Test func whatOneFrameHoldsIsAsTheFormulaSays() {
        // From another implementation: hmac.new(seed, label, sha256), then ChaCha20 (RFC 8439) from block counter 1.
        let content = VerifyContent(type: .ping, from: 0, to: 1, step: 2, index: 3, count: 8)
        let bytes = content.bytes(seed: [UInt8](repeating: 7, count: 32))
        #expect(bytes.hexadecimal == "241045c058af65c7")
    }

    @Test func aChangedFrameIsNamed() throws {
        let setting = TaskSetting.example(of: subject, parameters: OperatorHarnessTests.small, parties: 2)
        var party = try subject.makeProtocol(setting, party: 1, data: TaskData())
        _ = try party.start(from: nil)
        _ = try party.handle(
            .measured(
                .kernels(productsPerSecond: 1, encryptionsPerSecond: 1, decryptionsPerSecond: 1, kernel: "k")))
        _ = try party.handle(.measured(.disk(write: 1, read: 1)))
        #expect(party.awaited == [0])
        var payload = VerifyContent(type: .ready, from: 0, to: 1, step: 1, index: 0, count: 32).bytes(
            seed: setting.seed)
        payload[31] ^= 1
        let message = TaskMessage(party: 0, step: 1, type: "verify.ready", elements: 32, payload: payload)
        #expect(throws: Fault(TaskFaults.contentDiffers)) {
            var party = party
            _ = try party.handle(.message(message, at: .zero))
        }
        var early = message
        early.type = "verify.ping"
        #expect(throws: Fault(TaskFaults.messageUnexpected)) {
            var party = party
            _ = try party.handle(.message(early, at: .zero))
        }
    }

    @Test func ratesComeFromFigures() {
        let figures = [
            "kernel.products_per_second": 1e6, "kernel.encryptions_per_second": 2e3,
            "kernel.decryptions_per_second": 3e3, "route.1.bandwidth_out": 9e6, "route.1.bandwidth_in": 8e6,
            "route.2.bandwidth_out": 7e7, "route.1.round_trip_p50": 0.004, "route.2.round_trip_p50": 0.001,
            "route.1.round_trip_p99": 9,
        ]
        let rates = MachineRates(figures: figures)
        #expect(
            rates.productsPerSecond == 1e6 && rates.encryptionsPerSecond == 2e3 && rates.decryptionsPerSecond == 3e3)
        #expect(rates.bandwidth == 8e6 && rates.roundTrip == 0.004 && rates.isMeasured)
        let partial = MachineRates(figures: ["kernel.products_per_second": 5])
        #expect(partial.productsPerSecond == 5 && !partial.isMeasured)
        #expect(partial.bandwidth == MachineRates.careful.bandwidth)
    }

    @Test func theCostIsOfThisPartyAndGrowsWithThePairs() {
        let two = TaskSetting.example(of: subject, parties: 2)
        let cost = subject.description.cost(two, 0, .careful)
        let rows = subject.description.messages(two).filter { $0.from == 0 }
        #expect(cost.bytesOut == rows.reduce(0) { $0 + $1.expectedBytes })
        // 200 + 64 + … frames: at 12.5 MB/s the bytes alone take 3.3 s, the round trips 4.2 s, the kernels 3 s.
        #expect((10...13).contains(cost.seconds))
        let five = TaskSetting.example(of: subject, parties: 5)
        #expect(subject.description.cost(five, 0, .careful).seconds > 4 * (cost.seconds - 5))
    }

    @Test func theRealMachineIsMeasured() throws {
        let measures = MachineMeasures()
        let kernels = try measures.kernels(for: .milliseconds(30))
        guard case .kernels(let products, let encryptions, let decryptions, let kernel) = kernels else {
            Issue.record("no kernels")
            return
        }
        #expect(products > encryptions && encryptions > 0 && decryptions > 0 && !kernel.isEmpty)
        guard case .disk(let write, let read) = try measures.disk(bytes: 3 << 20, scratch: Environment.temporary)
        else {
            Issue.record("no disk")
            return
        }
        #expect(write > 0 && read > 0)
        #expect(throws: Fault(TaskFaults.scratchUnusable)) {
            try measures.disk(bytes: 1, scratch: "/nowhere/at/all")
        }
    }
}
