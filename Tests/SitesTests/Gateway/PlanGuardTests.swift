import Faults
import Ledger
import Testing

@testable import Sites

@Suite struct PlanGuardTests {
    private static let (a, b, c) = (site(1), site(2), site(3))

    private static func site(_ number: UInt8) -> SiteID {
        SiteID(digest: [UInt8](repeating: number, count: 32))
    }

    private static func row(
        _ from: SiteID, _ to: SiteID, _ steps: ClosedRange<UInt32>, _ bytes: Int
    ) -> MessageDeclaration {
        MessageDeclaration(
            type: "sums", senders: [from], receivers: [to], steps: steps, schemaDigest: [], elementBits: 8,
            maximumBytes: bytes)
    }

    /// One type, for two pairs, and for one of them in two ranges of steps.
    private let guarded = PlanGuard(
        DeclaredPlan(
            job: "01JZZZZZZZZZZZZZZZZZZZZZZZ", planDigest: [], epoch: 1, peers: [b, c],
            tasks: ["t": [row(a, b, 1...2, 10), row(a, c, 5...6, 20), row(a, b, 8...9, 30)]]))

    private func bytes(_ step: UInt32, to receiver: SiteID, from sender: SiteID = a) throws -> Int {
        try guarded.check(task: "t", type: "sums", step: step, bytes: 0, from: sender, to: receiver).maximumBytes
    }

    @Test func eachPairHasItsOwnStepsAndSizes() throws {
        #expect(try bytes(2, to: Self.b) == 10)
        #expect(try bytes(8, to: Self.b) == 30)
        #expect(try bytes(5, to: Self.c) == 20)
        let fault = #expect(throws: Fault(GatewayFaults.undeclaredStep)) { try bytes(5, to: Self.b) }
        #expect(fault?.wanted == "1 to 2, 8 to 9")
        #expect(throws: Fault(GatewayFaults.undeclaredStep)) { try bytes(1, to: Self.c) }
        #expect(throws: Fault(GatewayFaults.undeclaredParty)) { try bytes(1, to: Self.a, from: Self.b) }
        #expect(throws: Fault(GatewayFaults.undeclaredParty)) { try bytes(1, to: Self.c, from: Self.b) }
        #expect(throws: Fault(GatewayFaults.undeclaredSize)) {
            try guarded.check(task: "t", type: "sums", step: 1, bytes: 11, from: Self.a, to: Self.b)
        }
    }
}
