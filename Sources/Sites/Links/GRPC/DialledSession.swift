import Faults
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Ledger
import Resources

/// The dialling side's part of a session: from the handshake to the farewell.
struct DialledSession {
    let connection: DialledConnection
    let directory: any PeerDirectory
    let peer: SiteID
    let terms: LinkTerms
    let budget: ByteBudget
    let now: @Sendable () -> Timestamp

    /// Starts the session, which lives in a task of its own until the link is closed or lost: a link outlives the call
    /// that dialled it. The link ends the task in `close` and when nobody holds it any more.
    ///
    /// - Throws: the fault of the layer that failed; `CancellationError`.
    func open() async throws -> any Link {
        let opened = Latch<Result<GRPCLink, any Error>>()
        let end = Latch<LinkEnd>()
        let over = Latch<Void>()
        let session = Task {
            await run(opened, end)
            over.set(())
        }
        guard let outcome = await opened.wait(), !Task.isCancelled else {
            session.cancel()
            throw CancellationError()
        }
        switch outcome {
        case .success(let link):
            return HeldLink(link)
        case .failure(let error):
            // Whoever answered with a refusal hangs up; this side does not wait for it.
            session.cancel()
            throw error
        }
    }

    private enum Part {
        case connection, call, ending
    }

    private func run(_ opened: Latch<Result<GRPCLink, any Error>>, _ end: Latch<LinkEnd>) async {
        let client = GRPCClient(transport: connection.transport)
        await withTaskGroup(of: Part.self) { group in
            group.addTask {
                try? await client.runConnections()
                return .connection
            }
            group.addTask {
                do {
                    _ = try await connection.proven()
                    try await call(client, opened, end)
                } catch {
                    let fault = (error as? Fault) ?? connection.proof.objection
                    opened.set(.failure(fault ?? Fault(LinkFaults.lost, "The connection broke.")))
                }
                client.beginGracefulShutdown()
                return .call
            }
            group.addTask {
                // The farewell and the other side's answer to it have this long.
                _ = await end.wait()
                try? await Task.sleep(for: .seconds(2))
                return .ending
            }
            for await part in group where part != .connection {
                group.cancelAll()
            }
        }
        if case .success(let link) = opened.value {
            link.finish(LinkEnd(reason: Fault(LinkFaults.lost), isLocal: false))
            link.over.set(())
        }
    }

    private func call(
        _ client: GRPCClient<HTTP2ClientTransport.WrappedChannel>, _ opened: Latch<Result<GRPCLink, any Error>>,
        _ end: Latch<LinkEnd>
    ) async throws {
        let writing = Latch<RPCWriter<Packet>>()
        let hello = try EnvelopeCodec.packet(.hello(greeting))
        let request = StreamingClientRequest<Packet> { writer in
            try await writer.write(hello)
            writing.set(writer)
            if let ended = await end.wait(), ended.isLocal {
                try await writer.write(EnvelopeCodec.packet(ended.farewell))
            }
        }
        try await client.bidirectionalStreaming(
            request: request, descriptor: Atoll_Federation_V1_Federation.Method.Link.descriptor,
            serializer: PacketSerializer(), deserializer: EnvelopeDeserializer(), options: GRPCSettings.call
        ) { response in
            var messages = response.messages.makeAsyncIterator()
            let first: Envelope?
            do {
                first = try await messages.next(isolation: #isolation)
            } catch {
                let broken = LinkEnd.broken(by: error)
                opened.set(.failure(connection.proof.objection ?? broken.reason ?? Fault(LinkFaults.lost)))
                end.set(broken)
                return
            }
            guard let writer = await writing.wait() else { return }
            let link: GRPCLink
            do {
                link = try open(first, writer, end)
            } catch {
                opened.set(.failure(error))
                end.set(LinkEnd(reason: (error as? Fault) ?? Fault(LinkFaults.lost), isLocal: true))
                return
            }
            opened.set(.success(link))
            await link.read(&messages)
        }
    }

    private var greeting: Hello {
        Hello(versions: terms.versions, build: terms.build, clock: UInt64(clamping: now().milliseconds))
    }

    /// - Throws: the other side's refusal; `LinkFaults.noVersion`, which both sides find; `LinkFaults.malformed`;
    ///   `JoiningFaults.peerUnknown`, `.leafReplaced` when this side does not take the other.
    private func open(
        _ first: Envelope?, _ writer: RPCWriter<Packet>, _ end: Latch<LinkEnd>
    ) throws -> GRPCLink {
        switch first {
        case .hello(let hello):
            guard let identity = connection.proof.identity else { throw Fault(LinkFaults.handshake) }
            _ = try directory.admit(identity)
            let version = try terms.agree(with: hello.versions)
            return GRPCLink(
                peer: peer, version: version, isDialled: true, writer: writer, budget: budget, end: end)
        case .bye(let number, let text):
            throw RemoteFault.fault(number: number, text: text, at: "peer \(peer.short)")
        case .message:
            throw malformed("message", wanted: "a greeting first")
        case nil:
            throw Fault(LinkFaults.lost, "The peer hung up without a greeting.")
        }
    }
}
