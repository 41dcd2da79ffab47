import Faults
import GRPCCore
import GRPCNIOTransportHTTP2Posix
public import Ledger
public import Logging
import NIOCore
public import Resources
import SwiftProtobuf

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Dials other sites: gRPC over mutual TLS 1.3, one TCP connection for each link.
public final class GRPCTransport: LinkTransport, JoinTransport {
    private let tls: LinkTLS
    private let directory: any PeerDirectory
    private let terms: LinkTerms
    private let keepAlive: LinkKeepAlive
    private let now: @Sendable () -> Timestamp
    private let logger: Logger

    public convenience init(
        identity: SiteIdentity, directory: any PeerDirectory, terms: LinkTerms, logger: Logger,
        now: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        self.init(
            identity: identity, directory: directory, terms: terms, logger: logger, keepAlive: .standard, now: now)
    }

    init(
        identity: SiteIdentity, directory: any PeerDirectory, terms: LinkTerms, logger: Logger,
        keepAlive: LinkKeepAlive, now: @escaping @Sendable () -> Timestamp
    ) {
        tls = LinkTLS(identity: identity, keepAlive: keepAlive, now: now)
        self.directory = directory
        self.terms = terms
        self.keepAlive = keepAlive
        self.now = now
        self.logger = logger
    }

    public func dial(_ address: String, peer: SiteID, tuning: LinkTuning) async throws -> any Link {
        let place = try HostAndPort(dialling: address)
        do {
            return try await withDeadline { try await self.openLink(place, peer, tuning) }
        } catch {
            throw refused(error, place)
        }
    }

    public func exchange(
        address: String, pin: SiteID, makeRequest: @escaping @Sendable (JoinSession) throws -> [UInt8]
    ) async throws -> [UInt8] {
        let place = try HostAndPort(dialling: address)
        do {
            return try await withDeadline { try await self.askToJoin(place, pin, makeRequest) }
        } catch {
            throw refused(error, place)
        }
    }

    private func openLink(_ address: HostAndPort, _ peer: SiteID, _ tuning: LinkTuning) async throws -> any Link {
        let budget = ByteBudget(limit: LinkLimits.waiting)
        let connection = try await DialledConnection.open(
            address, pin: .site(peer), tls: tls, tuning: tuning, keepAlive: keepAlive
        ) { channel in
            // A stream that cannot be tapped is already closed.
            try? channel.pipeline.syncOperations.addHandler(
                StreamTap(budget: budget, mark: nil, lost: Fault(LinkFaults.lost)), position: .first)
        }
        let session = DialledSession(
            connection: connection, directory: directory, peer: peer, terms: terms, budget: budget, now: now)
        return try await session.open()
    }

    private func askToJoin(
        _ address: HostAndPort, _ pin: SiteID, _ makeRequest: @escaping @Sendable (JoinSession) throws -> [UInt8]
    ) async throws -> [UInt8] {
        let connection = try await DialledConnection.open(
            address, pin: .site(pin), tls: tls, tuning: .standard, keepAlive: keepAlive
        ) { _ in }
        let client = GRPCClient(transport: connection.transport)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            // Also when the handshake fails: the connection is closed by whoever runs it.
            group.addTask { try? await client.runConnections() }
            defer { group.cancelAll() }
            let identity = try await connection.proven()
            let session = JoinSession(ownLeaf: connection.proof.ownLeaf, otherLeaf: identity.leafFingerprint)
            let body = try makeRequest(session)
            let reply = try await client.unary(
                request: ClientRequest(message: Atoll_Federation_V1_JoinRequest.with { $0.body = Data(body) }),
                descriptor: Atoll_Federation_V1_Federation.Method.Join.descriptor,
                serializer: JoinCoding<Atoll_Federation_V1_JoinRequest>(),
                deserializer: JoinCoding<Atoll_Federation_V1_JoinReply>(), options: GRPCSettings.call
            ) { response in try response.message }
            client.beginGracefulShutdown()
            guard reply.number == 0 else {
                throw RemoteFault.fault(number: reply.number, text: reply.text, at: address.description)
            }
            return [UInt8](reply.body)
        }
    }

    /// Every step together has as long as a handshake and a greeting may take.
    private func withDeadline<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: LinkLimits.opening * 2)
                throw Fault(LinkFaults.silent)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private func refused(_ error: any Error, _ address: HostAndPort) -> any Error {
        if error is CancellationError { return error }
        let fault = (error as? Fault) ?? Fault(LinkFaults.lost, "The connection broke.", at: address.description)
        LinkMeters.refused(fault)
        logger.info(
            "dialling failed",
            metadata: ["address": "\(address)", "fault": "\(fault.number)", "reason": "\(fault.what)"])
        return fault
    }
}
