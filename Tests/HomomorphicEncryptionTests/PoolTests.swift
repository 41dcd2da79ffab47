import Arithmetic
import Faults
import Foundation
import Synchronization
import Testing

@testable import HomomorphicEncryption

@Suite struct PoolTests {
    @Test func isBoundedAndHandsOutEachOnce() throws {
        let pair = try TestKeys.small()
        let key = pair.publicKey
        let pool = BlindingPool(owner: pair, capacity: 50)
        #expect(pool.fill(step: 16) == 50)
        #expect(pool.ready == 50 && pool.fill() == 0)
        var handed: Set<[UInt8]> = []
        for count in [7, 20, 0, 30] {
            let taken = pool.take(count)
            for index in 0..<taken.count { #expect(handed.insert(taken[index..<(index + 1)].leaveBytes()).inserted) }
        }
        #expect(handed.count == 50 && pool.ready == 0)
        // More than there is: the rest is made.
        #expect(key.count(pool.blindings(5)) == 5)
    }

    @Test func poolsServeEncryptionAndSealing() throws {
        let pair = try TestKeys.small()
        let owned = BlindingPool(owner: pair, capacity: 20)
        let free = BlindingPool(pair.publicKey, capacity: 20)
        owned.fill()
        free.fill()
        let values = (0..<30).map { Int128($0) - 11 }
        let block = try pair.encrypt(PlaintextBatch(values), from: owned)
        #expect(owned.ready == 0)
        let batch = try pair.publicKey.receive(block, count: 30)
        let sealed = pair.publicKey.seal(batch, from: free)
        #expect(free.ready == 0 && sealed != block)
        #expect(signed(try pair.decrypt(sealed, count: 30), pair) == values)
    }

    @Test func whatWasHandedOutIsOverwritten() throws {
        let key = try TestKeys.small().publicKey
        let pool = BlindingPool(key, capacity: 6)
        pool.fill()
        let ones = key.neutral(1).leaveBytes()
        #expect(pool.storedBytes().chunked(key.ciphertextBytes).allSatisfy { $0 != ones })
        _ = pool.take(4)
        #expect(
            pool.storedBytes().chunked(key.ciphertextBytes).map { $0 == ones } == [
                false, false, true, true, true, true,
            ])
    }

    @Test func aCancelledFillingLeavesWhatItMade() throws {
        let key = try TestKeys.small().publicKey
        let pool = BlindingPool(key, capacity: 1000)
        var steps = 0
        let added = pool.fill(step: 5) {
            steps += 1
            return steps <= 3
        }
        #expect(added == 15 && pool.ready == 15)
        pool.fill(step: 5, while: { pool.ready < 25 })
        #expect(pool.ready == 25)
        #expect(Set(pool.take(25).leaveBytes().chunked(key.ciphertextBytes)).count == 25)
    }

    @Test func fillsInTheBackgroundUntilStopped() throws {
        let key = try TestKeys.small().publicKey
        let pool = BlindingPool(key, capacity: 40)
        let filler = PoolFiller(pool, pause: 1)
        let limit = ContinuousClock.now + .seconds(120)
        while pool.ready < 40, ContinuousClock.now < limit { Thread.sleep(forTimeInterval: 0.002) }
        #expect(pool.ready == 40)
        _ = pool.take(10)
        while pool.ready < 40, ContinuousClock.now < limit { Thread.sleep(forTimeInterval: 0.002) }
        #expect(pool.ready == 40)
        filler.stop()
        _ = pool.take(10)
        Thread.sleep(forTimeInterval: 0.02)
        #expect(pool.ready == 30)
    }

    @Test func severalThreadsNeverGetTheSame() throws {
        let key = try TestKeys.small().publicKey
        let pool = BlindingPool(key, capacity: 64)
        let seen = Mutex<[[UInt8]]>([])
        _ = Workers(6).map(6) { index in
            if index < 2 {
                for _ in 0..<10 { pool.fill(step: 3) }
            } else {
                for _ in 0..<20 {
                    let taken = pool.take(3).leaveBytes().chunked(key.ciphertextBytes)
                    seen.withLock { $0 += taken }
                }
            }
        }
        let all = seen.withLock { $0 } + pool.take(64).leaveBytes().chunked(key.ciphertextBytes)
        #expect(all.count >= 64 && Set(all).count == all.count)
    }
}

@Suite struct WorkersTests {
    @Test(arguments: [1, 2, 7], [0, 1, 5, 100])
    func everyItemOnceInOrder(workers: Int, items: Int) {
        #expect(Workers(workers).map(items) { $0 * $0 } == (0..<items).map { $0 * $0 })
    }

    @Test(arguments: [1, 4]) func theLowestFaultIsThrown(workers: Int) {
        #expect(throws: Fault(EncryptionFaults.packingShape)) {
            try Workers(workers).map(50) { item throws(Fault) in
                if item == 20 { throw Fault(EncryptionFaults.packingShape) }
                if item > 20 { throw Fault(EncryptionFaults.packingRange) }
            }
        }
    }

    @Test func rangesCoverEverything() {
        for items in [0, 1, 7, 8, 9, 100, 1000] {
            let ranges = Workers(3).mapRanges(items, most: 64, multipleOf: 8) { $0 }
            #expect(ranges.flatMap { Array($0) } == Array(0..<items))
            #expect(ranges.allSatisfy { $0.count <= 64 } && ranges.dropLast().allSatisfy { $0.count % 8 == 0 })
        }
    }
}

extension [UInt8] {
    func chunked(_ size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension BlindingPool<PaillierPublicKey> {
    func storedBytes() -> [UInt8] { stored.leaveBytes() }
}
