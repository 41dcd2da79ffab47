import Faults
import Ledger
import NIOCore
import NIOPosix
import NIOSSL
import Resources
import Sites
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds the root of a site that proves itself by its own certificates (`management.tls: site`): whoever knows the site's
/// id, which is the hash of the root's key, needs no authority.
struct SiteProof: Sendable {
    let site: SiteID

    private static let patience: TimeAmount = .seconds(5)

    /// Asks the server for its certificates and says nothing to it.
    ///
    /// - Parameter address: `https://HOST[:PORT]`.
    /// - Returns: the root in PEM.
    /// - Throws: `PeopleFaults.serverAddress` for another site, or for certificates that are no site's;
    ///   `ProgramFaults.notRunning` where nobody answers.
    func root(at address: String) async throws -> String {
        let (host, port) = try Self.place(address)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        let context = try NIOSSLContext(configuration: configuration)
        let box = Box()
        let site = site
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let done = loop.makePromise(of: Void.self)
        let bootstrap = ClientBootstrap(group: loop).connectTimeout(Self.patience).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let handler = try NIOSSLClientHandler(context: context, serverHostname: nil) { certificates, promise in
                    box.set(Self.check(certificates, site))
                    // What had to be known is known; nothing is said to the server.
                    promise.succeed(NIOSSLVerificationResult.failed)
                    done.succeed()
                }
                try channel.pipeline.syncOperations.addHandler(handler)
            }
        }
        let timer = loop.scheduleTask(in: Self.patience) { done.succeed() }
        defer { timer.cancel() }
        do {
            let channel = try await bootstrap.connect(host: host, port: port).get()
            try await done.futureResult.get()
            try? await channel.close()
        } catch {
            done.succeed()
            throw Fault(ProgramFaults.notRunning, "Nobody answers at \(address).", at: address)
        }
        guard let result = box.result else {
            throw Fault(ProgramFaults.notRunning, "\(address) does not speak TLS 1.3.", at: address)
        }
        let text = Data(try result.get()).base64EncodedString()
        let lines = stride(from: 0, to: text.count, by: 64).map { start in text.dropFirst(start).prefix(64) }
        return "-----BEGIN CERTIFICATE-----\n\(lines.joined(separator: "\n"))\n-----END CERTIFICATE-----\n"
    }

    /// - Returns: the root in DER.
    private static func check(_ certificates: [NIOSSLCertificate], _ site: SiteID) -> Result<[UInt8], Fault> {
        do {
            let chain = try certificates.prefix(3).map { try $0.toDERBytes() }
            let presented = try PresentedIdentity.verify(chain: chain, now: .now)
            guard presented.site == site else {
                return .failure(
                    Fault(
                        PeopleFaults.serverAddress, "The server is the site \(presented.site.text).", at: "--site",
                        wanted: site.text))
            }
            return .success(chain[1])
        } catch {
            return .failure(
                Fault(
                    PeopleFaults.serverAddress, "The server's certificates are no site's.", at: "--site",
                    fix: "Where the plane has certificates of an authority, log in without --site."))
        }
    }

    private static func place(_ address: String) throws(Fault) -> (host: String, port: Int) {
        guard let url = URL(string: address), url.scheme == "https", let host = url.host else {
            throw Fault(PeopleFaults.serverAddress, at: "server", wanted: "https://HOST:PORT")
        }
        return (host.trimmingPrefix("[").description.replacing("]", with: ""), url.port ?? 443)
    }

    private final class Box: Sendable {
        private let found = Mutex<Result<[UInt8], Fault>?>(nil)

        var result: Result<[UInt8], Fault>? { found.withLock { $0 } }

        func set(_ result: Result<[UInt8], Fault>) { found.withLock { $0 = result } }
    }
}
