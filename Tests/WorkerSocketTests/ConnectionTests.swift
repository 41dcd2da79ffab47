import Faults
import Foundation
import Testing
import WorkerSocket

/// The worker's end, against a gateway that follows a script.
@Suite struct ConnectionTests {
    private static let token = [UInt8](repeating: 5, count: 32)

    @Test func aSenderWaitsForCreditAndForAcknowledgement() async throws {
        try await withScript { gateway in
            try gateway.welcome(credit: 1_000)
            guard case .channel(let channel) = try gateway.next() else { return }
            #expect(channel == WorkerChannel(number: 1, direction: .out, peer: "bank", next: 40))
            // 1,000 bytes of credit: the frame that uses the last of them may go beyond.
            for sequence in 40..<42 as Range<UInt64> {
                guard case .frame(let frame) = try gateway.next() else { return }
                #expect(frame.sequence == sequence && frame.payload.count == 600 && frame.step == 3)
            }
            try gateway.send(.ack(channel: 1, next: 40, credit: 2_000))
            guard case .frame(let third) = try gateway.next() else { return }
            #expect(third.sequence == 42)
            #expect(try gateway.next() == .end(channel: 1, next: 43))
            try gateway.send(.ack(channel: 1, next: 43, credit: 0))
            #expect(try gateway.next() == .done(result: [1]))
        } worker: { path in
            let connection = try WorkerConnection.connect(path: path, token: Self.token, job: "j", task: "t", epoch: 1)
            #expect(connection.lastCheckpoint == nil)
            let channel = try connection.sender(to: "bank", from: 40)
            for _ in 0..<3 {
                try channel.send(step: 3, type: "sums", elements: 1, payload: [UInt8](repeating: 1, count: 600))
            }
            #expect(throws: Fault(GatewayFaults.messageTooLong)) {
                try channel.send(
                    step: 3, type: "sums", elements: 1,
                    payload: [UInt8](repeating: 1, count: WorkerSocket.maximumPayload + 1))
            }
            try channel.finish()
            #expect(channel.next == 43)
            try connection.finish(result: [1])
        }
    }

    @Test func whoeverWaitsForAPeerSaysNowAndThenThatItLives() async throws {
        try await withScript { gateway in
            try gateway.welcome(credit: 1_000)
            #expect(try gateway.next() == .progress(done: 3, total: 9))
            #expect(try gateway.next() == .channel(.init(number: 1, direction: .in, peer: "bank", next: 0, credit: 64)))
            for _ in 0..<3 { #expect(try gateway.next() == .progress(done: 3, total: 9)) }
            try gateway.send(.end(channel: 1, next: 0))
            while case .progress = try gateway.next() {}
        } worker: { path in
            let connection = try WorkerConnection.connect(
                path: path, token: Self.token, job: "j", task: "t", epoch: 1, lifeSign: .milliseconds(20))
            try connection.progress(done: 3, total: 9)
            let channel = try connection.receiver(from: "bank", credit: 64)
            #expect(try channel.receive() == nil)
            try connection.finish(result: [])
        }
    }

    @Test func aReceiverAcknowledgesWhatItHasConsumed() async throws {
        try await withScript { gateway in
            try gateway.welcome(credit: 1_000)
            #expect(try gateway.next() == .channel(.init(number: 1, direction: .in, peer: "bank", next: 2, credit: 64)))
            for sequence in 2..<5 as Range<UInt64> {
                try gateway.send(
                    .frame(.init(channel: 1, step: 0, sequence: sequence, elements: 0, type: "a", payload: [7])))
            }
            try gateway.send(.end(channel: 1, next: 5))
            var consumed: UInt64 = 0
            while consumed < 3 * UInt64(WorkerSocket.cost(ofPayload: 1)) {
                guard case .ack(1, let next, let credit) = try gateway.next() else { return }
                consumed += credit
                #expect(next <= 5)
            }
            #expect(consumed == 3 * UInt64(WorkerSocket.cost(ofPayload: 1)))
        } worker: { path in
            let connection = try WorkerConnection.connect(path: path, token: Self.token, job: "j", task: "t", epoch: 1)
            let channel = try connection.receiver(from: "bank", from: 2, credit: 64)
            var sequences: [UInt64] = []
            while let frame = try channel.receive() { sequences.append(frame.sequence) }
            #expect(sequences == [2, 3, 4])
            #expect(channel.next == 5)
        }
    }

    @Test func theGatewaysReasonReachesEveryCall() async throws {
        try await withScript { gateway in
            try gateway.welcome(credit: 1)
            _ = try gateway.next()
            try gateway.send(.fault(number: GatewayFaults.jobClosed.number.rawValue, text: "closed by its owner"))
        } worker: { path in
            let connection = try WorkerConnection.connect(path: path, token: Self.token, job: "j", task: "t", epoch: 1)
            let channel = try connection.receiver(from: "bank")
            #expect(throws: Fault(GatewayFaults.jobClosed)) { _ = try channel.receive() }
            #expect(throws: Fault(GatewayFaults.jobClosed)) { try connection.checkpoint([1], unit: 1) }
            #expect(throws: Fault(GatewayFaults.jobClosed)) { _ = try connection.sender(to: "bank") }
        }
    }

    @Test func cancellingFreesABlockedCall() async throws {
        try await withScript { gateway in
            try gateway.welcome(credit: 1)
            while try gateway.next() != nil {}
        } worker: { path in
            let connection = try WorkerConnection.connect(path: path, token: Self.token, job: "j", task: "t", epoch: 1)
            let channel = try connection.receiver(from: "bank")
            let canceller = PlainThread { connection.cancel() }
            #expect(throws: Fault(GatewayFaults.cancelled)) { _ = try channel.receive() }
            canceller.join()
        }
    }

    @Test func checkpointsGoOverInPartsAndComeBackAtTheStart() async throws {
        let big = [UInt8](repeating: 3, count: WorkerSocket.maximumPayload + 10)
        try await withScript { gateway in
            _ = try gateway.next()
            try gateway.send(.welcome(version: WorkerSocket.version, credit: 1))
            try gateway.send(.checkpoint(unit: 6, isLast: false, bytes: [1, 2]))
            try gateway.send(.checkpoint(unit: 6, isLast: true, bytes: [3]))
            #expect(try gateway.next() == .progress(done: 1, total: 2))
            #expect(try gateway.next() == .log(level: 2, text: "half"))
            guard case .checkpoint(7, false, let first) = try gateway.next(),
                case .checkpoint(7, true, let second) = try gateway.next()
            else {
                Issue.record("not two parts")
                return
            }
            #expect(first + second == big)
            try gateway.send(.ack(channel: 0, next: 7, credit: 0))
        } worker: { path in
            let connection = try WorkerConnection.connect(path: path, token: Self.token, job: "j", task: "t", epoch: 1)
            #expect(connection.lastCheckpoint == [1, 2, 3] && connection.lastUnit == 6)
            try connection.progress(done: 1, total: 2)
            try connection.log(level: 2, "half")
            try connection.checkpoint(big, unit: 7)
        }
    }

    @Test func aPathThatCannotBeIsRefused() {
        let long = "/tmp/" + String(repeating: "a", count: 200)
        #expect(throws: Fault(GatewayFaults.socketUnusable)) { _ = try UnixListener(long) }
        #expect(throws: Fault(GatewayFaults.socketUnusable)) { _ = try UnixSocket.connect("") }
        #expect(throws: Fault(GatewayFaults.socketUnusable)) { _ = try UnixSocket.connect("/tmp/\(UUID()).sock") }
    }

    @Test func theSocketIsForItsUserAloneAndNobodyElseTakesItsPlace() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let listener = try UnixListener(folder + "/s")
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/s")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: Fault(GatewayFaults.socketUnusable)) { _ = try UnixListener(folder + "/s") }
        listener.stop()
        #expect(!FileManager.default.fileExists(atPath: folder + "/s"))
        // What a dead process left does not stand in the way.
        _ = try UnixListener(folder + "/s")
        try UnixListener(folder + "/s").stop()
    }
}

