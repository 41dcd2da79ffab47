import Faults
import Foundation
import Ledger
import ResourcesTestKit
import SitesTestKit
import SwiftProtobuf
import Testing

@testable import Sites

/// What crosses the wire is what the generated code reads and writes, and everything else is refused.
@Suite struct EnvelopeCodecTests {
    static let channel = ChannelID(job: "01J000000000000000000000JB", task: "align/left", epoch: 3)

    static let all: [LinkMessage] = [
        LinkSuite.frame(7, bytes: 0), LinkSuite.frame(8, bytes: 1), LinkSuite.frame(9, bytes: 127),
        LinkSuite.frame(10, bytes: 128), LinkSuite.frame(11, bytes: 70_000), LinkSuite.frame(12, bytes: 4 << 20),
        .ready(channel, next: 1, credit: 2), .acknowledge(channel, next: 3, credit: 4), .end(channel, next: 5),
        .refuse(channel, number: 3051, text: "not declared"),
        .request(id: 6, method: "probe.echo", body: [1, 2]), .response(id: 7, number: 3042, body: [3]),
    ]

    @Test func everyMessageIsReadAsItWasWritten() throws {
        for message in Self.all {
            #expect(try LinkWire.message(LinkWire.bytes(message)) == message)
        }
    }

    @Test func framesAreWhatTheGeneratedCodeWritesAndReads() throws {
        for message in Self.all {
            let ours = try LinkWire.bytes(message)
            let theirs: [UInt8] = try Envelope.message(message).wire().serializedBytes()
            #expect(ours == theirs)
        }
    }

    @Test func fieldsInAnotherOrderAndUnknownOnesAreReadToo() throws {
        let message = LinkSuite.frame(3, bytes: 40)
        guard case .frame(let frame) = message else { return }
        let header: [UInt8] = try Envelope.header(frame).serializedBytes()
        // Payload first, then an unknown field (number 15, one byte), then the header.
        let body = [0x12, 40] + frame.payload + [0x78, 1] + [0x0A, UInt8(header.count)] + header
        let length = [UInt8(body.count & 0x7F) | 0x80, UInt8(body.count >> 7)]
        #expect(try LinkWire.message([0x12] + length + body) == message)
    }

    @Test func everyFieldIsHeldToItsLimits() throws {
        var frame = Atoll_Federation_V1_FrameHeader.with {
            $0.channel = .with {
                $0.job = "job"
                $0.task = "task"
            }
            $0.attempt = 1
            $0.messageType = "type"
            $0.salt = Data(repeating: 1, count: 16)
        }
        func refusal(_ change: (inout Atoll_Federation_V1_FrameHeader) -> Void) throws -> Fault? {
            var changed = frame
            change(&changed)
            let bytes: [UInt8] = try Envelope.Wire.with { $0.frame = .with { $0.header = changed } }.serializedBytes()
            do {
                _ = try LinkWire.message(bytes)
                return nil
            } catch {
                return error as? Fault
            }
        }
        let untouched = try refusal { _ in }
        #expect(untouched == nil)
        let malformed = Fault(LinkFaults.malformed)
        #expect(try refusal { $0.salt = Data(repeating: 1, count: 15) } == malformed)
        #expect(try refusal { $0.salt = Data(repeating: 1, count: 17) } == malformed)
        #expect(try refusal { $0.attempt = 0 } == malformed)
        #expect(try refusal { $0.messageType = "" } == malformed)
        #expect(try refusal { $0.messageType = "line\nbreak" } == malformed)
        #expect(try refusal { $0.messageType = String(repeating: "a", count: 129) } == malformed)
        #expect(try refusal { $0.clearChannel() } == malformed)
        #expect(try refusal { $0.channel.job = "../x y" } == malformed)
        #expect(try refusal { $0.channel.task = "ж" } == malformed)
        frame.messageType = String(repeating: "a", count: 128)
        let longest = try refusal { _ in }
        #expect(longest == nil)
    }

