import Faults
import Foundation
import Testing

@testable import HomomorphicEncryption

@Suite struct PackingLayoutTests {
    @Test func widthsAreTheOnesOfTheScript() throws {
        for expected in try Vectors.shared.layouts {
            let objective = try #require(Objective(rawValue: expected.objective))
            guard expected.allowed else {
                #expect(throws: Fault(EncryptionFaults.packingFieldTooWide)) {
                    try PackingLayout(objective, rows: expected.rows, plaintextBits: 2047)
                }
                continue
            }
            let layout = try PackingLayout(objective, rows: expected.rows, plaintextBits: 2047)
            #expect(layout.gradientBits == expected.gradientBits)
            #expect(layout.hessianBits == expected.hessianBits)
            #expect(layout.slots == expected.slots)
        }
    }

    @Test func refusesWhatItCannotHold() {
        #expect(throws: Fault(EncryptionFaults.packingBounds)) {
            try PackingLayout(.logistic, rows: 0, plaintextBits: 2047)
        }
        #expect(throws: Fault(EncryptionFaults.packingBounds)) {
            try PackingLayout(.logistic, fractionBits: 1, rows: 1, plaintextBits: 2047)
        }
        #expect(throws: Fault(EncryptionFaults.packingBounds)) {
            try PackingLayout(rows: 1, gradientBound: 1, hessianBound: 0, plaintextBits: 2047)
        }
        #expect(throws: Fault(EncryptionFaults.packingFieldTooWide)) {
            try PackingLayout(rows: .max, gradientBound: .max, hessianBound: nil, plaintextBits: 2047)
        }
        #expect(throws: Fault(EncryptionFaults.packingNoSlot)) {
            try PackingLayout(.logistic, rows: 30000, plaintextBits: 60)
        }
    }
}

/// Rows at the limits of the fields for one objective: all at +a and b, all at −a and b, and mixtures.
@Suite struct FieldLimitTests {
    private static let key = ClearKey()

    @Test(arguments: Objective.allCases, [1, 3, 1000])
    func sumsAtTheLimitsSurvivePacking(objective: Objective, rows: Int) throws {
        let key = Self.key
        let layout = try PackingLayout(objective, rows: rows, plaintextBits: key.plaintextBits)
        let a = Int64(layout.gradientBound)
        let b = layout.hessianBound.map { Int64($0) }
        for pattern in [(a, b), (-a, b), (0, 0), (a, 0), (-a, 0), (1, 1), (-1, 1)] as [(Int64, Int64?)] {
            let gradients = [Int64](repeating: pattern.0, count: rows)
            let hessians = b.map { _ in [Int64](repeating: pattern.1 ?? 0, count: rows) }
            let (plaintexts, sums) = try layout.plaintexts(gradients: gradients, hessians: hessians)
            // Cells with every number of rows from none to all, more of them than one plaintext holds.
            let sizes = (0..<(layout.slots + 3)).map { $0 == 1 ? rows : $0 * 7 % (rows + 1) }
            var total = key.neutral(1)
            var cells = key.neutral(sizes.count)
            let rowsAsCiphertexts = key.rows(plaintexts)
            for (cell, size) in sizes.enumerated() {
                for row in 0..<size { key.add(rowsAsCiphertexts, [Int32(row)], into: &cells, [Int32(cell)]) }
            }
            for row in 0..<rows { key.add(rowsAsCiphertexts, [Int32(row)], into: &total, [0]) }
            let packed = try layout.pack(key, cells, order: sizes.indices.map { Int32($0) })
            #expect(key.count(packed) == layout.plaintexts(forCells: sizes.count))
            var opened = PlaintextBatch(count: packed.count, width: ClearKey.words)
            opened.words = packed.flatMap { $0 }
            let result = try layout.unpack(opened, cells: sizes.count, within: sums)
            #expect(result.gradients == sizes.map { Int64($0) * pattern.0 })
            #expect(result.hessians == (b == nil ? [] : sizes.map { Int64($0) * (pattern.1 ?? 0) }))
        }
    }