/// A gateway that does what the test says.
struct ScriptedGateway {
    private let socket: UnixSocket
    private let reader: Box

    private final class Box {
        var reader: MessageReader<SocketSource>
        init(_ reader: MessageReader<SocketSource>) { self.reader = reader }
    }

    init(_ socket: UnixSocket) {
        self.socket = socket
        reader = Box(MessageReader(SocketSource(socket)))
    }

    func next() throws -> WorkerMessage? { try reader.reader.next() }

    func send(_ message: WorkerMessage) throws {
        let (head, body) = message.encoded()
        try socket.write(head, body)
    }

    func welcome(credit: UInt64) throws {
        guard case .hello(let hello) = try next() else { return }
        #expect(hello.version == WorkerSocket.version && hello.job == "j" && hello.task == "t" && hello.epoch == 1)
        try send(.welcome(version: WorkerSocket.version, credit: credit))
        try send(.checkpoint(unit: 0, isLast: true, bytes: []))
    }
}

func temporaryFolder() throws -> String {
    let folder = NSTemporaryDirectory() + "atoll-" + UUID().uuidString.prefix(8)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}

/// Runs both ends on threads of their own.
func withScript(
    _ script: @escaping @Sendable (ScriptedGateway) throws -> Void, worker: @escaping @Sendable (String) throws -> Void
) async throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let listener = try UnixListener(folder + "/s")
    async let served: Void = onThread {
        guard let socket = listener.accept() else { return }
        defer { socket.shutDown() }
        try script(ScriptedGateway(socket))
    }
    async let worked: Void = onThread { try worker(folder + "/s") }
    try await worked
    try await served
    listener.stop()
}

func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        _ = PlainThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
