import Faults
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Between the values that the site works with and the generated types, which stay in this folder. What comes from the
/// wire is checked in every field: lengths, names, and that nothing is missing.
extension Envelope {
    typealias Wire = Atoll_Federation_V1_LinkEnvelope

    /// The generated form.
    func wire() -> Wire {
        var wire = Wire()
        wire.message =
            switch self {
            case .hello(let hello): .hello(Self.wire(hello))
            case .bye(let number, let text):
                .bye(
                    .with {
                        $0.number = number
                        $0.text = text
                    })
            case .message(let message): Self.wire(message)
            }
        return wire
    }

    /// - Throws: `LinkFaults.malformed`, which says which field is wrong and never what was in it.
    init(_ wire: Wire) throws(Fault) {
        guard let message = wire.message else { throw malformed("message", wanted: "one of the messages") }
        self =
            switch message {
            case .hello(let hello): .hello(try Self.hello(hello))
            case .bye(let bye): .bye(number: bye.number, text: try checked(text: bye.text, "bye.text"))
            case .frame(let frame):
                .message(.frame(try Self.frame(frame.header, payload: [UInt8](frame.payload))))
            case .ready(let ready):
                .message(.ready(try Self.channel(ready.channel), next: ready.next, credit: ready.credit))
            case .acknowledge(let acknowledge):
                .message(
                    .acknowledge(
                        try Self.channel(acknowledge.channel), next: acknowledge.next, credit: acknowledge.credit))
            case .end(let end):
                .message(.end(try Self.channel(end.channel), next: end.next))
            case .refuse(let refuse):
                .message(try Self.refuse(refuse))
            case .request(let request):
                .message(try Self.request(request))
            case .response(let response):
                .message(
                    .response(
                        id: response.id, number: response.number,
                        body: try checked(body: response.body, "response.body")))
            }
    }

    /// - Throws: `LinkFaults.malformed`.
    static func frame(_ header: Atoll_Federation_V1_FrameHeader, payload: [UInt8]) throws(Fault) -> Frame {
        guard header.salt.count == LinkLimits.salt else {
            throw malformed("frame.header.salt", wanted: "\(LinkLimits.salt) bytes")
        }
        guard header.attempt > 0 else { throw malformed("frame.header.attempt", wanted: "1 or more") }
        guard payload.count <= LinkLimits.payload else {
            throw malformed("frame.payload", wanted: "at most \(LinkLimits.payload) bytes")
        }
        let channel = try channel(header.channel)
        let type = try checked(name: header.messageType, "frame.header.message_type")
        return Frame(
            channel: channel, step: header.step, sequence: header.sequence, attempt: header.attempt,
            messageType: type, elements: header.elements, salt: [UInt8](header.salt), payload: payload)
    }

    static func header(_ frame: Frame) -> Atoll_Federation_V1_FrameHeader {
        .with {
            $0.channel = wire(frame.channel)
            $0.step = frame.step
            $0.sequence = frame.sequence
            $0.attempt = frame.attempt
            $0.messageType = frame.messageType
            $0.elements = frame.elements
            $0.salt = Data(frame.salt)
        }
    }

    private static func wire(_ message: LinkMessage) -> Wire.OneOf_Message {
        switch message {
        case .frame(let frame):
            .frame(
                .with {
                    $0.header = header(frame)
                    $0.payload = Data(frame.payload)
                })
        case .ready(let id, let next, let credit):
            .ready(
                .with {
                    $0.channel = wire(id)
                    $0.next = next
                    $0.credit = credit
                })
        case .acknowledge(let id, let next, let credit):
            .acknowledge(
                .with {
                    $0.channel = wire(id)
                    $0.next = next
                    $0.credit = credit
                })
        case .end(let id, let next):
            .end(
                .with {
                    $0.channel = wire(id)
                    $0.next = next
                })
        case .refuse(let id, let number, let text):
            .refuse(
                .with {
                    $0.channel = wire(id)
                    $0.number = number
                    $0.text = RemoteFault.readable(text)
                })
        case .request(let id, let method, let body):
            .request(
                .with {
                    $0.id = id
                    $0.method = method
                    $0.body = Data(body)
                })
        case .response(let id, let number, let body):
            .response(
                .with {
                    $0.id = id
                    $0.number = number
                    $0.body = Data(body)
                })
        }
    }

    private static func wire(_ hello: Hello) -> Atoll_Federation_V1_Hello {
        .with {
            $0.min = hello.versions.lowerBound
            $0.max = hello.versions.upperBound
            $0.build = hello.build
            $0.clock = hello.clock
        }
    }

    private static func wire(_ id: ChannelID) -> Atoll_Federation_V1_Channel {
        .with {
            $0.job = id.job
            $0.task = id.task
            $0.epoch = id.epoch
        }
    }

    private static func hello(_ hello: Atoll_Federation_V1_Hello) throws(Fault) -> Hello {
        guard hello.min > 0, hello.min <= hello.max else {
            throw malformed("hello", wanted: "versions from 1, the lowest first")
        }
        guard hello.build.utf8.count <= LinkLimits.name else {
            throw malformed("hello.build", wanted: "at most \(LinkLimits.name) bytes")
        }
        return Hello(
            versions: hello.min...hello.max, build: RemoteFault.readable(hello.build), clock: hello.clock)
    }

    private static func channel(_ wire: Atoll_Federation_V1_Channel) throws(Fault) -> ChannelID {
        ChannelID(
            job: try checked(name: wire.job, "channel.job"), task: try checked(name: wire.task, "channel.task"),
            epoch: wire.epoch)
    }

    private static func refuse(_ wire: Atoll_Federation_V1_Refuse) throws(Fault) -> LinkMessage {
        .refuse(
            try channel(wire.channel), number: wire.number, text: try checked(text: wire.text, "refuse.text"))
    }

    private static func request(_ wire: Atoll_Federation_V1_Request) throws(Fault) -> LinkMessage {
        .request(
            id: wire.id, method: try checked(name: wire.method, "request.method"),
            body: try checked(body: wire.body, "request.body"))
    }
}

/// Letters, digits and `.-_/:`, so that a name can stand in a log line and in a ledger as it is.
private func checked(name: String, _ field: String) throws(Fault) -> String {
    guard LinkLimits.isName(name) else {
        throw malformed(field, wanted: "1 to \(LinkLimits.name) letters, digits, and marks of .-_/:")
    }
    return name
}

private func checked(text: String, _ field: String) throws(Fault) -> String {
    guard text.utf8.count <= LinkLimits.text else {
        throw malformed(field, wanted: "at most \(LinkLimits.text) bytes")
    }
    return RemoteFault.readable(text)
}

private func checked(body: Data, _ field: String) throws(Fault) -> [UInt8] {
    guard body.count <= LinkLimits.payload else {
        throw malformed(field, wanted: "at most \(LinkLimits.payload) bytes")
    }
    return [UInt8](body)
}

func malformed(_ field: String, wanted: String) -> Fault {
    Fault(LinkFaults.malformed, "The field \(field) of a message is wrong.", at: field, wanted: wanted)
}
