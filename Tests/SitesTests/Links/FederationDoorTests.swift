import Faults
import Foundation
import Ledger
import NIOCore
import Resources
import ResourcesTestKit
import SitesTestKit
import SwiftASN1
import Testing
import X509

@testable import Sites

/// What the federation port does to those who should not get in: tried from outside with openssl's own client.
@Suite struct FederationDoorTests {
    /// A site that listens, one of its peers, and the files of the peer's certificate for openssl.
    private func withDoor(
        isAllowed: (@Sendable (String) -> Bool)? = nil,
        _ body:
            @escaping @Sendable (_ site: FederationSite, _ peer: FederationSite, _ port: Int, _ folder: String)
            async throws
            -> Void
    ) async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            peer.directory.add(site.id)
            try Self.write(peer.identity.leaf, peer.identity.rootCertificate, as: "peer", in: folder)
            try await site.listening(to: TestDoor(), isAllowed: isAllowed) { port in
                try await body(site, peer, port, folder)
                // Whatever was tried, the door still opens for a peer.
                let link = try await peer.transport().dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                #expect(link.peer == site.id)
                await link.close(nil)
            }
        }
    }

    /// The peer's certificates, as openssl's client wants them: the leaf, and the root that goes with it.
    private static let identity = ["-cert", "peer.crt", "-cert_chain", "peer.root.crt", "-key", "peer.key"]
    private static let peer = ["-alpn", "h2"] + identity

    private static func write(_ leaf: Leaf, _ root: [UInt8], as name: String, in folder: String) throws {
        for (bytes, ending) in [(leaf.certificate, "crt"), (root, "root.crt")] {
            let text = try Certificate(derEncoded: bytes).serializeAsPEM().pemString + "\n"
            try text.write(toFile: "\(folder)/\(name).\(ending)", atomically: true, encoding: .utf8)
        }
        let key = Data(leaf.privateKey).base64EncodedString(options: .lineLength64Characters)
        try "-----BEGIN PRIVATE KEY-----\n\(key)\n-----END PRIVATE KEY-----\n".write(
            toFile: "\(folder)/\(name).key", atomically: true, encoding: .utf8)
    }

    @Test func aPeersCertificateGetsTLS13AndHTTP2() async throws {
        try await withDoor { _, _, port, folder in
            let tried = try await SecureClient.connect(to: port, Self.peer, in: folder) {
                $0.contains("Verify return code")
            }
            #expect(!tried.isLeft)
            #expect(tried.text.contains("TLSv1.3"))
            #expect(tried.text.contains("ALPN protocol: h2"))
        }
    }

    @Test func olderTLSIsRefused() async throws {
        try await withDoor { _, _, port, folder in
            for version in ["-tls1_2", "-tls1_1"] {
                let tried = try await SecureClient.connect(to: port, [version] + Self.peer, in: folder)
                #expect(tried.text.contains("alert protocol version") || tried.text.contains("no protocols available"))
                #expect(!tried.text.contains("ALPN protocol: h2"))
            }
        }
    }

    @Test func nobodyGetsInWithoutACertificate() async throws {
        try await withDoor { _, _, port, folder in
            let tried = try await SecureClient.connect(to: port, ["-alpn", "h2"], in: folder)
            #expect(tried.text.contains("alert certificate required"))
        }
    }

    @Test func aCertificateOfAnotherKindIsRefused() async throws {
        try await withDoor { _, _, port, folder in
            _ = try await OpenSSL.run(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x",
                "-keyout", "other.key", "-out", "other.crt", in: folder)
            let tried = try await SecureClient.connect(
                to: port, ["-alpn", "h2", "-cert", "other.crt", "-key", "other.key"], in: folder)
            #expect(tried.text.contains("alert"))
        }
    }

    @Test func aLeafBesideAnothersRootIsRefused() async throws {
        try await withDoor { _, peer, port, folder in
            let other = try FederationSite("other", in: folder)
            try Self.write(other.identity.leaf, peer.identity.rootCertificate, as: "mixed", in: folder)
            let tried = try await SecureClient.connect(
                to: port, ["-alpn", "h2", "-cert", "mixed.crt", "-cert_chain", "mixed.root.crt", "-key", "mixed.key"],
                in: folder)
            #expect(tried.text.contains("alert"))
        }
    }

    @Test func anExpiredLeafIsRefused() async throws {
        try await withDoor { site, _, port, folder in
            let long = Timestamp(milliseconds: Timestamp.now.milliseconds - 2 * Leaf.lifetime)
            let identity = try SiteIdentity.open(folder: "\(folder)/peer", now: long)
            let old = GRPCTransport(
                identity: identity, directory: TestDirectory([site.id]), terms: LinkTerms(build: "test"),
                logger: FederationSite.logger)
            do {
                _ = try await old.dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                Issue.record("an expired certificate was taken")
            } catch {
                let fault = error as? Fault
                #expect(fault?.is(LinkFaults.lost) == true || fault?.is(LinkFaults.handshake) == true)
            }
        }
    }

    @Test func plaintextGetsNothing() async throws {
        try await withDoor { _, _, port, _ in
            let answer = try await PlainClient.send(
                Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0], to: port)
            // At most a TLS alert (content type 21), and nothing that HTTP/2 would say.
            #expect(answer.isEmpty || answer[0] == 21)
        }
    }

    @Test func withoutHTTP2InALPNNothingIsServed() async throws {
        try await withDoor { _, _, port, folder in
            let tried = try await SecureClient.connect(
                to: port, ["-alpn", "http/1.1"] + Self.identity, in: folder)
            #expect(tried.isLeft)
            #expect(!tried.text.contains("ALPN protocol: h"))
        }
    }

    /// A ticket is from a time when the certificate was in order; it must not outlive it.
    @Test func aResumedSessionProvesNobody() async throws {
        try await withDoor { _, _, port, folder in
            let ticket = "\(folder)/ticket"
            _ = try await SecureClient.connect(to: port, Self.peer + ["-sess_out", ticket], in: folder) {
                $0.contains("Post-Handshake New Session Ticket arrived")
                    && FileManager.default.fileExists(atPath: ticket)
            }
            let tried = try await SecureClient.connect(to: port, Self.peer + ["-sess_in", ticket], in: folder) {
                $0.contains("New, TLSv1.3")
            }
            // Either a full handshake, or a session that the site ends.
            #expect(tried.text.contains("New, TLSv1.3") || (tried.isLeft && tried.text.contains("Reused, TLSv1.3")))
        }
    }

    @Test func aRevokedPeerIsRefusedByNumber() async throws {
        try await withDoor { site, peer, port, _ in
            site.directory.remove(peer.id)
            await #expect(throws: Fault(JoiningFaults.peerUnknown)) {
                _ = try await peer.transport().dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
            }
            site.directory.add(peer.id)
        }
    }

    @Test func aLeafThatWasReplacedTwiceIsRefusedByNumber() async throws {
        try await withDoor { site, peer, port, folder in
            // Three leaves in turn, seen by the site in order; then the first comes again.
            let first = peer
            _ = try await first.transport().dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
            let copy = try SiteIdentity.open(folder: "\(folder)/peer", now: .now)
            for _ in 0..<2 {
                let transport = GRPCTransport(
                    identity: copy, directory: TestDirectory([site.id]), terms: LinkTerms(build: "test"),
                    logger: FederationSite.logger)
                _ = try await transport.dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                try copy.rotate(now: .now)
            }
            await #expect(throws: Fault(JoiningFaults.leafReplaced)) {
                _ = try await first.transport().dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
            }
            site.directory.remove(peer.id)
            site.directory.add(peer.id)
        }
    }

    @Test func addressesOutsideTheListAreClosedBeforeTLS() async throws {
        try await withSiteFolder { folder in
            let peer = try FederationSite("peer", in: folder)
            let site = try FederationSite("site", in: folder, peers: [peer.id])
            peer.directory.add(site.id)
            try await site.listening(to: TestDoor(), isAllowed: { $0 != "127.0.0.1" }) { port in
                for _ in 0..<20 {
                    let answer = try await PlainClient.send([22, 3, 1], to: port)
                    #expect(answer.isEmpty)
                }
                await #expect(throws: Fault(LinkFaults.handshake)) {
                    _ = try await peer.transport().dial("127.0.0.1:\(port)", peer: site.id, tuning: .standard)
                }
            }
        }
    }

    @Test func connectionsThatBreakOffHarmNobody() async throws {
        try await withDoor { _, _, port, _ in
            for count in 0..<50 {
                let bytes = [UInt8](repeating: 22, count: count)
                _ = try await PlainClient.send(bytes, to: port, waiting: false)
            }
        }
    }

    @Test func anAddressInUseIsRefused() async throws {
        try await withDoor { site, _, port, _ in
            let second = GRPCListener(
                host: "127.0.0.1", port: port, identity: site.identity, directory: site.directory,
                acceptor: TestDoor(), terms: LinkTerms(build: "test"), logger: FederationSite.logger)
            await #expect(throws: Fault(ProgramFaults.listen)) { try await second.run() }
        }
    }
}
