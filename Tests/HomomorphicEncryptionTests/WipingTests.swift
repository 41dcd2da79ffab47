@_spi(Testing) import Arithmetic
import Faults
import Synchronization
import Testing

@testable import HomomorphicEncryption

/// Pages of secrets, looked at when they are given back.
@Suite(.serialized) struct WipingTests {
    /// Bytes of the released pages, and how many of them were not zero.
    private func released(_ body: () throws -> Void) rethrows -> (pages: Int, bytes: Int, dirty: Int) {
        let seen = Mutex((pages: 0, bytes: 0, dirty: 0))
        try unsafe SecretWords.observeReleases { page in
            let dirty = unsafe page.count { $0 != 0 }
            let count = page.count
            seen.withLock { seen in
                seen.pages += 1
                seen.bytes += count
                seen.dirty += dirty
            }
        } while: {
            try body()
        }
        return seen.withLock { $0 }
    }

    @Test func aReleasedKeyPairLeavesNothing() throws {
        // p − 1, q − 1, their halves, the order.
        let seen = try released {
            let pair = try PaillierKeyPair.generate(unchecked: 512)
            #expect(pair.publicKey.bitWidth == 512)
        }
        #expect(seen.pages >= 5 && seen.dirty == 0)
    }

    @Test func exponentsOfBlindingsLeaveNothing() throws {
        let pair = try TestKeys.small()
        let seen = released { _ = pair.publicKey.blindings(8) }
        #expect(seen.pages >= 1 && seen.bytes >= 8 * 8 * ((256 + 80 + 63) / 64) && seen.dirty == 0)
        let owned = released { _ = pair.blindings(8) }
        #expect(owned.pages >= 3 && owned.dirty == 0)
    }

    @Test func decryptionLeavesNothing() throws {
        let pair = try TestKeys.small()
        let block = try pair.encrypt(PlaintextBatch([1, 2, 3]))
        let seen = try released { _ = try pair.decrypt(block, count: 3) }
        #expect(seen.pages >= 3 && seen.dirty == 0)
    }
}
