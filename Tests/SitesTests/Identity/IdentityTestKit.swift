import Crypto
import Faults
import Foundation
import Ledger
import Resources
import SwiftASN1
import X509

@testable import Sites

/// 2026-03-01T12:00:00Z, the day on which these tests play.
let noon = Timestamp("2026-03-01T12:00:00Z")!

extension Timestamp {
    func adding(seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + seconds * 1000)
    }
}

/// Runs the body with a fresh folder and removes it after.
func withSiteFolder<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory.appending(path: "atoll-site-\(ULID.make())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// What `openssl` did.
struct OpenSSL {
    let status: Int32
    /// Standard output and error.
    let text: String

    static func run(_ arguments: String..., in folder: String) async throws -> OpenSSL {
        let output = "\(folder)/openssl-\(ULID.make()).txt"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(filePath: output))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        while process.isRunning { try await Task.sleep(for: .milliseconds(4)) }
        process.waitUntilExit()
        return OpenSSL(status: process.terminationStatus, text: try String(contentsOfFile: output, encoding: .utf8))
    }
}

/// A chain that is right unless told otherwise: every way in which one can be wrong.
struct ForgedChain {
    var rootKey = P256.Signing.PrivateKey()
    /// The key that really signs the leaf; the root's unless set.
    var leafSigner: P256.Signing.PrivateKey?
    /// The key that really signs the root; its own unless set.
    var rootSigner: P256.Signing.PrivateKey?
    /// The site that the names of root and leaf speak of; the root's own unless set.
    var rootNames: SiteID?
    var leafNames: SiteID?
    var isRootAuthority = true
    var isLeafAuthority = false
    var rootUsage = SiteCertificates.rootKeyUsage
    var leafUsage = SiteCertificates.leafKeyUsage
    var leafPurposes: [ExtendedKeyUsage.Usage] = [.clientAuth, .serverAuth]
    var otherNames: [GeneralName] = []
    var strange: Certificate.Extension?
    var leafPublicKey: Certificate.PublicKey = .init(P256.Signing.PrivateKey().publicKey)
    var serial = Certificate.SerialNumber(7)
    var from = noon.adding(seconds: -300)
    var to = noon.adding(seconds: 3600)

    var site: SiteID { SiteCertificates.site(of: rootKey.publicKey) }

    func make() throws -> [[UInt8]] {
        let rootSubject = try SiteCertificates.rootSubject(rootNames ?? site)
        let named = leafNames ?? rootNames ?? site
        let root = try Certificate(
            version: .v3, serialNumber: .init(1), publicKey: .init(rootKey.publicKey),
            notValidBefore: SiteCertificates.rootNotBefore, notValidAfter: SiteCertificates.rootNotAfter,
            issuer: rootSubject, subject: rootSubject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(
                    isRootAuthority
                        ? BasicConstraints.isCertificateAuthority(maxPathLength: 0) : .notCertificateAuthority)
                Critical(rootUsage)
            },
            issuerPrivateKey: .init(rootSigner ?? rootKey))
        var extensions = try Certificate.Extensions {
            Critical(
                isLeafAuthority ? BasicConstraints.isCertificateAuthority(maxPathLength: 0) : .notCertificateAuthority)
            Critical(leafUsage)
            try ExtendedKeyUsage(leafPurposes)
            SubjectAlternativeNames([.uniformResourceIdentifier(SiteCertificates.name(of: named))] + otherNames)
        }
        if let strange { try extensions.append(strange) }
        let leaf = try Certificate(
            version: .v3, serialNumber: serial, publicKey: leafPublicKey,
            notValidBefore: SiteCertificates.date(from), notValidAfter: SiteCertificates.date(to), issuer: rootSubject,
            subject: try SiteCertificates.leafSubject(named), signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: .init(leafSigner ?? rootKey))
        return try [leaf, root].map { certificate in
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        }
    }
}
