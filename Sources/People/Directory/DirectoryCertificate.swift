import Faults
import Resources
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A certificate as far as it is told to people who set a directory up. What is believed is the TLS library's to say.
struct DirectoryCertificate: Sendable {
    private let certificate: Certificate

    /// Every certificate of a text, in its order.
    static func all(inPEM text: String) throws -> [DirectoryCertificate] {
        try PEMDocument.parseMultiple(pemString: text).map {
            DirectoryCertificate(certificate: try Certificate(pemDocument: $0))
        }
    }

    private init(certificate: Certificate) {
        self.certificate = certificate
    }

    /// - Returns: nil for bytes that are none.
    init?(_ bytes: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: bytes) else { return nil }
        self.certificate = certificate
    }

    var subject: String { "\(certificate.subject)" }
    var issuer: String { "\(certificate.issuer)" }
    var ends: Timestamp { Self.time(certificate.notValidAfter) }
    var begins: Timestamp { Self.time(certificate.notValidBefore) }

    /// Host names and addresses that it is for (RFC 5280, 4.2.1.6).
    var names: [String] {
        ((try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames()).compactMap { name in
            switch name {
            case .dnsName(let name): name
            case .ipAddress(let bytes) where bytes.bytes.count == 4:
                bytes.bytes.map(String.init).joined(separator: ".")
            case .ipAddress(let bytes) where bytes.bytes.count == 16:
                stride(from: 0, to: 16, by: 2).map { index in
                    let pair = Array(bytes.bytes)
                    return String(UInt16(pair[index]) << 8 | UInt16(pair[index + 1]), radix: 16)
                }.joined(separator: ":")
            default: nil
            }
        }
    }

    /// Whether it is for a host: the same name in any case, or one label in place of a leading `*` (RFC 9525, 6.3).
    func isFor(_ host: String) -> Bool {
        let host = host.lowercased()
        return names.map { $0.lowercased() }.contains { name in
            if name == host { return true }
            guard name.hasPrefix("*."), let dot = host.firstIndex(of: "."), dot > host.startIndex else { return false }
            return host[dot...] == name.dropFirst(1)
        }
    }

    /// Why it is not believed, as far as that can be seen from here; the issuer when nothing else is wrong.
    func objection(host: String, now: Timestamp) -> (found: String, wanted: String, fix: String) {
        if now > ends {
            return (
                "The certificate ended at \(ends).", "one that is valid at \(now)",
                "Give the directory a new certificate."
            )
        }
        if now < begins {
            return (
                "The certificate begins at \(begins).", "one that is valid at \(now)",
                "Set the clocks of this machine and of the directory."
            )
        }
        guard isFor(host) else {
            return (
                "The certificate is for \(names.isEmpty ? "no host" : names.joined(separator: ", ")).",
                "one for \(host)",
                "Write a name that the certificate has into urls, or give the directory one for \(host) (subjectAltName)."
            )
        }
        return (
            "The certificate is signed by \(issuer), which is not believed.",
            "a certificate that one of the field certificates has signed, or of the system's where that is empty",
            "Put the certificate of the authority \(issuer) into certificates."
        )
    }

    private static func time(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1_000)
    }
}
