import Faults
import NIOSSL

/// A site that is spoken to over its management plane: where it is, what proves the caller, and whose certificates are
/// believed.
struct RemoteServer: Sendable {
    /// `https://risk.example:9371`, without a path.
    let address: String
    /// Sent as `Authorization: Bearer`; nil while logging in.
    var secret: String?
    /// PEM of certificates that are believed instead of the system's; nil for the system's.
    var authorities: String?
    /// Whether these are the root of one site, which signs for that site alone, whatever its host is called.
    var isOfSite = false

    /// - Parameter text: `https://HOST[:PORT]`, or `http://` for a host of this machine; a path is cut off.
    /// - Throws: `PeopleFaults.serverAddress`.
    init(_ text: String) throws(Fault) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard let start = parts.firstRange(of: "://") else { throw Self.unusable }
        let (scheme, rest) = (parts[..<start.lowerBound], parts[start.upperBound...])
        let host = rest.prefix { $0 != "/" }
        let allowed = host.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._:[]".utf8.contains(byte)
        }
        guard !host.isEmpty, allowed else { throw Self.unusable }
        switch scheme {
        case "https": break
        case "http":
            // Whatever would be sent could be read on the way.
            let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
            guard name == "localhost" || name == "[::1]" || name.hasPrefix("127.") else { throw Self.unusable }
        default: throw Self.unusable
        }
        address = "\(scheme)://\(host)"
    }

    /// - Throws: `PeopleFaults.serverAddress` for authorities that cannot be read.
    func tls() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        guard let authorities else { return configuration }
        do {
            let roots = try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8))
            configuration.trustRoots = .certificates(roots)
            if isOfSite { configuration.certificateVerification = .noHostnameVerification }
        } catch {
            throw Fault(
                PeopleFaults.serverAddress, "The file of certificates cannot be read.", at: "--ca",
                wanted: "certificates in PEM")
        }
        return configuration
    }

    private static var unusable: Fault {
        Fault(PeopleFaults.serverAddress, at: "server", wanted: "https://HOST:PORT, or http://127.0.0.1:PORT")
    }
}
