import Faults
import NIOCore
import NIOSSL
import Resources
import Sites
import Synchronization

/// The certificate with which a plane proves itself: from files, or a leaf of the site's own root.
final class PlaneCertificate: Sendable {
    private enum Source: Sendable {
        case files(NIOSSLContext)
        case site(SiteIdentity)
    }

    private struct Made: Sendable {
        var serial: UInt64 = 0
        var context: NIOSSLContext?
    }

    private let source: Source
    private let made = Mutex(Made())

    /// Nil when the plane shall have none.
    ///
    /// - Throws: `RouteFaults.planeCertificate`; `ProgramFaults.fileUnreadable`, `.unsafePermissions`.
    init?(_ plane: Plane, _ settings: Settings, identity: SiteIdentity?) throws(Fault) {
        let (chain, key) = (settings[SettingKey.certificate(plane)], settings[SettingKey.key(plane)])
        if settings[SettingKey.tls(plane)] == "site" {
            guard let identity, chain.isEmpty, key.isEmpty else {
                throw Fault(
                    RouteFaults.planeCertificate, "The plane has two certificates: files and the site's own.",
                    at: SettingKey.tls(plane).name, wanted: "either \(plane).tls: site, or certificate and key")
            }
            source = .site(identity)
            return
        }
        if chain.isEmpty, key.isEmpty { return nil }
        guard !chain.isEmpty, !key.isEmpty else {
            throw Fault(
                RouteFaults.planeCertificate, "Only one of certificate and key is named.",
                at: SettingKey.certificate(plane).name, wanted: "both \(plane).certificate and \(plane).key")
        }
        if let facts = FileFacts(key), facts.permissions & 0o077 != 0 {
            throw Fault(
                ProgramFaults.unsafePermissions, "Others can read the \(plane) plane's private key.", at: key,
                wanted: "mode 0600", fix: "chmod 600 \(APIClient.shellWord(key))")
        }
        source = .files(try Self.context(chain: chain, key: key))
    }

    /// For the next connection.
    ///
    /// - Throws: `RouteFaults.planeCertificate`.
    func context() throws(Fault) -> NIOSSLContext {
        switch source {
        case .files(let context): return context
        case .site(let identity):
            let leaf = identity.leaf
            let known = made.withLock { $0.serial == leaf.serial ? $0.context : nil }
            if let known { return known }
            let context = try Self.context(of: identity, leaf)
            made.withLock { $0 = Made(serial: leaf.serial, context: context) }
            return context
        }
    }

    private static func context(of identity: SiteIdentity, _ leaf: Leaf) throws(Fault) -> NIOSSLContext {
        do {
            let own = try NIOSSLCertificate(bytes: leaf.certificate, format: .der)
            let root = try NIOSSLCertificate(bytes: identity.rootCertificate, format: .der)
            let key = try NIOSSLPrivateKey(bytes: leaf.privateKey, format: .der)
            return try context([own, root], key)
        } catch {
            throw Fault(RouteFaults.planeCertificate, "The site's own certificate cannot be used.")
        }
    }

    private static func context(chain: String, key: String) throws(Fault) -> NIOSSLContext {
        let chainBytes = try FileInput.read(chain)
        let keyBytes = try FileInput.read(key)
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMBytes(chainBytes)
        } catch {
            throw Fault(RouteFaults.planeCertificate, "The file holds no certificate in PEM.", at: chain)
        }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
        } catch {
            throw Fault(RouteFaults.planeCertificate, "The file holds no private key in PEM.", at: key)
        }
        do {
            return try context(certificates, privateKey)
        } catch {
            throw Fault(RouteFaults.planeCertificate, "Certificate and key do not belong together.", at: chain)
        }
    }

    private static func context(_ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv13
        // How long the other end may take to say that it closes too; the site itself stops within two seconds.
        configuration.shutdownTimeout = .milliseconds(300)
        return try NIOSSLContext(configuration: configuration)
    }
}
