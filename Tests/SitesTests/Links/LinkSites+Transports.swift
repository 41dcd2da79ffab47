import Faults
import Foundation
import Ledger
import Logging
import Resources
import ResourcesTestKit
import Sites
import SitesTestKit

@testable import Sites

extension LinkHarness {
    static let versions: ClosedRange<UInt32> = 2...4

    static let inProcess = LinkHarness(room: LinkLimits.waiting) { body in
        let listener = testSite(0)
        let diallers = (1...LinkSites.peers).map(testSite)
        let door = TestDoor()
        let network = InProcessNetwork()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await network.listen(
                    at: "listener:1", as: listener, terms: LinkTerms(versions: versions, build: "test"),
                    directory: TestDirectory(diallers), acceptor: door)
            }
            defer { group.cancelAll() }
            try await eventually(within: .seconds(120), "the listener") { network.isListening(at: "listener:1") }
            try await body(
                LinkSites(listener: listener, diallers: diallers, door: door, cut: { network.cut() }) { dialling in
                    let (site, versions) = dialling.who(diallers, versions)
                    let transport = network.transport(of: site, terms: LinkTerms(versions: versions, build: "test"))
                    return try await transport.dial(
                        dialling.address("listener:1", nowhere: "nobody:1"),
                        peer: dialling.expected(listener), tuning: .standard)
                })
        }
    }
}

extension Dialling {
    func who(_ diallers: [SiteID], _ usual: ClosedRange<UInt32>) -> (SiteID, ClosedRange<UInt32>) {
        switch self {
        case .peer(let number): (diallers[number], usual)
        case .stranger: (testSite(99), usual)
        case .versions(let versions): (diallers[0], versions)
        case .expectingAnother, .nowhere: (diallers[0], usual)
        }
    }

    func address(_ usual: String, nowhere: String) -> String {
        if case .nowhere = self { nowhere } else { usual }
    }

    func expected(_ usual: SiteID) -> SiteID {
        if case .expectingAnother = self { testSite(98) } else { usual }
    }
}

/// A site id that nobody has a key for.
func testSite(_ number: Int) -> SiteID {
    SiteID(digest: [UInt8](repeating: UInt8(number), count: 32))
}
