import Faults
import Foundation
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct GradientTests {
    private let all: (Int) -> [Int32] = { Array(0..<Int32($0)) }

    @Test func binaryGradientsAreTheRoundedDerivatives() {
        var random = SeededGenerator.printed(for: "binary gradients")
        let scores = [0, 100, -100, 40, -40] + (0..<500).map { _ in Double.random(in: -12...12, using: &random) }
        let labels = scores.map { _ in Bool.random(using: &random) ? 1.0 : 0 }
        for bits in [8, 16, 24] {
            let found = Objective.binary.gradients(
                scores: scores, labels: labels, weights: nil, rows: all(scores.count), bits: bits)
            let one = pow(2, Double(bits))
            for row in scores.indices {
                let p = 1 / (1 + Foundation.exp(-scores[row]))
                #expect(abs(Double(found.first[row]) - (p - labels[row]) * one) <= 0.5001)
                #expect(abs(Double(found.second[row]) - p * (1 - p) * one) <= 1.6)
                #expect(found.second[row] >= 1 && Double(found.second[row]) <= one / 4)
            }
            #expect(found.units == .init(first: 1 / one, second: 1 / one) && !found.isSecondConstant)
        }
    }

    @Test func squaredGradientsAreScaledByOnePowerOfTwo() {
        var random = SeededGenerator.printed(for: "squared gradients")
        for scale in [1e-30, 0.01, 1, 3.7e6, 1e30] {
            let scores = (0..<300).map { _ in Double.random(in: -1...1, using: &random) * scale }
            let labels = scores.map { _ in Double.random(in: -1...1, using: &random) * scale }
            let found = Objective.squared.gradients(
                scores: scores, labels: labels, weights: nil, rows: all(300), bits: 16)
            let largest = found.first.map(\.magnitude).max()!
            #expect((1 << 15 - 1)...(1 << 16) ~= largest)
            #expect(found.units.first.significand == 1 && found.units.second == 1 && found.isSecondConstant)
            for row in 0..<300 {
                let exact = (scores[row] - labels[row]) / found.units.first
                #expect(abs(Double(found.first[row]) - exact) <= 0.5)
                #expect(found.second[row] == 1)
            }
        }
        #expect(Objective.exponent(1) == 0 && Objective.exponent(1.0.nextUp) == 1 && Objective.exponent(0.5) == -1)
        let none = Objective.squared.gradients(scores: [2, 2], labels: [2, 2], weights: nil, rows: [0, 1], bits: 16)
        #expect(none.first == [0, 0] && none.units.first.isNormal)
    }

    @Test func weightsMultiplyBothDerivatives() {
        let weights = RowWeights([1, 2, 4, 4e-9], bits: 16)
        #expect(weights.fixed == [1 << 14, 1 << 15, 1 << 16, 1] && weights.largest == 4)
        let binary = Objective.binary.gradients(
            scores: [0, 0, 0, 0], labels: [1, 1, 1, 1], weights: weights, rows: all(4), bits: 16)
        #expect(binary.first == [-1 << 13, -1 << 14, -1 << 15, 0])
        #expect(binary.second == [1 << 12, 1 << 13, 1 << 14, 1])
        #expect(binary.units == .init(first: 0x1p-14, second: 0x1p-14))
        let squared = Objective.squared.gradients(
            scores: [8, 4, 4, 4], labels: [0, 0, 0, 0], weights: weights, rows: [0, 1, 2], bits: 16)
        // Weighted differences 2, 2 and 4: the exponent is 2.
        #expect(squared.first == [1 << 15, 1 << 15, 1 << 16, 0])
        #expect(squared.second == [1 << 14, 1 << 15, 1 << 16, 0])
        #expect(squared.units == .init(first: 0x1p-12, second: 0x1p-14) && !squared.isSecondConstant)
    }

    @Test func rowsThatATreeDoesNotUseHaveNoGradients() {
        let found = Objective.squared.gradients(
            scores: [1, 1e9, 2], labels: [0, 0, 0], weights: nil, rows: [0, 2], bits: 8)
        #expect(found.first == [128, 0, 256] && found.second == [1, 0, 1])
    }

    @Test func widthsHoldAtTheLimitsAndAreRefusedBeyond() throws {
        let million = try FieldWidths(objective: .binary, rows: 1_000_000, bits: 16, isWeighted: false)
        #expect(million.first == 37 && million.second == 34)
        #expect(try FieldWidths(objective: .squared, rows: 1_000_000, bits: 16, isWeighted: false).second == 20)
        #expect(try FieldWidths(objective: .squared, rows: 1_000_000, bits: 16, isWeighted: true).second == 36)
        // 2^28 - 1 rows of 24 bits fill 52 bits and the sign; one more row would need another.
        let most = 1 << 28 - 1
        #expect(try FieldWidths(objective: .binary, rows: most, bits: 24, isWeighted: false).first == 53)
        #expect(throws: Fault(ModelingFaults.width)) {
            try FieldWidths(objective: .binary, rows: most + 1, bits: 24, isWeighted: false)
        }
        #expect(throws: Fault(ModelingFaults.width)) {
            try FieldWidths(objective: .binary, rows: .max, bits: 24, isWeighted: false)
        }
    }

    @Test func sumsBeyondTheirWidthsAreFound() throws {
        let widths = try FieldWidths(objective: .binary, rows: 3, bits: 8, isWeighted: false)
        func gradients(_ first: [Int32], _ second: [Int32]) -> Gradients {
            Gradients(first: first, second: second, units: .init(first: 1, second: 1), isSecondConstant: false)
        }
        // 3 · 2^8 fits 10 bits and a sign; 3 · 2^6 fits 8 bits.
        try widths.check(gradients([341, 341, 341], [85, 85, 85]), rows: [0, 1, 2])
        try widths.check(gradients([-512, -512, 600], [255, 0, 0]), rows: [0, 1, 2])
        #expect(throws: Fault(ModelingFaults.width)) {
            try widths.check(gradients([512, 512, -600], [1, 1, 1]), rows: [0, 1, 2])
        }
        #expect(throws: Fault(ModelingFaults.width)) {
            try widths.check(gradients([-512, -513, 600], [1, 1, 1]), rows: [0, 1, 2])
        }
        #expect(throws: Fault(ModelingFaults.width)) {
            try widths.check(gradients([0, 0, 0], [100, 100, 56]), rows: [0, 1, 2])
        }
    }
}
