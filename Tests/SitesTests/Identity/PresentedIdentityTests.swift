import Crypto
import Faults
import Foundation
import Ledger
import Resources
import ResourcesTestKit
import SwiftASN1
import Synchronization
import Testing
import X509

@testable import Sites

@Suite struct PresentedIdentityTests {
    @Test func aSitesOwnChainIsAccepted() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            let seen = try PresentedIdentity.verify(
                chain: [identity.leaf.certificate, identity.rootCertificate], now: noon)
            #expect(seen.site == identity.id)
            #expect(seen.rootKey == identity.rootKey)
            #expect(seen.leafSerial == identity.leaf.serial)
            #expect(seen.leafFingerprint == identity.leaf.fingerprint)
            #expect(seen.notAfter == identity.leaf.notAfter)
        }
    }

    @Test func theForgeryKitsRightChainIsAccepted() throws {
        let chain = ForgedChain()
        #expect(try PresentedIdentity.verify(chain: chain.make(), now: noon).site == chain.site)
    }

    /// The fuzzer's seed was made by another program, from what `docs/protocols/join.md` says.
    @Test func aChainThatAnotherProgramMadeIsAccepted() throws {
        let seed = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Fuzz/Corpus/FuzzCertificates/chain.bin")
        let announced = try LeafAnnouncement(decoding: Array(Data(contentsOf: seed)))
        let seen = try PresentedIdentity.verify(chain: announced.chain, now: noon)
        #expect(seen.leafSerial == 1_772_366_400)
    }

    @Test func aChainOfTheWrongLengthOrOfGarbageIsMalformed() throws {
        let chain = try ForgedChain().make()
        for wrong in [[], [chain[0]], chain + [chain[1]], [chain[0], [1, 2, 3]], [[], chain[1]]] {
            #expect(throws: Fault(JoiningFaults.certificateMalformed)) {
                try PresentedIdentity.verify(chain: wrong, now: noon)
            }
        }
        let long = chain[0] + [UInt8](repeating: 0, count: PresentedIdentity.maximumBytes)
        #expect(throws: Fault(JoiningFaults.certificateMalformed)) {
            try PresentedIdentity.verify(chain: [long, chain[1]], now: noon)
        }
    }

    @Test func aSerialThatIsNoneOfOursIsMalformed() throws {
        for serial in [Certificate.SerialNumber(bytes: [0]), .init(bytes: [1, 0, 0, 0, 0, 0, 0, 0, 0])] {
            var chain = ForgedChain()
            chain.serial = serial
            expect(JoiningFaults.certificateMalformed, of: chain)
        }
    }

    @Test func aRootThatIsNotOneIsRefused() throws {
        var chain = ForgedChain()
        chain.rootSigner = P256.Signing.PrivateKey()
        expect(JoiningFaults.rootRefused, of: chain)
        chain = ForgedChain()
        chain.isRootAuthority = false
        expect(JoiningFaults.rootRefused, of: chain)
        chain = ForgedChain()
        chain.rootUsage = SiteCertificates.leafKeyUsage
        expect(JoiningFaults.rootRefused, of: chain)
        // The leaf itself in the root's place.
        let made = try ForgedChain().make()
        #expect(throws: Fault(JoiningFaults.rootRefused)) {
            try PresentedIdentity.verify(chain: [made[0], made[0]], now: noon)
        }
    }

    @Test func aLeafOfAnotherRootIsRefused() throws {
        var chain = ForgedChain()
        chain.leafSigner = P256.Signing.PrivateKey()
        expect(JoiningFaults.notSignedByRoot, of: chain)
    }

    @Test func namesOfAnotherSiteAreRefused() throws {
        let other = ForgedChain().site
        var chain = ForgedChain()
        chain.rootNames = other
        expect(JoiningFaults.wrongName, of: chain)
        chain = ForgedChain()
        chain.leafNames = other
        expect(JoiningFaults.wrongName, of: chain)
        chain = ForgedChain()
        chain.otherNames = [.dnsName("bank.example")]
        expect(JoiningFaults.wrongName, of: chain)
        // Another site's root beside one's own leaf.
        let (mine, theirs) = (try ForgedChain().make(), try ForgedChain().make())
        #expect(throws: Fault(JoiningFaults.wrongName)) {
            try PresentedIdentity.verify(chain: [mine[0], theirs[1]], now: noon)
        }
    }

    @Test func aLeafMadeForSomethingElseIsRefused() throws {
        let changes: [(inout ForgedChain) -> Void] = [
            { $0.isLeafAuthority = true }, { $0.leafUsage = KeyUsage(digitalSignature: true, keyCertSign: true) },
            { $0.leafPurposes = [.clientAuth] }, { $0.leafPurposes = [.codeSigning] },
            { $0.leafPublicKey = .init(P384.Signing.PrivateKey().publicKey) },
            { $0.strange = .init(oid: [1, 2, 3, 4], critical: true, value: [5, 0]) },
        ]
        for change in changes {
            var chain = ForgedChain()
            change(&chain)
            expect(JoiningFaults.wrongUsage, of: chain)
        }
    }

    @Test func anExtensionThatIsNotCriticalIsPassedOver() throws {
        var chain = ForgedChain()
        chain.strange = .init(oid: [1, 2, 3, 4], critical: false, value: [5, 0])
        #expect(try PresentedIdentity.verify(chain: chain.make(), now: noon).site == chain.site)
    }

    @Test func timeIsJudgedByTheClockGiven() throws {
        let chain = try ForgedChain().make()
        let (from, to) = (noon.adding(seconds: -300), noon.adding(seconds: 3600))
        #expect(throws: Fault(JoiningFaults.leafNotYetValid)) {
            try PresentedIdentity.verify(chain: chain, now: from.adding(seconds: -1))
        }
        #expect(throws: Never.self) { try PresentedIdentity.verify(chain: chain, now: from) }
        #expect(throws: Never.self) { try PresentedIdentity.verify(chain: chain, now: to) }
        #expect(throws: Fault(JoiningFaults.leafExpired)) {
            try PresentedIdentity.verify(chain: chain, now: to.adding(seconds: 1))
        }
    }

    @Test func noChangedByteOfAChainIsAccepted() throws {
        var generator = SeededGenerator.printed(for: "noChangedByteOfAChainIsAccepted")
        let chain = try ForgedChain().make()
        for which in 0..<2 {
            for index in chain[which].indices {
                var wrong = chain
                wrong[which][index] ^= UInt8.random(in: 1...255, using: &generator)
                #expect(throws: Fault.self, "byte \(index) of certificate \(which)") {
                    try PresentedIdentity.verify(chain: wrong, now: noon)
                }
            }
        }
    }

    @Test func anyBytesEndInAFault() throws {
        var generator = SeededGenerator.printed(for: "anyBytesEndInAFault")
        let chain = try ForgedChain().make()
        for round in 0..<300 {
            var wrong = chain
            let which = Int.random(in: 0...1, using: &generator)
            let place = Int.random(in: 0..<wrong[which].count, using: &generator)
            let byte = UInt8.random(in: 0...255, using: &generator)
            switch round % 3 {
            case 0: wrong[which] = (0..<place).map { _ in UInt8.random(in: 0...255, using: &generator) }
            case 1: wrong[which].removeSubrange(place...)
            default: wrong[which].insert(byte, at: place)
            }
            #expect(throws: Fault.self) { try PresentedIdentity.verify(chain: wrong, now: noon) }
        }
    }

    private func expect(_ entry: FaultEntry, of chain: ForgedChain, _ location: SourceLocation = #_sourceLocation) {
        #expect(throws: Fault(entry), sourceLocation: location) {
            try PresentedIdentity.verify(chain: chain.make(), now: noon)
        }
    }
}

