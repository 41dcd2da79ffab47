import Foundation
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct NumberTests {
    @Test func exponentialAndLogarithmAreThoseOfTheSystemToTwoUnits() {
        var random = SeededGenerator.printed(for: "elementary functions")
        for _ in 0..<20_000 {
            let x = Double.random(in: -40...40, using: &random)
            let exact = Foundation.exp(x)
            #expect(abs(Elementary.exp(x) - exact) <= 2 * exact.ulp, "\(x)")
            let y = Foundation.exp(Double.random(in: -300...300, using: &random))
            let logarithm = Foundation.log(y)
            #expect(abs(Elementary.log(y) - logarithm) <= max(2 * logarithm.ulp, 1e-16), "\(y)")
        }
        #expect(Elementary.exp(0) == 1 && Elementary.log(1) == 0)
        #expect(Elementary.exp(41) == Elementary.exp(40) && Elementary.exp(-1e9) == Elementary.exp(-40))
        #expect(Elementary.logistic(0) == 0.5)
    }

    /// Bit patterns that every machine must give: were an operation fused or a function the system's, some would differ.
    @Test func exponentialAndLogarithmHaveTheseBits() {
        var bits: UInt64 = 0
        for step in -400...400 {
            let x = Double(step) / 10.3
            bits = bits &* 0x100_0000_01B3 ^ Elementary.exp(x).bitPattern
            bits = bits &* 0x100_0000_01B3 ^ Elementary.log(1 + x * x).bitPattern
        }
        #expect(bits == 0xfcc4_ab3a_a7e5_8fd5, "got \(String(bits, radix: 16))")
    }

    @Test func roundingIsToNearestAndHalvesToEven() {
        #expect(FixedPoint.encode(0.5 / 256, bits: 8) == 0 && FixedPoint.encode(1.5 / 256, bits: 8) == 2)
        #expect(FixedPoint.encode(-0.5 / 256, bits: 8) == 0 && FixedPoint.encode(-1.5 / 256, bits: 8) == -2)
        let expected: [Int64: Int64] = [
            0: 0, 7: 0, 8: 0, 9: 1, 16: 1, 23: 1, 24: 2, 25: 2, 40: 2, -7: 0, -8: 0, -9: -1, -24: -2, -40: -2, -41: -3,
        ]
        for (value, rounded) in expected { #expect(FixedPoint.shiftRounding(value, bits: 4) == rounded, "\(value)") }
    }

    /// From the table in appendix A of the SipHash paper and the authors' list of vectors: key 00 … 0f, message 00, 01, ….
    @Test func sipHashGivesItsAuthorsAnswers() {
        let hash = SipHash(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)
        let first: UInt64 = 0x0706_0504_0302_0100
        let second: UInt64 = 0x0f0e_0d0c_0b0a_0908
        #expect(hash.hash() == 0x726f_db47_dd0e_0e31)
        #expect(hash.hash(first) == 0x93f5_f579_9a93_2462)
        let two = hash.hash(first, second)
        #expect(two == 0x3f2a_cc7f_57c2_9bdb)
    }

    @Test func rowKeysAreTheFirstBytesOfTheDigest() {
        #expect(RowKey.key(of: "1") == 7_748_076_420_210_162_913)
        #expect(RowKey.key(of: "6") == 16_714_758_248_282_885_559)
    }

    @Test func samplingTakesTheShareAndDependsOnSeedTreeAndKeyAlone() {
        let sampling = SamplingFunction(seed: 7, purpose: .rows)
        func chosen(_ function: SamplingFunction, _ tree: Int, _ share: Double) -> Set<Int> {
            Set((0..<20_000).filter { function.chooses(tree: tree, key: UInt64($0), share: share) })
        }
        let half = chosen(sampling, 3, 0.5)
        // Six standard deviations.
        #expect(abs(half.count - 10_000) < 430)
        #expect(half == chosen(SamplingFunction(seed: 7, purpose: .rows), 3, 0.5))
        #expect(chosen(sampling, 3, 0.25).isSubset(of: half))
        for other in [
            chosen(sampling, 4, 0.5), chosen(SamplingFunction(seed: 8, purpose: .rows), 3, 0.5),
            chosen(SamplingFunction(seed: 7, purpose: .validation), 3, 0.5),
        ] {
            #expect(abs(half.intersection(other).count - 5000) < 370)
        }
        #expect(chosen(sampling, 3, 1).count == 20_000 && chosen(sampling, 3, 0).isEmpty)
    }

    @Test func columnsAreChosenByNameAndNotByPlace() {
        let sampling = SamplingFunction(seed: 1, purpose: .columns)
        let names = (0..<23).map { "x\($0)" }
        let chosen = sampling.columns(tree: 2, party: 1, names: names, share: 0.3)
        #expect(chosen.count == 7 && chosen == chosen.sorted())
        let turned = Array(names.reversed())
        let again = sampling.columns(tree: 2, party: 1, names: turned, share: 0.3)
        #expect(Set(again.map { turned[$0] }) == Set(chosen.map { names[$0] }))
        #expect(sampling.columns(tree: 2, party: 0, names: names, share: 0.3) != chosen)
        #expect(sampling.columns(tree: 2, party: 0, names: names, share: 0.001).count == 1)
        #expect(sampling.columns(tree: 2, party: 0, names: names, share: 1) == Array(0..<23))
        #expect(sampling.columns(tree: 2, party: 0, names: [], share: 0.5) == [])
    }
}
