import Faults
import Foundation
import Ledger
import Logging
import Resources
import Sites
import Synchronization

/// A link between two sites of this process: real sockets, real identities.
struct LinkPair {
    /// The dialling site's, for the bare stream beside it.
    let identity: SiteIdentity
    let dialled: any Link
    let accepted: any Link

    static func with(_ body: (LinkPair) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-link-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try SiteIdentity.open(folder: folder.appending(path: "one").path, now: .now)
        let two = try SiteIdentity.open(folder: folder.appending(path: "two").path, now: .now)
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let door = Door()
        let listener = GRPCListener(
            host: "127.0.0.1", port: 0, identity: two, directory: OnePeer(site: one.id), acceptor: door,
            terms: LinkTerms(build: "bench"), logger: logger)
        let serving = Task { try await listener.run() }
        defer { serving.cancel() }
        guard let port = await listener.boundPort() else { throw Fault(ProgramFaults.listen) }
        let transport = GRPCTransport(
            identity: one, directory: OnePeer(site: two.id), terms: LinkTerms(build: "bench"), logger: logger)
        let dialled = try await transport.dial("127.0.0.1:\(port)", peer: two.id, tuning: .standard)
        for await accepted in door.links {
            try await body(LinkPair(identity: one, dialled: dialled, accepted: accepted))
            break
        }
        await dialled.close(nil)
    }

    /// Seconds from the first frame to the arrival of the last.
    func send(frames: Int, size: Int) async throws -> Double {
        let payload = [UInt8](repeating: 7, count: size)
        let (dialled, accepted) = (dialled, accepted)
        let clock = ContinuousClock()
        let start = clock.now
        async let sending: Void = {
            for number in 0..<frames {
                let frame = Frame(
                    channel: ChannelID(job: "bench", task: "bench", epoch: 1), step: 1, sequence: UInt64(number),
                    attempt: 1, messageType: "bench.block", elements: 1, salt: [UInt8](repeating: 1, count: 16),
                    payload: payload)
                try await dialled.send(.frame(frame))
            }
        }()
        var arrived = 0
        for await _ in accepted.messages {
            arrived += 1
            if arrived == frames { break }
        }
        try await sending
        guard arrived == frames else { throw Fault(LinkFaults.lost) }
        return start.duration(to: clock.now) / .seconds(1)
    }

    /// Seconds of each of `count` requests with their answers, one after the other.
    func roundTrips(_ count: Int, size: Int) async throws -> [Double] {
        let (dialled, accepted) = (dialled, accepted)
        let body = [UInt8](repeating: 7, count: size)
        async let answering: Void = {
            var left = count
            for await message in accepted.messages {
                guard case .request(let id, _, let body) = message else { continue }
                try await accepted.send(.response(id: id, number: 0, body: body))
                left -= 1
                if left == 0 { break }
            }
        }()
        var times: [Double] = []
        let clock = ContinuousClock()
        var answers = dialled.messages.makeAsyncIterator()
        for number in 0..<count {
            let start = clock.now
            try await dialled.send(.request(id: UInt64(number), method: "bench", body: body))
            guard await answers.next() != nil else { throw Fault(LinkFaults.lost) }
            times.append(start.duration(to: clock.now) / .seconds(1))
        }
        try await answering
        return times
    }
}

private struct OnePeer: PeerDirectory {
    let site: SiteID

    func find(_ site: SiteID) -> KnownPeer? {
        site == self.site ? KnownPeer(site: site, name: "peer", newestLeaf: 0) : nil
    }

    func sawLeaf(_ serial: UInt64, of site: SiteID) {}
}

private struct Door: LinkAcceptor {
    let links: AsyncStream<any Link>
    private let arriving: AsyncStream<any Link>.Continuation

    init() {
        (links, arriving) = AsyncStream.makeStream()
    }

    func accept(_ link: any Link) async {
        arriving.yield(link)
        // Until the session is over.
        try? await Task.sleep(for: .seconds(3600))
    }

    func join(_ request: [UInt8], root: SiteID, session: JoinSession) async throws -> [UInt8] {
        throw Fault(JoiningFaults.peerUnknown)
    }
}
