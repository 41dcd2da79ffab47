import Faults
import Foundation
import Ledger
import NIOSSL
import Resources
import SwiftASN1
import Testing
import X509

@testable import Sites

@Suite struct SiteIdentityTests {
    @Test func theFirstStartMakesAKeyThatOnlyItsOwnerCanRead() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: "\(folder)/identity", now: noon)
            let mode = { (name: String) in
                try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.posixPermissions] as? Int
            }
            #expect(try mode("identity") == 0o700)
            #expect(try mode("identity/root.key") == 0o600)
            #expect(identity.id.text.count == 52)
            #expect(identity.leaf.notBefore == noon.adding(seconds: -300))
            #expect(identity.leaf.notAfter == noon.adding(seconds: 7 * 86_400))
            #expect(identity.leaf.rotationTime == noon.adding(seconds: 7 * 43_200))
        }
    }

    @Test func theIdStaysAndSerialsRiseAcrossStarts() async throws {
        try await withSiteFolder { folder in
            let first = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            let rotated = try first.rotate(now: noon)
            // The clock was set back: serials rise all the same.
            let second = try SiteIdentity.open(folder: folder + "/identity", now: noon.adding(seconds: -86_400))
            #expect(first.id == second.id)
            #expect(first.rootCertificate == second.rootCertificate)
            #expect(rotated.serial == UInt64(noon.milliseconds / 1000) + 1)
            #expect(second.leaf.serial == rotated.serial + 1)
            #expect(first.leaf.fingerprint == rotated.fingerprint)
            #expect(first.leaf.fingerprint != second.leaf.fingerprint)
        }
    }

    @Test func aFolderFromABackupDoesNotFallBehind() async throws {
        try await withSiteFolder { folder in
            let first = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            try FileManager.default.copyItem(atPath: folder + "/identity", toPath: folder + "/backup")
            let later = try first.rotate(now: noon.adding(seconds: 86_400))
            let restored = try SiteIdentity.open(folder: folder + "/backup", now: noon.adding(seconds: 86_402))
            #expect(restored.leaf.serial > later.serial)
        }
    }

    @Test func aKeyThatOthersCanReadIsRefused() async throws {
        try await withSiteFolder { folder in
            let path = folder + "/identity"
            _ = try SiteIdentity.open(folder: path, now: noon)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path + "/root.key")
            #expect(throws: Fault(ProgramFaults.unsafePermissions)) { try SiteIdentity.open(folder: path, now: noon) }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path + "/root.key")
            try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: path)
            #expect(throws: Fault(ProgramFaults.unsafePermissions)) { try SiteIdentity.open(folder: path, now: noon) }
        }
    }

    @Test(arguments: ["root.key", "root.crt", "leaf.serial"])
    func aDamagedFileIsRefusedAndLeftAsItIs(file: String) async throws {
        try await withSiteFolder { folder in
            let path = folder + "/identity"
            _ = try SiteIdentity.open(folder: path, now: noon)
            // Written in place, so that the permissions stay.
            let handle = try FileHandle(forUpdating: URL(filePath: "\(path)/\(file)"))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data("garbage".utf8))
            #expect(throws: Fault(JoiningFaults.identityDamaged)) { try SiteIdentity.open(folder: path, now: noon) }
            #expect(try Data(contentsOf: URL(filePath: "\(path)/\(file)")) == Data("garbage".utf8))
        }
    }

    @Test func anotherSitesRootCertificateIsRefused() async throws {
        try await withSiteFolder { folder in
            _ = try SiteIdentity.open(folder: folder + "/a", now: noon)
            _ = try SiteIdentity.open(folder: folder + "/b", now: noon)
            try FileManager.default.removeItem(atPath: folder + "/b/root.crt")
            try FileManager.default.copyItem(atPath: folder + "/a/root.crt", toPath: folder + "/b/root.crt")
            #expect(throws: Fault(JoiningFaults.identityDamaged)) {
                try SiteIdentity.open(folder: folder + "/b", now: noon)
            }
        }
    }

    @Test func whatAKillLeftBehindIsMadeAgain() async throws {
        try await withSiteFolder { folder in
            let path = folder + "/identity"
            let first = try SiteIdentity.open(folder: path, now: noon)
            // Killed after the key and before the certificate; and while a draft was being written.
            try FileManager.default.removeItem(atPath: path + "/root.crt")
            try Data("half".utf8).write(to: URL(filePath: path + "/leaf.serial.new"))
            let second = try SiteIdentity.open(folder: path, now: noon)
            #expect(second.id == first.id)
            #expect(second.rootKey == first.rootKey)
        }
    }

    @Test func rotationThatCannotBeRecordedKeepsTheLeaf() async throws {
        try await withSiteFolder { folder in
            let path = folder + "/identity"
            let identity = try SiteIdentity.open(folder: path, now: noon)
            let before = identity.leaf.serial
            try FileManager.default.moveItem(atPath: path, toPath: folder + "/away")
            #expect(throws: Fault(ProgramFaults.dataDirectory)) { try identity.rotate(now: noon) }
            #expect(identity.leaf.serial == before)
            try FileManager.default.moveItem(atPath: folder + "/away", toPath: path)
            #expect(try identity.rotate(now: noon).serial == before + 1)
        }
    }

    @Test func opensslFindsTheCertificatesInOrder() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: folder + "/identity", now: .now)
            for (name, bytes) in [("leaf.crt", identity.leaf.certificate), ("root.crt", identity.rootCertificate)] {
                let pem = try Certificate(derEncoded: bytes).serializeAsPEM().pemString
                try Data(pem.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            for purpose in ["sslserver", "sslclient"] {
                let verified = try await OpenSSL.run(
                    "verify", "-x509_strict", "-purpose", purpose, "-CAfile", "root.crt", "leaf.crt", in: folder)
                #expect(verified.status == 0, "\(verified.text)")
            }
            let text = try await OpenSSL.run("x509", "-in", "leaf.crt", "-noout", "-text", in: folder).text
            #expect(text.contains("URI:atoll://\(identity.id)"))
            #expect(text.contains("TLS Web Client Authentication, TLS Web Server Authentication"))
            #expect(text.contains("Serial Number: \(identity.leaf.serial)"))
            #expect(text.contains("NIST CURVE: P-256"))
        }
    }

    @Test func opensslComputesTheSameIdFromTheKey() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            _ = try await OpenSSL.run(
                "pkey", "-in", "identity/root.key", "-pubout", "-outform", "DER", "-out", "root.spki", in: folder)
            let digest = try await OpenSSL.run(
                "dgst", "-sha256", "-binary", "-out", "root.hash", "root.spki", in: folder)
            #expect(digest.status == 0, "\(digest.text)")
            #expect(SiteID(digest: try Data(contentsOf: URL(filePath: folder + "/root.hash"))) == identity.id)
        }
    }

    @Test func theLeafIsWhatTheTLSLibraryTakes() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            let chain = try [identity.leaf.certificate, identity.rootCertificate].map {
                NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der))
            }
            let key = try NIOSSLPrivateKey(bytes: identity.leaf.privateKey, format: .der)
            let settings = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(key))
            #expect(throws: Never.self) { _ = try NIOSSLContext(configuration: settings) }
        }
    }

    @Test func aSignatureHoldsForItsMessageAndKeyAlone() async throws {
        try await withSiteFolder { folder in
            let one = try SiteIdentity.open(folder: folder + "/one", now: noon)
            let other = try SiteIdentity.open(folder: folder + "/other", now: noon)
            let message = Array("head 17".utf8)
            let signature = try one.sign(message)
            #expect(signature.count == 64)
            #expect(SiteIdentity.isValid(signature: signature, message: message, rootKey: one.rootKey))
            #expect(!SiteIdentity.isValid(signature: signature, message: message + [0], rootKey: one.rootKey))
            #expect(!SiteIdentity.isValid(signature: signature, message: message, rootKey: other.rootKey))
            #expect(!SiteIdentity.isValid(signature: signature, message: message, rootKey: []))
            #expect(!SiteIdentity.isValid(signature: [], message: message, rootKey: one.rootKey))
            for bit in stride(from: 0, to: 512, by: 7) {
                var wrong = signature
                wrong[bit / 8] ^= 1 << (bit % 8)
                #expect(!SiteIdentity.isValid(signature: wrong, message: message, rootKey: one.rootKey))
            }
        }
    }

    @Test func sealingKeysDifferByPurposeAndSiteAndStay() async throws {
        try await withSiteFolder { folder in
            let one = try SiteIdentity.open(folder: folder + "/one", now: noon)
            let again = try SiteIdentity.open(folder: folder + "/one", now: noon)
            let other = try SiteIdentity.open(folder: folder + "/other", now: noon)
            #expect(one.sealingKey(for: "a") == again.sealingKey(for: "a"))
            #expect(one.sealingKey(for: "a") != one.sealingKey(for: "b"))
            #expect(one.sealingKey(for: "a") != other.sealingKey(for: "a"))
        }
    }
}
