import Faults
import Ledger
import Resources
import Synchronization
import Testing

@testable import Sites

@Suite struct PeerBookTests {
    private let site = ForgedChain().site

    @Test func aRevokedPeerIsGoneAndCutOnce() throws {
        let book = PeerBook()
        let cut = Mutex<[SiteID]>([])
        book.onRevoked { site in
            #expect(book.find(site) == nil)
            cut.withLock { $0.append(site) }
        }
        let (resource, spec) = peer("partner", uid: "01A")
        #expect(book.put(resource, spec: spec) == .trusted)
        #expect(book.find(site)?.name == "partner")
        #expect(book.remove(uid: "01A"))
        #expect(!book.remove(uid: "01A"))
        #expect(book.find(site) == nil)
        #expect(cut.withLock { $0 } == [site])
    }

    @Test func aStaleReadingBringsNobodyBack() {
        let book = PeerBook()
        let (resource, spec) = peer("partner", uid: "01A")
        _ = book.put(resource, spec: spec)
        book.remove(uid: "01A")
        #expect(book.put(resource, spec: spec) == .gone)
        #expect(book.find(site) == nil)
        // A new resource for the same site is a new decision.
        let (next, _) = peer("partner", uid: "01B")
        #expect(book.put(next, spec: spec) == .trusted)
    }

    @Test func ofTwoPeersWithOneSiteTheOlderCounts() {
        let book = PeerBook()
        let (older, spec) = peer("older", uid: "01A")
        let (newer, _) = peer("newer", uid: "01B")
        #expect(book.put(newer, spec: spec) == .trusted)
        #expect(book.put(older, spec: spec) == .trusted)
        #expect(book.put(newer, spec: spec) == .duplicate(of: "older"))
        #expect(book.peers.map(\.name) == ["older"])
    }

    @Test func itRemembersTheTwoNewestLeaves() {
        let book = PeerBook()
        var (resource, spec) = peer("partner", uid: "01A")
        resource.status = ["leafSerial": 20, "leafSerialBefore": 10]
        _ = book.put(resource, spec: spec)
        #expect(book.find(site) == KnownPeer(site: site, name: "partner", newestLeaf: 20, oldestLeaf: 10))
        book.sawLeaf(30, of: site)
        book.sawLeaf(5, of: site)
        #expect(book.find(site)?.newestLeaf == 30)
        #expect(book.find(site)?.accepts(leaf: 20) == true)
        #expect(book.find(site)?.accepts(leaf: 19) == false)
        // A status that was read before does not take the memory back.
        spec.bandwidthLimit = 8
        _ = book.put(resource, spec: spec)
        #expect(book.find(site)?.newestLeaf == 30)
        #expect(book.bytesPerSecond(to: site) == 1_000_000)
        book.sawLeaf(1, of: ForgedChain().site)
    }

    @Test func admittingTeachesTheRootKey() async throws {
        try await withSiteFolder { folder in
            let identity = try SiteIdentity.open(folder: folder + "/identity", now: noon)
            let presented = try PresentedIdentity.verify(
                chain: [identity.leaf.certificate, identity.rootCertificate], now: noon)
            let book = PeerBook()
            #expect(throws: Fault(JoiningFaults.peerUnknown)) { try book.admit(presented) }
            #expect(book.rootKey(of: identity.id) == nil)
            var resource = Resource(Peer.id("partner"))
            resource.metadata.uid = "01A"
            let spec = PeerSpec(displayName: "Partner", site: identity.id, addresses: [])
            _ = book.put(resource, spec: spec)
            #expect(try book.admit(presented).name == "partner")
            #expect(book.rootKey(of: identity.id) == identity.rootKey)
            book.remove(uid: "01A")
            // The ledger outlives the peer.
            #expect(book.rootKey(of: identity.id) == identity.rootKey)
        }
    }

    private func peer(_ name: String, uid: String) -> (Resource, PeerSpec) {
        var resource = Resource(Peer.id(name))
        resource.metadata.uid = uid
        return (resource, PeerSpec(displayName: name, site: site, addresses: []))
    }
}
