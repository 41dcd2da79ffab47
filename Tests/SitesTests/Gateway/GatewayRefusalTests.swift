import Faults
import Foundation
import Ledger
import SitesTestKit
import Synchronization
import Testing
import WorkerSocket

@testable import Sites

/// What the door does not let through.
@Suite(.timeLimit(.minutes(3))) struct GatewayRefusalTests {
    struct Case: Sendable {
        let type: String
        let step: UInt32
        let bytes: Int
        let entry: FaultEntry
    }

    @Test(arguments: [
        Case(type: "rows", step: 0, bytes: 1, entry: GatewayFaults.undeclaredType),
        Case(type: "sums", step: 10, bytes: 1, entry: GatewayFaults.undeclaredStep),
        Case(type: "scores", step: 0, bytes: 101, entry: GatewayFaults.undeclaredSize),
    ])
    func aFrameThatIsNotDeclaredDoesNotLeave(_ refused: Case) async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let left = Mutex(0)
            await sites.connect(
                watch: PipeLink.Watch { message in
                    if case .frame = message { left.withLock { $0 += 1 } }
                    return [message]
                })
            let (a, b) = (sites.a, sites.b)
            try await onThread {
                let receiver = try b.worker()
                _ = try receiver.receiver(from: a.id.text)
                let worker = try a.worker()
                let channel = try worker.sender(to: b.id.text)
                #expect(throws: Fault(refused.entry)) {
                    try channel.send(
                        step: refused.step, type: refused.type, elements: 1,
                        payload: [UInt8](repeating: 0, count: refused.bytes))
                    try channel.flush()
                }
            }
            try await eventually { a.ledger.refusals.count == 1 }
            let refusal = a.ledger.refusals[0]
            #expect(refusal.number == refused.entry.number.rawValue && refusal.direction == .sent)
            #expect(refusal.messageType == refused.type && refusal.peer == b.id && refusal.step == refused.step)
            #expect(left.withLock { $0 } == 0 && a.ledger.records.isEmpty)
            try await eventually { a.events.workers.contains("failed \(refused.entry.number)") }
        }
    }

    @Test func aWorkerReachesOnlyThePartiesOfItsJob() async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let (a, b) = (sites.a, sites.b)
            let stranger = SiteID(digest: [UInt8](repeating: 9, count: 32))
            try await onThread {
                let worker = try a.worker()
                let channel = try worker.sender(to: stranger.text)
                #expect(throws: Fault(GatewayFaults.undeclaredParty)) {
                    try channel.send(step: 0, type: "sums", elements: 1, payload: [1])
                    try channel.flush()
                }
                let nameless = try a.worker()
                #expect(throws: Fault(GatewayFaults.malformedMessage)) {
                    let channel = try nameless.sender(to: "nobody")
                    try channel.send(step: 0, type: "sums", elements: 1, payload: [1])
                    try channel.flush()
                }
                // Only the first site sends scores.
                let other = try b.worker()
                let scores = try other.sender(to: a.id.text)
                #expect(throws: Fault(GatewayFaults.undeclaredParty)) {
                    try scores.send(step: 0, type: "scores", elements: 1, payload: [1])
                    try scores.flush()
                }
            }
        }
    }

    @Test func tokensAreForOneConnectionOfTheRightWorker() async throws {
        let now = Mutex(Duration.zero)
        let clock = GatewayClock(now: { now.withLock { $0 } }, sleep: { _ in await Task.yield() })
        let timed: @Sendable (inout GatewayOptions) -> Void = { $0.clock = clock }
        try await TwoSites.with(configure: timed) { sites in
            #expect(throws: Fault(GatewayFaults.unknownJob)) { _ = try sites.a.gateway.token(job: "01", task: "x") }
            try sites.open()
            let a = sites.a
            #expect(throws: Fault(GatewayFaults.undeclaredTask)) {
                _ = try a.gateway.token(job: TwoSites.job, task: "x")
            }
            try await onThread {
                _ = try a.worker()
                func connect(_ token: [UInt8], task: String = TwoSites.task, epoch: UInt64 = 1) throws {
                    _ = try WorkerConnection.connect(
                        path: a.path, token: token, job: TwoSites.job, task: task, epoch: epoch)
                }
                func token() throws -> [UInt8] { try a.gateway.token(job: TwoSites.job, task: TwoSites.task).bytes }
                let refused = Fault(GatewayFaults.tokenRefused)
                #expect(throws: refused) { try connect([UInt8](repeating: 0, count: 32)) }
                let used = try token()
                try connect(used)
                #expect(throws: refused) { try connect(used) }
                #expect(throws: refused) { try connect(try token(), task: "other") }
                #expect(throws: Fault(GatewayFaults.oldEpoch)) { try connect(try token(), epoch: 2) }
                let late = try token()
                now.withLock { $0 += .seconds(61) }
                #expect(throws: Fault(GatewayFaults.tokenExpired)) { try connect(late) }
            }
        }
    }

    @Test func aWorkerOfAnotherVersionOrUserOrWithoutManners() async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let a = sites.a
            try await onThread {
                _ = try a.worker()
                for (message, entry) in [
                    (
                        .hello(
                            WorkerHello(
                                version: 9, token: [UInt8](repeating: 0, count: 32), epoch: 1, job: "j", task: "t")),
                        GatewayFaults.socketVersion
                    ), (.progress(done: 1, total: 2), GatewayFaults.unexpectedMessage),
                ] as [(WorkerMessage, FaultEntry)] {
                    let socket = try UnixSocket.connect(a.path)
                    let (head, body) = message.encoded()
                    try socket.write(head, body)
                    var reader = MessageReader(SocketSource(socket))
                    guard case .fault(let number, _) = try reader.next() else {
                        Issue.record("not refused")
                        return
                    }
                    #expect(number == entry.number.rawValue)
                }
            }
        }
        #expect(throws: Fault(GatewayFaults.foreignWorker)) { try WorkerDesk.check(user: 12_345_678) }
        #expect(throws: Fault(GatewayFaults.foreignWorker)) { try WorkerDesk.check(user: nil) }
        try WorkerDesk.check(user: 0)
    }

    @Test func aCheckpointTooLargeIsRefusedAndOneThatFitsComesBack() async throws {
        let small: @Sendable (inout GatewayOptions) -> Void = { $0.largestCheckpoint = 10 }
        try await TwoSites.with(configure: small) { sites in
            try sites.open()
            let a = sites.a
            try await onThread {
                let first = try a.worker()
                #expect(first.lastCheckpoint == nil)
                try first.checkpoint([1, 2], unit: 1)
                try first.checkpoint([3], unit: 2)
                try first.fail(Fault(GatewayFaults.cancelled))
                let second = try a.worker(unit: 2)
                #expect(second.lastCheckpoint == [3] && second.lastUnit == 2)
                #expect(throws: Fault(GatewayFaults.checkpointTooLarge)) {
                    try second.checkpoint([UInt8](repeating: 0, count: 11), unit: 3)
                }
            }
        }
    }

    @Test(arguments: ["job", "epoch", "peer"])
    func endingAJobOrAPeerOrAStartFreesItsWorkers(_ what: String) async throws {
        try await TwoSites.with { sites in
            try sites.open()
            await sites.connect()
            let (a, b) = (sites.a, sites.b)
            let entry =
                switch what {
                case "job": GatewayFaults.jobClosed
                case "peer": GatewayFaults.peerCut
                default: GatewayFaults.oldEpoch
                }
            async let mine: Void = onThread {
                let worker = try a.worker()
                let channel = try worker.receiver(from: b.id.text)
                // Frames that were on their way come first.
                #expect(throws: Fault(entry)) { while try channel.receive() != nil {} }
            }
            async let theirs: Void = onThread {
                let worker = try b.worker()
                let channel = try worker.sender(to: a.id.text)
                #expect(throws: Fault(GatewayFaults.refusedByPeer)) {
                    while true { try channel.send(step: 0, type: "sums", elements: 1, payload: [1]) }
                }
            }
            // Something has arrived, so both ends of the channel are there.
            try await eventually { b.ledger.records.count > 3 && !a.ledger.records.isEmpty }
            switch what {
            case "job": a.gateway.close(job: TwoSites.job)
            case "peer": await a.gateway.cut(peer: b.id)
            default:
                try a.gateway.open(sites.plan(epoch: 2))
                #expect(throws: Fault(GatewayFaults.oldEpoch)) { try a.gateway.open(sites.plan(epoch: 1)) }
            }
            try await mine
            try await theirs
        }
    }

    @Test(arguments: [true, false])
    func theEndOfTheLinkTellsAPeerThatItWasCutWhereNoRefusalDoes(_ isConnected: Bool) async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let (a, b) = (sites.a, sites.b)
            if isConnected { await sites.connect() }
            // Nothing was sent on this channel, so the other site knows of no channel to refuse.
            async let theirs: Void = onThread {
                let worker = try b.worker()
                let channel = try worker.receiver(from: a.id.text)
                #expect(throws: Fault(GatewayFaults.refusedByPeer)) { while try channel.receive() != nil {} }
            }
            try await eventually { b.gateway.state.withLock { !$0.receiving.isEmpty } }
            await a.gateway.cut(peer: b.id)
            if !isConnected { await sites.connect() }
            try await theirs

            let (link, _) = PipeLink.pair(a.id, b.id)
            await a.gateway.receive(.frame(.example()), on: link)
            #expect(a.ledger.refusals.last?.number == GatewayFaults.peerCut.number.rawValue)
            try await onThread {
                let channel = try a.worker().sender(to: b.id.text)
                #expect(throws: Fault(GatewayFaults.peerCut)) {
                    try channel.send(step: 0, type: "sums", elements: 1, payload: [1])
                    try channel.flush()
                }
            }
        }
    }

    /// A peer whose gateway does not keep to the rules.
    @Test func framesOfAPeerThatBreakTheRulesAreRefusedAndRecorded() async throws {
        let cases: [(FaultEntry, Frame)] = [
            (GatewayFaults.unknownJob, .example(job: "02")),
            (GatewayFaults.oldEpoch, .example(epoch: 0)),
            (GatewayFaults.undeclaredTask, .example(task: "other")),
            (GatewayFaults.undeclaredType, .example(type: "rows")),
            (GatewayFaults.undeclaredParty, .example(type: "scores")),
            (GatewayFaults.undeclaredStep, .example(step: 10)),
            (GatewayFaults.undeclaredSize, .example(bytes: (4 << 20) + 1)),
            (GatewayFaults.malformedMessage, .example(salt: 15)),
            // Nothing was asked for on this channel.
            (GatewayFaults.creditExceeded, .example()),
        ]
        try await TwoSites.with { sites in
            try sites.a.gateway.open(sites.plan())
            let a = sites.a
            let numbers = Mutex<[UInt32]>([])
            let (link, _) = await sites.connect(
                watch: PipeLink.Watch { message in
                    if case .refuse(_, let number, _) = message { numbers.withLock { $0.append(number) } }
                    return []
                })
            for (index, (entry, frame)) in cases.enumerated() {
                await a.gateway.receive(.frame(frame), on: link)
                try await eventually { a.ledger.refusals.count == index + 1 && numbers.withLock { $0.count } > index }
                #expect(a.ledger.refusals[index].number == entry.number.rawValue)
                #expect(a.ledger.refusals[index].direction == .received)
                #expect(numbers.withLock { $0[index] } == UInt32(entry.number.rawValue))
            }
            #expect(a.ledger.records.isEmpty)
        }
    }

    @Test(arguments: [GatewayFaults.replayed, GatewayFaults.outOfOrder])
    func framesThatAreReplayedOrOutOfOrderEndTheChannelAtBothEnds(_ entry: FaultEntry) async throws {
        try await TwoSites.with { sites in
            try sites.open()
            let (a, b) = (sites.a, sites.b)
            await sites.connect(
                watch: PipeLink.Watch { message in
                    guard case .frame(let frame) = message, frame.sequence == 2 else { return [message] }
                    if entry.number == GatewayFaults.replayed.number { return [message, message] }
                    var late = frame
                    late.sequence += 1
                    return [.frame(late)]
                })
            async let received: Void = onThread {
                let channel = try b.worker().receiver(from: a.id.text)
                #expect(throws: Fault(entry)) { while try channel.receive() != nil {} }
            }
            async let sent: Void = onThread {
                let channel = try a.worker().sender(to: b.id.text)
                #expect(throws: Fault(GatewayFaults.refusedByPeer)) {
                    // Frames before the bad one may be acknowledged before the refusal arrives.
                    for _ in 0..<10_000 {
                        try channel.send(step: 0, type: "sums", elements: 1, payload: [1])
                        try channel.flush()
                    }
                }
            }
            try await received
            try await sent
            try await eventually { b.ledger.refusals.count == 1 }
            #expect(b.ledger.refusals[0].number == entry.number.rawValue)
        }
    }
}

extension Frame {
    fileprivate static func example(
        job: String = TwoSites.job, task: String = TwoSites.task, epoch: UInt64 = 1, type: String = "sums",
        step: UInt32 = 0, bytes: Int = 8, salt: Int = 16
    ) -> Frame {
        Frame(
            channel: ChannelID(job: job, task: task, epoch: epoch), step: step, sequence: 0, attempt: 1,
            messageType: type, elements: 1, salt: [UInt8](repeating: 0, count: salt),
            payload: [UInt8](repeating: 0, count: bytes))
    }
}
