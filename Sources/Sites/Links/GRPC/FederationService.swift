import Faults
import GRPCCore
import Ledger
import Logging
import Resources
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The accepting side: `Link` and `Join` of `Protos/federation.proto`.
struct FederationService: RegistrableRPCService {
    let directory: any PeerDirectory
    let acceptor: any LinkAcceptor
    let terms: LinkTerms
    let streams: AcceptedStreams
    /// Set when the site stops: every link is told so.
    let stopping: Latch<Void>
    let now: @Sendable () -> Timestamp
    let logger: Logger

    func registerMethods(with router: inout RPCRouter<some ServerTransport>) {
        router.registerHandler(
            forMethod: Atoll_Federation_V1_Federation.Method.Link.descriptor,
            deserializer: EnvelopeDeserializer(), serializer: PacketSerializer()
        ) { request, _ in
            let stream = try stream(of: request.metadata)
            let session = AcceptedSession(
                service: self, proof: stream.proof, budget: stream.budget, messages: request.messages)
            return StreamingServerResponse { writer in
                await session.run(writer)
                return [:]
            }
        }
        router.registerHandler(
            forMethod: Atoll_Federation_V1_Federation.Method.Join.descriptor,
            deserializer: JoinCoding<Atoll_Federation_V1_JoinRequest>(),
            serializer: JoinCoding<Atoll_Federation_V1_JoinReply>()
        ) { request, _ in
            let stream = try stream(of: request.metadata)
            var asked: Atoll_Federation_V1_JoinRequest?
            for try await message in request.messages {
                guard asked == nil else { throw RPCError(code: .invalidArgument, message: "one request") }
                asked = message
            }
            guard let asked else { throw RPCError(code: .invalidArgument, message: "no request") }
            let reply = await join(asked, stream.proof)
            return StreamingServerResponse(single: ServerResponse(message: reply))
        }
    }

    /// - Throws: `RPCError` without words: who gets here without a proven connection has come around TLS.
    private func stream(of metadata: GRPCCore.Metadata) throws -> AcceptedStreams.Stream {
        let marks = Array(metadata[stringValues: StreamTap.header])
        guard marks.count == 1, let stream = streams.take(marks[0]), stream.proof.identity != nil else {
            LinkMeters.refused(Fault(LinkFaults.handshake))
            throw RPCError(code: .unauthenticated, message: "")
        }
        return stream
    }

    private func join(
        _ request: Atoll_Federation_V1_JoinRequest, _ proof: ConnectionProof
    ) async -> Atoll_Federation_V1_JoinReply {
        do {
            guard let identity = proof.identity else { throw Fault(LinkFaults.handshake) }
            let session = JoinSession(ownLeaf: proof.ownLeaf, otherLeaf: identity.leafFingerprint)
            let body = try await acceptor.join([UInt8](request.body), root: identity.site, session: session)
            return .with { $0.body = Data(body) }
        } catch {
            let (number, text) = RemoteFault.told(error)
            if let fault = error as? Fault { LinkMeters.refused(fault) }
            logger.notice("joining refused", metadata: ["fault": "\(FaultNumber(rawValue: UInt16(number)))"])
            return .with {
                $0.number = number
                $0.text = text
            }
        }
    }
}
