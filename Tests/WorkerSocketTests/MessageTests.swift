import Faults
import Testing
import WorkerSocket

@Suite struct MessageTests {
    @Test(arguments: WorkerMessage.examples)
    func everyMessageReadsBackHoweverItIsCut(_ message: WorkerMessage) throws {
        let bytes = message.bytes + message.bytes
        for size in [1, 2, 3, 7, 64, 1 << 20] {
            var reader = MessageReader(Pieces(bytes, size: size))
            #expect(try reader.next() == message)
            #expect(try reader.next() == message)
            #expect(try reader.next() == nil)
        }
    }

    @Test func aPayloadOfFourMebibytesPassesAndOneByteMoreIsRefusedByItsLengthAlone() throws {
        let payload = [UInt8](repeating: 7, count: WorkerSocket.maximumPayload)
        let frame = WorkerMessage.frame(
            WorkerFrame(channel: 1, step: 0, sequence: 0, elements: 1, type: "t", payload: payload))
        var reader = MessageReader(Pieces(frame.bytes, size: 1 << 16))
        #expect(try reader.next() == frame)
        var head = frame.encoded().head
        head[3] += 1
        #expect(throws: Fault(GatewayFaults.messageTooLong)) {
            var reader = MessageReader(Pieces(head, size: 100))
            _ = try reader.next()
        }
    }

    @Test(
        arguments: [
            // Length 0: no kind.
            ([0, 0, 0, 0, 2], GatewayFaults.malformedMessage),
            ([0, 0, 0, 1, 0], GatewayFaults.unknownMessage),
            // The kind that is kept for descriptors.
            ([0, 0, 0, 1, 8], GatewayFaults.unknownMessage),
            ([0, 0, 0, 2, 1, 9], GatewayFaults.unknownMessage),
            ([0, 0, 0, 2, 7, 9], GatewayFaults.unknownMessage),
            ([0, 0, 0, 1, 7], GatewayFaults.malformedMessage),
            ([0xFF, 0xFF, 0xFF, 0xFF, 2], GatewayFaults.messageTooLong),
            ([0, 0, 0, 22, 3], GatewayFaults.messageTooLong),
            // An acknowledgement that is too short, and progress with bytes too many.
            ([0, 0, 0, 5, 3, 0, 0, 0, 1], GatewayFaults.malformedMessage),
            ([0, 0, 0, 18, 4] + [UInt8](repeating: 0, count: 17), GatewayFaults.malformedMessage),
            // A log line of level 7, and one that is not UTF-8.
            ([0, 0, 0, 2, 5, 7], GatewayFaults.malformedMessage),
            ([0, 0, 0, 3, 5, 1, 0xFF], GatewayFaults.malformedMessage),
            // A channel with number 0.
            ([0, 0, 0, 24, 1, 3] + [UInt8](repeating: 0, count: 22), GatewayFaults.malformedMessage),
            // A frame on channel 0, one whose type is longer than the message, one with a capital letter.
            ([0, 0, 0, 27, 2] + [UInt8](repeating: 0, count: 24) + [1, 0x61], GatewayFaults.malformedMessage),
            (
                [0, 0, 0, 27, 2, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 20) + [2, 0x61],
                GatewayFaults.malformedMessage
            ),
            (
                [0, 0, 0, 27, 2, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 20) + [1, 0x41],
                GatewayFaults.malformedMessage
            ),
            // A checkpoint that is neither last nor not.
            ([0, 0, 0, 10, 6] + [UInt8](repeating: 0, count: 8) + [2], GatewayFaults.malformedMessage),
            // An end in the middle.
            ([0, 0, 0, 21, 3, 0, 0], GatewayFaults.socketLost),
            ([0, 0], GatewayFaults.socketLost),
        ] as [([UInt8], FaultEntry)])
    func whatIsNotAMessageIsRefusedByItsNumber(_ bytes: [UInt8], _ entry: FaultEntry) {
        #expect(throws: Fault(entry)) {
            var reader = MessageReader(Pieces(bytes, size: 64))
            _ = try reader.next()
        }
    }

    @Test func aTextThatIsTooLongIsCutAtACharacter() throws {
        for text in ["é", "語", "🏦", "a"].map({ String(repeating: $0, count: 9_000) }) {
            var reader = MessageReader(Pieces(WorkerMessage.log(level: 1, text: text).bytes, size: 1 << 16))
            guard case .log(_, let cut) = try reader.next() else { throw Fault(GatewayFaults.unknownMessage) }
            #expect(text.hasPrefix(cut))
            #expect(cut.utf8.count <= WorkerSocket.maximumText && cut.utf8.count >= WorkerSocket.maximumText - 4)
        }
    }

    @Test func damagedMessagesEndInAValueOrAFault() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3_000 {
            var bytes = WorkerMessage.examples.randomElement(using: &random)!.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                case 1: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                default: bytes.append(.random(in: 0...255, using: &random))
                }
            }
            var reader = MessageReader(Pieces(bytes, size: Int.random(in: 1...64, using: &random)))
            do {
                while let message = try reader.next() {
                    // What was taken is written back to the same bytes, so there is one form for each message.
                    let written = message.bytes
                    #expect(bytes.starts(with: written), "\(bytes)")
                    bytes.removeFirst(min(bytes.count, written.count))
                }
            } catch {
                #expect(error is Fault)
            }
        }
    }
}

/// Bytes in pieces of at most a size.
struct Pieces: ByteSource {
    private var bytes: ArraySlice<UInt8>
    private let size: Int

    init(_ bytes: [UInt8], size: Int) {
        self.bytes = bytes[...]
        self.size = size
    }

    mutating func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        let piece = bytes.prefix(min(size, target.count))
        target.copyBytes(from: piece)
        bytes = bytes.dropFirst(piece.count)
        return piece.count
    }
}

extension WorkerMessage {
    var bytes: [UInt8] {
        let (head, body) = encoded()
        return head + body
    }

    static let examples: [WorkerMessage] = [
        .hello(
            WorkerHello(
                version: 3, token: (0..<32).map { UInt8($0) }, epoch: 1 << 60, job: "01JOB", task: "align")),
        .welcome(version: 1, credit: 1 << 21),
        .channel(
            WorkerChannel(
                number: 1, direction: .out, peer: String(repeating: "a", count: 52), next: 7)),
        .channel(WorkerChannel(number: .max, direction: .in, peer: "p", next: .max, credit: 9)),
        .frame(WorkerFrame(channel: 1, step: 2, sequence: 3, elements: 4, type: "bins.sums", payload: [1, 2, 3])),
        .frame(WorkerFrame(channel: 9, step: .max, sequence: .max, elements: .max, type: "a", payload: [])),
        .ack(channel: 0, next: 1, credit: 2),
        .progress(done: 1, total: 2),
        .log(level: 6, text: "完成 ✓"),
        .log(level: 0, text: ""),
        .checkpoint(unit: 5, isLast: true, bytes: [UInt8](repeating: 1, count: 100)),
        .checkpoint(unit: 5, isLast: false, bytes: []),
        .end(channel: 3, next: 4),
        .done(result: [9]),
        .done(result: []),
        .fault(number: 3_060, text: "no such job"),
    ]
}
