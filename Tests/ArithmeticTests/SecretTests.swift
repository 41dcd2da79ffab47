@_spi(Testing) import Arithmetic
import Synchronization
import Testing

@Suite struct SecretTests {
    /// What the test hook saw: sizes of released memory, and how many bytes of it were not zero.
    final class Seen: Sendable {
        private let state = Mutex<(sizes: [Int], dirty: Int)>(([], 0))

        func record(_ memory: UnsafeRawBufferPointer) {
            var dirty = 0
            for i in 0..<memory.count where unsafe memory[i] != 0 { dirty += 1 }
            let size = memory.count
            state.withLock {
                $0.sizes.append(size)
                $0.dirty += dirty
            }
        }
        var sizes: [Int] { state.withLock { $0.sizes } }
        var dirty: Int { state.withLock { $0.dirty } }
    }

    @Test func releasedPagesReadZero() {
        let seen = Seen()
        unsafe SecretWords.observeReleases(
            { unsafe seen.record($0) },
            while: {
                var secret = SecretWords(count: 1000)
                secret.withMutableWords { words in
                    for i in words.indices { words[i] = .max }
                }
                #expect(secret.withWords { $0[999] } == .max)
            })
        #expect(seen.sizes.contains(8192), "whole pages for a thousand words")
        #expect(seen.dirty == 0)
    }

    @Test func naturalsBatchesAndTablesAreWiped() throws {
        let seen = Seen()
        let tableBytes = Mutex(0)
        unsafe try SecretWords.observeReleases(
            { unsafe seen.record($0) },
            while: {
                let modulus = try PairModulus(randomModulus(bits: 1024))
                let table = FixedBase(
                    base: 3, exponentBits: 64, window: 4, profile: .shared, modulus: modulus)
                tableBytes.withLock { $0 = table.tableBytes }
                let exponents: [UInt64] = [5, 7]
                let powers = table.powers(exponents: exponents.span, width: 1)
                #expect(powers.values == [243, 2187])
            })
        #expect(seen.sizes.contains(tableBytes.withLock { $0 }))
        #expect(seen.sizes.count > 10)
        #expect(seen.dirty == 0)
    }

    @Test func revealsWhatItHolds() {
        let value = SecureRandom.natural(bits: 300)
        #expect(SecretWords(value).reveal() == value)
        let padded = SecretWords(value, count: 9)
        #expect(padded.count == 9 && padded.reveal() == value)
    }

    @Test func randomBitsAndBounds() {
        var words = [UInt64](repeating: 0, count: 3 * 400)
        func draw(_ fill: (inout MutableSpan<UInt64>) -> Void) {
            var span = words.mutableSpan
            fill(&span)
        }
        draw { SecureRandom.fill(&$0, width: 3, bits: 130) }
        let values = split(words, 3)
        #expect(values.allSatisfy { $0.bitWidth <= 130 })
        // Each of the 130 bits is set in some value and clear in another: fails once in 2^390.
        for bit in 0..<130 {
            #expect(values.contains { $0.bit(bit) } && values.contains { !$0.bit(bit) })
        }
        let bound = Natural.power(ofTwo: 129) + 1
        draw { SecureRandom.fill(&$0, width: 3, below: bound) }
        #expect(split(words, 3).allSatisfy { $0 < bound })
        #expect(Set(split(words, 3)).count == 400)
    }

    /// 12,000 draws below 6: each face within six standard deviations (41) of 2,000.
    @Test func uniformBelowABound() {
        var faces = [Int](repeating: 0, count: 6)
        for _ in 0..<12_000 { faces[Int(SecureRandom.natural(below: 6).bits(from: 0, count: 8))] += 1 }
        #expect(faces.allSatisfy { abs($0 - 2000) < 246 }, "\(faces)")
    }

    @Test func bytesAreFilled() {
        var bytes = [UInt8](repeating: 0, count: 5000)
        var span = bytes.mutableSpan
        SecureRandom.fill(&span)
        #expect(Set(bytes).count == 256)
        for _ in 0..<50 { #expect(SecureRandom.natural(coprimeTo: 30).gcd(30) == 1) }
    }
}
