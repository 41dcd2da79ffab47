import Faults
import Jobs
import JobsTestKit
import Ledger
import Sites
import SitesTestKit
import Synchronization
import TaskRuntime
import Testing
import WorkerSocket

/// Workers of operators against real gateways, over links in memory.
@Suite(.timeLimit(.minutes(5))) struct WorkerShellTests {
    static let small: [String: ParameterValue] = [
        "rounds": .integer(4), "frames": .integer(6), "frameBytes": .integer(40_000), "largestFrame": .integer(500_000),
        "diskMiB": .integer(0),
    ]

    @Test(arguments: [2, 3])
    func verifyRunsBetweenSitesAndTheLedgersHoldWhatWasDeclared(_ count: Int) async throws {
        let ledgers = (0..<count).map { _ in MemoryFrameLedger() }
        try await GatewaySites.with(ledgers: ledgers) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            await sites.connectAll()
            #expect(try await run.run() == Array(repeating: .done, count: count))
            let rows = run.subject.description.messages(run.setting)
            for (index, ledger) in ledgers.enumerated() {
                let sent = ledger.records.filter { $0.direction == .sent }
                #expect(UInt64(sent.count) == rows.filter { $0.from == index }.reduce(0) { $0 + $1.count })
                #expect(ledger.refusals.isEmpty)
                let result = try #require(try run.result(index))
                #expect(result.output.count == 32 * (count - 1))
                let rates = MachineRates(figures: result.figures)
                #expect(rates.isMeasured && rates.bandwidth > 0)
                for peer in 0..<count where peer != index {
                    #expect(result.figures["route.\(peer).largest_frame"] == 500_000)
                    #expect(try #require(result.figures["route.\(peer).round_trip_p99"]) > 0)
                }
            }
            // What one end sent is what the other has: nobody chose the order of the outputs.
            let reference = ProtocolHarness(run.subject, run.setting, seed: 1)
            #expect(reference.problems() == [])
        }
    }

    @Test func noopEndsAtOnce() async throws {
        try await GatewaySites.with(2) { sites in
            let run = OperatorRun(NoopOperator(), on: sites)
            try run.open()
            #expect(try await run.run() == [.done, .done])
            #expect(try run.result(0) == TaskResult(output: []))
            #expect(sites.sites[0].events.workers.first == "connected")
            #expect(sites.sites[0].events.workers.contains("progress 1/1"))
        }
    }

    /// The site stops at a checkpoint of one party; the next epoch goes on and ends with the same outputs.
    @Test(arguments: 1...4 as ClosedRange<UInt64>, [0, 1])
    func aWorkerThatIsKilledAtACheckpointIsGoneOnFromInTheNextEpoch(_ unit: UInt64, _ party: Int) async throws {
        let expected = try await outputs()
        let ledgers = [MemoryFrameLedger(), MemoryFrameLedger()]
        try await GatewaySites.with(ledgers: ledgers, checkpoints: GatewaySites.files) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            await sites.connectAll()
            let shells = Mutex<[Int: WorkerShell]>([:])
            async let ends = run.run { index, shell in shells.withLock { $0[index] = shell } }
            // The kill comes some time after the checkpoint was kept, in whatever the worker does then.
            while try await !sites.sites[party].gateway.checkpointUnits(job: run.job, task: run.task)
                .contains(where: { $0 >= unit })
            {
                try await Task.sleep(for: .microseconds(200))
            }
            for shell in shells.withLock({ Array($0.values) }) { shell.cancel() }
            _ = try await ends
            for site in sites.sites { site.gateway.suspend(job: run.job) }
            let common = try await run.commonUnit()
            #expect(common + 1 >= unit)
            try run.open(epoch: 2)
            #expect(try await run.run(epoch: 2, unit: common) == [.done, .done])
            #expect(try [0, 1].map { try run.result($0)?.output } == expected)
            for ledger in ledgers { Self.checkAttempts(ledger) }
        }
    }

    /// Gateways of both sites are killed too; ledgers and checkpoint files stay.
    @Test func everythingIsKilledAndTheNextEpochEndsWithTheSameOutputs() async throws {
        let expected = try await outputs()
        let ledgers = [MemoryFrameLedger(), MemoryFrameLedger()]
        try await GatewaySites.with(ledgers: ledgers, checkpoints: GatewaySites.files) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            await sites.connectAll()
            async let ends = run.run()
            while try await run.commonUnit() < 2 { try await Task.sleep(for: .microseconds(200)) }
            sites.replace(0)
            sites.replace(1)
            try await sites.listening()
            let first = try await ends
            #expect(first.allSatisfy { $0 == .done || $0.status == 69 || $0.status == 1 })
            var epoch: UInt64 = 2
            let common = try await run.commonUnit()
            #expect(common >= 2)
            try run.open(epoch: epoch)
            await sites.connectAll()
            #expect(try await run.run(epoch: epoch, unit: common) == [.done, .done])
            #expect(try [0, 1].map { try run.result($0)?.output } == expected)
            // Once more from the middle: later units are forgotten when the workers come, and made anew.
            epoch += 1
            let kept = try await sites.sites[0].gateway.checkpointUnits(job: run.job, task: run.task)
            #expect(kept == [2, 3, 4])
            for site in sites.sites { site.gateway.suspend(job: run.job) }
            try run.open(epoch: epoch)
            #expect(try await run.run(epoch: epoch, unit: 2) == [.done, .done])
            #expect(try [0, 1].map { try run.result($0)?.output } == expected)
            for ledger in ledgers { Self.checkAttempts(ledger) }
            for site in sites.sites { site.gateway.close(job: run.job) }
            while try await !sites.sites[0].gateway.checkpointUnits(job: run.job, task: run.task).isEmpty {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    @Test func aCheckpointOfAnotherProgramIsRefusedAndTheBeginningIsNot() async throws {
        try await GatewaySites.with(2) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            await sites.connectAll()
            #expect(try await run.run() == [.done, .done])
            try run.open(epoch: 2)
            let refused = WorkerEnd.failed(Fault(TaskFaults.checkpointVersion))
            #expect(try await run.run(epoch: 2, unit: 3, code: "other") == [refused, refused])
            try run.open(epoch: 3)
            let missing = WorkerEnd.failed(Fault(TaskFaults.checkpointMissing))
            #expect(try await run.run(epoch: 3, unit: 9) == [missing, missing])
            try run.open(epoch: 4)
            #expect(try await run.run(epoch: 4, unit: 0, code: "other") == [.done, .done])
        }
    }

    /// Does nothing, where it was given exactly what an earlier task left.
    private struct Reading: Operator {
        let expected: [String: [UInt8]]
        var description: OperatorDescription { NoopOperator().description }

        func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
            for (reference, bytes) in expected where try data.result(reference) != bytes {
                throw Fault(TaskFaults.contentDiffers)
            }
            return try NoopOperator().makeProtocol(setting, party: party, data: data)
        }
    }

    @Test func aTaskIsGivenTheResultsThatItsOrderNames() async throws {
        try await GatewaySites.with(2) { sites in
            let expected: [String: [UInt8]] = ["first": [1, 2, 3], "01JOB/other": []]
            let run = OperatorRun(Reading(expected: expected), on: sites)
            try run.open()
            await sites.connectAll()
            let files = try expected.mapValues { try WorkerFile(holding: $0, folder: sites.folder) }
            func end(of reading: Reading, leavingOut missing: String? = nil) async throws -> WorkerEnd {
                var order = try run.order(0)
                order.results = files.filter { $0.key != missing }.map {
                    .init(reference: $0.key, descriptor: $0.value.descriptor)
                }
                let read = try TaskOrder.read(try order.encoded())
                return try await onPlainThread {
                    WorkerShell(order: read, catalogue: OperatorCatalogue([reading]), code: "t").run()
                }
            }
            #expect(
                try await end(of: Reading(expected: expected), leavingOut: "first")
                    == .failed(Fault(TaskFaults.dataMissing)))
            #expect(
                try await end(of: Reading(expected: ["first": [1, 2]])) == .failed(Fault(TaskFaults.contentDiffers)))
            #expect(try await end(of: Reading(expected: expected)) == .done)
            withExtendedLifetime(files) {}
        }
    }

    @Test func whatAWorkerCannotRunIsRefusedBeforeItConnects() async throws {
        try await GatewaySites.with(2) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            let cases: [(WorkerEnd, (inout TaskOrder) -> Void)] = [
                (.refused(Fault(TaskFaults.operatorUnknown)), { $0.operatorName = "x" }),
                (.refused(Fault(TaskFaults.operatorVersion)), { $0.operatorVersion = 9 }),
                (.refused(Fault(TaskFaults.orderUnreadable)), { $0.parameters["rounds"] = nil }),
                (.refused(Fault(TaskFaults.dataMissing)), { $0.results = [.init(reference: "a", descriptor: 9_999)] }),
                (.lost(Fault(GatewayFaults.socketUnusable)), { $0.socket += "x" }),
                (.failed(Fault(GatewayFaults.tokenRefused)), { $0.token = String(repeating: "0", count: 64) }),
            ]
            for (expected, change) in cases {
                var order = try run.order(0)
                change(&order)
                #expect(WorkerShell(order: order, code: "test").run() == expected)
            }
            #expect(sites.sites[0].events.workers.isEmpty)
        }
    }

    @Test func suspendingSendsWorkersAwayAndKeepsTheirCheckpoints() async throws {
        try await GatewaySites.with(2) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            await sites.connectAll()
            // Only one party: it waits for the other.
            let order = try run.order(0)
            async let end = onPlainThread { WorkerShell(order: order, code: "t", measures: FixedMeasures()).run() }
            let gateway = sites.sites[0].gateway
            while sites.sites[0].events.workers.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            gateway.suspend(job: run.job)
            #expect(try await end == .failed(Fault(TaskFaults.suspended)))
            #expect(throws: Fault(GatewayFaults.unknownJob)) { try run.order(0) }
            #expect(throws: Fault(GatewayFaults.oldEpoch)) { try gateway.open(run.plan(epoch: 1)) }
            try gateway.open(run.plan(epoch: 2))
            // Of a job that is not open there is nothing to suspend.
            gateway.suspend(job: "01OTHER")
        }
    }

    @Test func aPeerThatEndsTooEarlyOrSaysTooMuchIsNamed() async throws {
        try await GatewaySites.with(2) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            await sites.connectAll()
            var epoch: UInt64 = 0
            /// What becomes of party 0 when party 1 behaves so.
            func end(_ other: @escaping @Sendable (OutgoingChannel, IncomingChannel) throws -> Void) async throws
                -> WorkerEnd
            {
                epoch += 1
                let current = epoch
                try run.open(epoch: current)
                let order = try run.order(0, epoch: current)
                async let end = onPlainThread {
                    WorkerShell(order: order, code: "t", measures: FixedMeasures()).run()
                }
                async let peer: Void = onPlainThread {
                    let worker = try sites.sites[1].worker(job: run.job, task: run.task, epoch: current)
                    let id = sites.sites[0].id.text
                    try other(try worker.sender(to: id), try worker.receiver(from: id))
                    // Until the other has seen it.
                    _ = try? worker.receiver(from: id, from: 0).receive()
                    worker.cancel()
                }
                let found = try await end
                sites.sites[1].gateway.suspend(job: run.job)
                _ = try? await peer
                return found
            }
            let ended = try await end { out, _ in try out.end() }
            #expect(ended == .failed(Fault(TaskFaults.peerEnded)))
            let changed = try await end { out, _ in
                try out.send(step: 1, type: "verify.ready", elements: 32, payload: [1])
            }
            #expect(changed == .failed(Fault(TaskFaults.contentDiffers)))
            let early = try await end { out, _ in
                try out.send(step: 3, type: "verify.taken", elements: 32, payload: [1])
            }
            #expect(early == .failed(Fault(TaskFaults.messageUnexpected)))
        }
    }

    @Test func cancellingEndsAWorkerThatWaits() async throws {
        try await GatewaySites.with(2) { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            let order = try run.order(0)
            let shell = WorkerShell(order: order, code: "t", measures: FixedMeasures())
            async let end = onPlainThread { shell.run() }
            while sites.sites[0].events.workers.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            shell.cancel()
            #expect(try await end == .cancelled)
            let early = WorkerShell(order: try run.order(0), code: "t")
            early.cancel()
            #expect(early.run() == .cancelled)
        }
    }

    @Test func aProtocolThatBreaksItsRulesIsFound() async throws {
        try await GatewaySites.with(2) { sites in
            let run = OperatorRun(LawlessOperator(), on: sites)
            try run.open()
            let broken = WorkerEnd.failed(Fault(TaskFaults.protocolBroken))
            #expect(try await run.run() == [broken, broken])
        }
    }

    // MARK: Helpers

    /// What two parties end with when nothing happens to them.
    private func outputs() async throws -> [[UInt8]?] {
        try await GatewaySites.with2 { sites in
            let run = OperatorRun(VerifyOperator(), on: sites, parameters: Self.small)
            try run.open()
            await sites.connectAll()
            #expect(try await run.run() == [.done, .done])
            return try [0, 1].map { try run.result($0)?.output }
        }
    }

    /// Of every direction, (task, sequence, attempt) is there once, and attempts of later epochs are above earlier ones.
    private static func checkAttempts(_ ledger: MemoryFrameLedger) {
        #expect(ledger.refusals.allSatisfy { $0.number != GatewayFaults.replayed.number.rawValue })
        var last: [String: UInt32] = [:]
        for record in ledger.records {
            let key = "\(record.direction) \(record.peer) \(record.sequence)"
            #expect(record.attempt > last[key] ?? 0)
            last[key] = record.attempt
        }
    }
}

extension GatewaySites {
    fileprivate static func with2<Result>(_ body: (GatewaySites) async throws -> Result) async throws -> Result {
        var result: Result?
        try await with(2) { result = try await body($0) }
        return result!
    }
}

/// Sends where nothing is declared.
private struct LawlessOperator: Operator {
    var description: OperatorDescription {
        OperatorDescription(
            name: "lawless", version: 1, summary: "Breaks rules.", roles: [OperatorRole("member", 2...2)],
            parameters: [], leakage: [], messages: { _ in [] },
            cost: { _, _, _ in TaskCost(seconds: 0, bytesOut: 0, memory: 0) })
    }

    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        Lawless(party: party)
    }

    private struct Lawless: TaskProtocol {
        let party: Int

        mutating func start(from checkpoint: [UInt8]?) throws(Fault) -> [TaskEffect] {
            if party == 0 {
                return [.send(TaskMessage(party: 1, step: 0, type: "x", elements: 0, payload: []))]
            }
            return [.finish(TaskResult(output: [])), .progress(done: 0, total: 1, what: "more")]
        }

        mutating func handle(_ event: TaskEvent) throws(Fault) -> [TaskEffect] { [] }
    }
}
