import Faults
import GRPCCore
import Ledger
import Resources
import ServiceLifecycle

@testable import Sites

/// A peer with a right certificate that sends whatever bytes it wants.
enum RawSession {
    /// Opens a session, sends the bytes after the greeting, and returns the number of the farewell.
    static func talk(
        to address: String, as site: FederationSite, pin: SiteID, greeting: Bool = true, after bytes: [UInt8]
    ) async throws -> UInt32? {
        let connection = try await DialledConnection.open(
            HostAndPort(dialling: address), pin: .site(pin), tls: LinkTLS(identity: site.identity, now: { .now }),
            tuning: .standard, keepAlive: .standard
        ) { _ in }
        let client = GRPCClient(transport: connection.transport)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await client.runConnections() }
            defer { group.cancelAll() }
            let hello = try EnvelopeCodec.packet(.hello(Hello(versions: 1...1, build: "raw", clock: 0)))
            let done = Latch<Void>()
            let request = StreamingClientRequest<Packet> { writer in
                if greeting { try await writer.write(hello) }
                try await writer.write(Packet(head: bytes, payload: []))
                _ = await done.wait()
            }
            return try await client.bidirectionalStreaming(
                request: request, descriptor: Atoll_Federation_V1_Federation.Method.Link.descriptor,
                serializer: PacketSerializer(), deserializer: EnvelopeDeserializer(), options: GRPCSettings.call
            ) { response in
                defer { done.set(()) }
                for try await envelope in response.messages {
                    if case .bye(let number, _) = envelope { return number }
                }
                return nil
            }
        }
    }
}

/// Runs a service until it is told to stop gracefully.
enum Stopping {
    static func run(
        _ service: some Service,
        _ body: @escaping @Sendable (_ stop: @escaping @Sendable () -> Void) async throws -> Void
    ) async throws {
        let group = ServiceGroup(services: [service], logger: FederationSite.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let stop = Latch<Void>()
            tasks.addTask {
                _ = await stop.wait()
                await group.triggerGracefulShutdown()
            }
            try await body { stop.set(()) }
            try await tasks.waitForAll()
        }
    }
}
