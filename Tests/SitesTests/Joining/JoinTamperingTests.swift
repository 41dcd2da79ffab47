import Faults
import Ledger
import Resources
import ResourcesTestKit
import Testing

@testable import Sites

@Suite struct JoinTamperingTests {
    @Test func noBitOfACodeMayDiffer() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            let payload = Array(try #require(Base32.decode(code.text.dropFirst(7))).dropLast(4))
            for bit in 0..<payload.count * 8 {
                var wrong = payload
                wrong[bit / 8] ^= 1 << (bit % 8)
                let text = JoinCodeTests.text(wrong)
                await #expect(throws: Fault.self, "bit \(bit)") {
                    try await joiner.joining.accept(text, name: nil, by: "ben")
                }
            }
            #expect(try await joiner.all("Peer").isEmpty)
            #expect(try await inviter.all("Peer").isEmpty)
        }
    }

    @Test func noBitOfARequestMayDiffer() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            network.trouble = .lostRequest
            _ = try? await joiner.joining.accept(code.text, name: nil, by: "ben")
            let request = try #require(network.requests.first)
            let session = JoinSession(
                ownLeaf: inviter.identity.leaf.fingerprint, otherLeaf: joiner.identity.leaf.fingerprint)
            for bit in 0..<request.count * 8 {
                var wrong = request
                wrong[bit / 8] ^= 1 << (bit % 8)
                await #expect(throws: Fault.self, "bit \(bit)") {
                    try await inviter.joining.answer(wrong, root: joiner.identity.id, session: session)
                }
            }
            #expect(try await inviter.all("Peer").isEmpty)
        }
    }

    @Test func noBitOfAnAnswerMayDiffer() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            for bit in stride(from: 0, to: 2400, by: 11) {
                network.trouble = .changedAnswer { answer in
                    var wrong = answer
                    wrong[bit / 8 % answer.count] ^= 1 << (bit % 8)
                    return wrong
                }
                await #expect(throws: Fault.self, "bit \(bit)") {
                    try await joiner.joining.accept(code.text, name: nil, by: "ben")
                }
            }
            #expect(try await joiner.all("Peer").isEmpty)
        }
    }

    @Test func anInviterThatDoesNotKnowTheCodeIsToldApart() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            // As of somebody who has the inviter's key and not the code: everything right but the proof.
            network.trouble = .changedAnswer { [$0[0]] + [UInt8](repeating: 0, count: 32) + $0[33...] }
            await #expect(throws: Fault(JoiningFaults.inviterNotProven)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
            network.trouble = .changedAnswer { [2] + $0.dropFirst() }
            await #expect(throws: Fault(JoiningFaults.joinVersion)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
            network.trouble = .changedAnswer { _ in [1] }
            await #expect(throws: Fault(JoiningFaults.joinMalformed)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
        }
    }

    @Test func aRequestHoldsInItsOwnSessionAlone() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, folder in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            network.trouble = .lostRequest
            _ = try? await joiner.joining.accept(code.text, name: nil, by: "ben")
            let request = try #require(network.requests.first)
            let (own, other) = (inviter.identity.leaf.fingerprint, joiner.identity.leaf.fingerprint)
            let thief = try await JoiningSite.open("thief", in: folder, on: network)
            let sessions = [
                (thief.identity.id, JoinSession(ownLeaf: own, otherLeaf: other)),
                (joiner.identity.id, JoinSession(ownLeaf: own, otherLeaf: thief.identity.leaf.fingerprint)),
                (joiner.identity.id, JoinSession(ownLeaf: thief.identity.leaf.fingerprint, otherLeaf: other)),
            ]
            for (root, session) in sessions {
                await #expect(throws: Fault(JoiningFaults.codeRefused)) {
                    try await inviter.joining.answer(request, root: root, session: session)
                }
            }
            _ = try await inviter.joining.answer(
                request, root: joiner.identity.id, session: JoinSession(ownLeaf: own, otherLeaf: other))
        }
    }

    @Test func fiveWrongProofsWithdrawAnInvitation() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try await inviter.joining.invite(name: "south", addresses: [], hours: 1, by: "ana")
            network.trouble = .changedRequest { request in
                var wrong = request
                wrong[1] ^= 1
                return wrong
            }
            for count in 1...5 {
                await #expect(throws: Fault(JoiningFaults.codeRefused)) {
                    try await joiner.joining.accept(code.text, name: nil, by: "ben")
                }
                let invitation = try #require(try await inviter.joining.list().first)
                #expect(invitation.failures == count)
                #expect(invitation.state == (count < 5 ? .open : .withdrawn))
            }
            network.trouble = .none
            await #expect(throws: Fault(JoiningFaults.codeWithdrawn)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
        }
    }

    @Test func anUnknownInvitationIsRefusedLikeAWrongProof() async throws {
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let code = try JoinCode.make(
                addresses: ["north.example:9370"], site: inviter.identity.id, expiry: noon.adding(seconds: 60))
            await #expect(throws: Fault(JoiningFaults.codeRefused)) {
                try await joiner.joining.accept(code.text, name: nil, by: "ben")
            }
        }
    }

    @Test func anyBytesEndInAFault() async throws {
        var generator = SeededGenerator.printed(for: "JoinTamperingTests.anyBytesEndInAFault")
        try await JoinNetwork.withTwoSites { network, inviter, joiner, _ in
            let session = JoinSession(ownLeaf: [1], otherLeaf: [2])
            for round in 0..<300 {
                let count = Int.random(in: 0...200, using: &generator)
                var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                if round % 2 == 0, !bytes.isEmpty { bytes[0] = JoinMessage.version }
                let request = bytes
                await #expect(throws: Fault.self) {
                    try await inviter.joining.answer(request, root: joiner.identity.id, session: session)
                }
            }
            let long = [JoinMessage.version] + [UInt8](repeating: 0x20, count: JoinMessage.maximumBytes)
            await #expect(throws: Fault(JoiningFaults.joinMalformed)) {
                try await inviter.joining.answer(long, root: joiner.identity.id, session: session)
            }
        }
    }
}