    @Test func theRangeCheckRefusesOneTooMany() throws {
        let layout = try PackingLayout(rows: 4, gradientBound: 4, hessianBound: 4, plaintextBits: 100)
        #expect(layout.gradientBits == 6 && layout.hessianBits == 5)
        // Fields hold −32...31 and 0...31.
        _ = try layout.plaintexts(gradients: [31, -32], hessians: [0, 31])
        #expect(throws: Fault(EncryptionFaults.packingRange)) {
            try layout.plaintexts(gradients: [31, 1], hessians: [0, 0])
        }
        #expect(throws: Fault(EncryptionFaults.packingRange)) {
            try layout.plaintexts(gradients: [-32, -1], hessians: [0, 0])
        }
        #expect(throws: Fault(EncryptionFaults.packingRange)) {
            try layout.plaintexts(gradients: [0, 0], hessians: [31, 1])
        }
        #expect(throws: Fault(EncryptionFaults.packingRange)) {
            try layout.plaintexts(gradients: [.max, .max], hessians: [0, 0])
        }
        #expect(throws: Fault(EncryptionFaults.packingBounds)) {
            try layout.plaintexts(gradients: [0, 0, 0, 0, 0], hessians: [0, 0, 0, 0, 0])
        }
        for hessians in [nil, [0], [0, -1]] as [[Int64]?] {
            #expect(throws: Fault(EncryptionFaults.packingShape)) {
                try layout.plaintexts(gradients: [0, 0], hessians: hessians)
            }
        }
    }

    @Test func unpackingRefusesWhatNoSubsetGives() throws {
        let layout = try PackingLayout(rows: 4, gradientBound: 4, hessianBound: 4, plaintextBits: 25)
        #expect(layout.slots == 2)
        let (_, sums) = try layout.plaintexts(gradients: [3, -2], hessians: [1, 4])
        func packed(_ first: (Int128, Int128), _ second: (Int128, Int128), extra: Int128 = 0) -> PlaintextBatch {
            let slot = { (sum: (Int128, Int128)) in sum.0 << 5 + sum.1 + 1 << 10 }
            return PlaintextBatch([slot(first) + slot(second) << 11 + extra])
        }
        let good = try layout.unpack(packed((3, 5), (-2, 0)), cells: 2, within: sums)
        #expect(good.gradients == [3, -2] && good.hessians == [5, 0])
        for bad in [
            packed((4, 0), (0, 0)), packed((0, 0), (-3, 0)), packed((0, 6), (0, 0)),
            packed((0, 0), (0, 0), extra: 1 << 22), PlaintextBatch([-1]),
        ] {
            #expect(throws: Fault(EncryptionFaults.packingReplyRange)) {
                try layout.unpack(bad, cells: 2, within: sums)
            }
        }
        // A single cell: the second slot must be empty.
        #expect(throws: Fault(EncryptionFaults.packingReplyRange)) {
            try layout.unpack(packed((0, 0), (0, 0)), cells: 1, within: sums)
        }
        #expect(throws: Fault(EncryptionFaults.packingShape)) {
            try layout.unpack(packed((0, 0), (0, 0)), cells: 3, within: sums)
        }
    }

    @Test func packingIsTheScriptsNumber() throws {
        let key = Self.key
        for vectors in try Vectors.shared.keys {
            let expected = vectors.packing
            let layout = try PackingLayout(.logistic, rows: expected.rows, plaintextBits: vectors.bits - 1)
            #expect(layout.slots == expected.slots)
            let values = zip(expected.gradients, expected.hessians).map {
                Int128($0) << Int128(layout.hessianBits) + Int128($1)
            }
            guard vectors.bits == 2048 else { continue }
            let packed = try layout.pack(
                key, key.rows(PlaintextBatch(values)), order: values.indices.map { Int32($0) })
            #expect(Hex.words(expected.packed, count: ClearKey.words) == packed[0])
        }
    }
}

@Suite struct PlaintextBatchTests {
    @Test(arguments: [0, 1, -1, Int128.max, Int128.min, 1 << 89, -(1 << 89)] as [Int128])
    func roundTrip(value: Int128) {
        let batch = PlaintextBatch([value])
        #expect(batch.int128(0) == value && batch.isNegative(0) == (value < 0))
        #expect(batch.bitLength(0) == 128 - value.magnitude.leadingZeroBitCount)
    }

    @Test func widthsOtherThanTwo() {
        var narrow = PlaintextBatch(count: 2, width: 1)
        narrow.words = [5, .max]
        #expect(narrow.int128(0) == 5 && narrow.int128(1) == -1)
        var wide = PlaintextBatch(count: 3, width: 3)
        wide.words = [1, 2, 0, .max, .max, .max, 0, 0, 1]
        #expect(wide.int128(0) == 1 + 2 << 64 && wide.int128(1) == -1 && wide.int128(2) == nil)
        #expect(wide.bitLength(2) == 129 && wide.bitLength(1) == 1)
    }
}