    @Test func otherMessagesAreHeldToTheirLimits() throws {
        func refusal(_ message: Envelope.Wire.OneOf_Message?) throws -> Fault? {
            var wire = Envelope.Wire()
            wire.message = message
            let bytes: [UInt8] = try wire.serializedBytes()
            do {
                _ = try LinkWire.message(bytes)
                return nil
            } catch {
                return error as? Fault
            }
        }
        let malformed = Fault(LinkFaults.malformed)
        #expect(try refusal(nil) == malformed)
        #expect(try refusal(.hello(.init())) == malformed)
        #expect(
            try refusal(
                .hello(
                    .with {
                        $0.min = 3
                        $0.max = 2
                    })) == malformed)
        #expect(
            try refusal(
                .hello(
                    .with {
                        $0.min = 1
                        $0.max = 2
                    })) == nil)
        #expect(try refusal(.ready(.init())) == malformed)
        #expect(try refusal(.request(.with { $0.method = "" })) == malformed)
        #expect(try refusal(.request(.with { $0.method = "a b" })) == malformed)
        #expect(
            try refusal(
                .request(
                    .with {
                        $0.method = "a"
                        $0.body = Data(count: 4 << 20 + 1)
                    })) == malformed)
        #expect(try refusal(.bye(.with { $0.text = String(repeating: "x", count: 1025) })) == malformed)
    }

    @Test func textFromOutsideIsOneLine() {
        #expect(RemoteFault.readable("a\nb\u{202E}c\u{7}") == "a b c ")
        #expect(RemoteFault.readable(String(repeating: "é", count: 600)).utf8.count == 1024)
        let known = RemoteFault.fault(number: 3030, text: "gone\n", at: "peer")
        #expect(known.is(LinkFaults.lost) && known.what == "gone ")
        #expect(RemoteFault.fault(number: 3030, text: "", at: "peer").what == LinkFaults.lost.title)
        let unknown = RemoteFault.fault(number: 4_000_000, text: "odd", at: "peer")
        #expect(unknown.is(LinkFaults.remote) && unknown.what.contains("4000000"))
    }

    /// Whatever arrives ends in a message or in the one fault.
    @Test func noBytesHarmTheReader() throws {
        var random = SeededGenerator.printed(for: #function)
        let seeds = try Self.all.filter { $0 != LinkSuite.frame(12, bytes: 4 << 20) }.map { try LinkWire.bytes($0) }
        for round in 0..<20_000 {
            var bytes: [UInt8]
            if round % 4 == 0 {
                bytes = (0..<Int.random(in: 0..<200, using: &random)).map { _ in .random(in: 0...255, using: &random) }
            } else {
                bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
                if bytes.count > 300 { bytes.removeLast(bytes.count - 300) }
                for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes[place] = .random(in: 0...255, using: &random)
                    case 1: bytes.removeLast(bytes.count - place)
                    default: bytes.insert(.random(in: 0...255, using: &random), at: place)
                    }
                }
            }
            do {
                if let message = try LinkWire.message(bytes) {
                    #expect(try LinkWire.message(LinkWire.bytes(message)) == message)
                }
            } catch {
                #expect((error as? Fault)?.is(LinkFaults.malformed) == true)
            }
        }
    }

    @Test func aMessageAboveTheLimitIsRefusedUnread() {
        #expect(throws: Fault(LinkFaults.malformed)) {
            _ = try LinkWire.message([UInt8](repeating: 0, count: LinkLimits.message + 1))
        }
    }

    @Test func joiningHasALimitToo() throws {
        let coding = JoinCoding<Atoll_Federation_V1_JoinRequest>()
        let bytes = CodingBytes([0x0A, 3, 1, 2, 3])
        #expect(try [UInt8](coding.deserialize(bytes).body) == [1, 2, 3])
        let large = CodingBytes([UInt8](repeating: 0, count: JoinCoding<Atoll_Federation_V1_JoinRequest>.largest + 1))
        #expect(throws: Fault(LinkFaults.malformed)) { _ = try coding.deserialize(large) }
        #expect(throws: Fault(LinkFaults.malformed)) { _ = try coding.deserialize(CodingBytes([0x0A, 200])) }
    }
}