@Suite struct PeerDirectoryTests {
    @Test func theNewestTwoLeavesAreAcceptedAndOlderOnesRefused() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            let directory = OnePeer(site: identity.id)
            let first = try shown(identity)
            #expect(try directory.admit(first).name == "partner")
            try identity.rotate(now: noon.adding(seconds: 302_400))
            let second = try shown(identity)
            #expect(throws: Never.self) { try directory.admit(second) }
            #expect(throws: Never.self) { try directory.admit(first) }
            try identity.rotate(now: noon.adding(seconds: 604_800))
            #expect(throws: Never.self) { try directory.admit(shown(identity)) }
            #expect(throws: Never.self) { try directory.admit(second) }
            #expect(throws: Fault(JoiningFaults.leafReplaced)) { try directory.admit(first) }
        }
    }

    @Test func aStrangerIsUnknown() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            let directory = OnePeer(site: ForgedChain().site)
            #expect(throws: Fault(JoiningFaults.peerUnknown)) { try directory.admit(shown(identity)) }
        }
    }

    private func shown(_ identity: SiteIdentity) throws -> PresentedIdentity {
        let leaf = identity.leaf
        return try PresentedIdentity.verify(
            chain: [leaf.certificate, identity.rootCertificate], now: leaf.notBefore)
    }
}

/// Knows one peer, and the two newest leaves of it.
private final class OnePeer: PeerDirectory {
    private let site: SiteID
    private let serials = Mutex<[UInt64]>([])

    init(site: SiteID) {
        self.site = site
    }

    func find(_ site: SiteID) -> KnownPeer? {
        guard site == self.site else { return nil }
        let seen = serials.withLock { $0 }
        return KnownPeer(site: site, name: "partner", newestLeaf: seen.first ?? 0, oldestLeaf: seen.last)
    }

    func sawLeaf(_ serial: UInt64, of site: SiteID) {
        serials.withLock { $0 = Array(Set($0 + [serial]).sorted(by: >).prefix(2)) }
    }
}
