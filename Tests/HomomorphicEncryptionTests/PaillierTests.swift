import Arithmetic
import Faults
import ResourcesTestKit
import Testing

@testable import HomomorphicEncryption

@Suite struct HomomorphismTests {
    @Test(arguments: Kernel.available)
    func sumsScalarsShiftsAndConstants(kernel: Kernel) throws {
        let pair = try TestKeys.small(kernel)
        let key = pair.publicKey
        var numbers = SeededGenerator(seed: 5)
        let values = (0..<19).map { _ in Int128.random(in: -(1 << 100)...(1 << 100), using: &numbers) }
        let batch = try key.receive(try pair.encrypt(PlaintextBatch(values)), count: values.count)
        var sum = key.neutral(1)
        for index in values.indices { key.add(batch, [Int32(index)], into: &sum, [0]) }
        try expect(pair, sum, [values.reduce(0, +)])

        let scalars = values.indices.map { [Int64](arrayLiteral: 0, 1, -1, 1000, -77777, 3)[$0 % 6] }
        var scaled = batch
        key.multiply(&scaled, by: scalars)
        try expect(pair, scaled, zip(values, scalars).map { $0 * Int128($1) })

        var shifted = batch
        key.shift(&shifted, by: 20)
        try expect(pair, shifted, values.map { $0 << 20 })

        var moved = batch
        try key.add(PlaintextBatch(values.map { 5 - 2 * $0 }), into: &moved)
        try expect(pair, moved, values.map { 5 - $0 })

        var within = batch
        key.addWithin(&within, [0, 2, 4], into: [1, 3, 5])
        var expected = values
        for index in [1, 3, 5] { expected[index] += values[index - 1] }
        try expect(pair, within, expected)
        try expect(pair, key.gather(batch, [3, 3, 0]), [values[3], values[3], values[0]])
        // The batch itself is untouched: working ciphertexts are values.
        try expect(pair, batch, values)
    }

    @Test func encryptionByThePublicKeyAlone() throws {
        let pair = try TestKeys.small()
        let block = try pair.publicKey.encrypt(PlaintextBatch([3, -4, 0]))
        let opened = try pair.decrypt(block, count: 3)
        #expect(signed(opened, pair) == [3, -4, 0])
    }

    @Test func everySealingIsFresh() throws {
        let pair = try TestKeys.small()
        let batch = try pair.publicKey.receive(try pair.encrypt(PlaintextBatch([9])), count: 1)
        let blocks = (0..<20).map { _ in pair.publicKey.seal(batch) }
        #expect(Set(blocks).count == 20)
        #expect(Set(try (0..<20).map { _ in try pair.encrypt(PlaintextBatch([9])) }).count == 20)
        for block in blocks { #expect(try pair.decrypt(block, count: 1).int128(0) == 9) }
    }

    @Test func emptyBatches() throws {
        let pair = try TestKeys.small()
        let block = try pair.encrypt(PlaintextBatch(count: 0, width: 2))
        #expect(block.count == CiphertextBlock.headerBytes)
        #expect(try pair.publicKey.receive(block, count: 0).count == 0)
        #expect(try pair.decrypt(block, count: 0).count == 0)
    }

    @Test func capacityIsExact() throws {
        let pair = try TestKeys.small()
        let bits = pair.publicKey.plaintextBits
        #expect(bits == 255)
        // 2^255 − 1, −2^255 + 1 and −2^255.
        var limits = PlaintextBatch(count: 3, width: 5)
        limits.words = [.max, .max, .max, .max >> 1, 0, 1, 0, 0, 1 << 63, .max, 0, 0, 0, 1 << 63, .max]
        #expect((0..<3).map { limits.bitLength($0) } == [255, 255, 256])
        let opened = try pair.decrypt(try pair.encrypt(limits), count: 3)
        let n = pair.publicKey.n
        for (index, distance) in [(1, Natural(1)), (2, Natural(0))] {
            let value = Natural(words: Array(opened.words[(5 * index)..<(5 * index + 5)]))
            #expect(value == n - (Natural(1) << 255) + distance)
        }
        #expect(Array(opened.words[..<5]) == Array(limits.words[..<5]))
        for words in [[0, 0, 0, 1 << 63, 0], [.max, .max, .max, .max >> 1, .max], [0, 0, 0, 0, 1]] as [[UInt64]] {
            var beyond = PlaintextBatch(count: 1, width: 5)
            beyond.words = words
            #expect(throws: Fault(EncryptionFaults.plaintextRange)) { try pair.encrypt(beyond) }
            #expect(throws: Fault(EncryptionFaults.plaintextRange)) { try pair.publicKey.encrypt(beyond) }
        }
    }

    private func expect(
        _ pair: PaillierKeyPair, _ batch: PairResidues, _ values: [Int128],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let opened = try pair.decrypt(pair.publicKey.seal(batch), count: values.count)
        #expect(signed(opened, pair) == values, sourceLocation: location)
    }
}

/// Decrypted values of a 256-bit key as signed numbers.
func signed(_ opened: PlaintextBatch, _ pair: PaillierKeyPair) -> [Int128?] {
    let n = pair.publicKey.n
    return (0..<opened.count).map { index in
        let value = Natural(words: Array(opened.words[(index * opened.width)..<((index + 1) * opened.width)]))
        let negative = value > n >> 1
        let magnitude = (negative ? n - value : value).words + [0, 0]
        guard magnitude[2...].allSatisfy({ $0 == 0 }) else { return nil }
        let number = Int128(truncatingIfNeeded: UInt128(magnitude[1]) << 64 | UInt128(magnitude[0]))
        return negative ? -number : number
    }
}

@Suite struct KeyValidationTests {
    @Test(arguments: [2048, 3072]) func aGoodKeyIsTaken(bits: Int) throws {
        let key = try TestKeys.vectors(bits, try Kernel.preferred()).publicKey
        let read = try PaillierPublicKey(decoding: key.encoded())
        #expect(read == key && read.bitWidth == bits && read.identifier == key.identifier)
        #expect(key.encoded().count == 8 + bits / 8 + bits / 4)
        #expect(read.plaintextBits == bits - 1 && read.ciphertextBytes == bits / 4)
    }

    @Test func shortKeysAreRefused() throws {
        for bits in [512, 1024, 1536, 2047, 2049, 4096] {
            #expect(throws: Fault(EncryptionFaults.keyTooShort)) { try PaillierKeyPair.generate(bits: bits) }
        }
        let short = try PaillierKeyPair.generate(unchecked: 1024).publicKey
        #expect(throws: Fault(EncryptionFaults.keyTooShort)) { try PaillierPublicKey(decoding: short.encoded()) }
    }

    @Test func malformedBytesAreRefused() throws {
        let good = try TestKeys.vectors(2048, try Kernel.preferred()).publicKey.encoded()
        for (bytes, fault) in [
            ([], EncryptionFaults.keyEncoding), (Array(good[..<7]), EncryptionFaults.keyEncoding),
            (Array(good.dropLast()), EncryptionFaults.keyEncoding), (good + [0], EncryptionFaults.keyEncoding),
            (changed(good, 0, 0), EncryptionFaults.keyEncoding), (changed(good, 4, 2), EncryptionFaults.keyVersion),
            (changed(good, 5, 9), EncryptionFaults.keyVersion), (changed(good, 7, 4), EncryptionFaults.keyTooShort),
            // 3072 bits stated, 2048 sent.
            (changed(good, 7, 12), EncryptionFaults.keyEncoding),
        ] as [([UInt8], FaultEntry)] {
            #expect(throws: Fault(fault)) { try PaillierPublicKey(decoding: bytes) }
        }
    }

    @Test func badModuliAreRefused() throws {
        let good = try TestKeys.vectors(2048, try Kernel.preferred()).publicKey
        let p = Natural(hex: try #require(Vectors.shared.keys.first).p)!
        let one = Natural(1)
        let (short, long) = (good.n >> 1, (good.n << 1) + one)
        // 1,048,573 is the largest prime below 2^20: as a factor it is refused; with the next, 1,048,583, none is found.
        let prime = Primes.random(bits: 2028)
        let small = prime * Natural(1_048_573)
        for (n, fault) in [
            (short, EncryptionFaults.keyLength), (good.n - one, EncryptionFaults.keyEven),
            (small, EncryptionFaults.keySmallFactor), (p * p, EncryptionFaults.keyPrimePower),
        ] as [(Natural, FaultEntry)] {
            let bytes = Self.encoded(n, good.base % (n * n), bits: 2048)
            #expect(throws: Fault(fault)) { try PaillierPublicKey(decoding: bytes) }
        }
        #expect(throws: Fault(EncryptionFaults.keyLength)) {
            try PaillierPublicKey.validate(modulus: long, bits: 2048)
        }
        try PaillierPublicKey.validate(modulus: prime * Natural(1_048_583), bits: 2048)
        // A prime, and powers of one.
        #expect(PaillierPublicKey.mayBePrimePower(p) && PaillierPublicKey.mayBePrimePower(p * p * p))
        #expect(!PaillierPublicKey.mayBePrimePower(good.n))
    }

    @Test func badBasesAreRefused() throws {
        let good = try TestKeys.vectors(2048, try Kernel.preferred()).publicKey
        let p = Natural(hex: try #require(Vectors.shared.keys.first).p)!
        let square = good.n * good.n
        var nonResidue = good.base + Natural(1)
        while (nonResidue % good.n).jacobi(over: good.n) != -1 { nonResidue = nonResidue + Natural(1) }
        for (base, fault) in [
            (Natural(0), EncryptionFaults.keyBaseRange), (Natural(1), EncryptionFaults.keyBaseRange),
            (square, EncryptionFaults.keyBaseRange), (square + Natural(2), EncryptionFaults.keyBaseRange),
            (p, EncryptionFaults.keyBaseCommonFactor), (good.n, EncryptionFaults.keyBaseCommonFactor),
            (nonResidue, EncryptionFaults.keyBaseSymbol),
        ] as [(Natural, FaultEntry)] {
            let bytes = Self.encoded(good.n, base, bits: 2048)
            #expect(throws: Fault(fault)) { try PaillierPublicKey(decoding: bytes) }
        }
    }

    @Test func toyKeysRoundTrip() throws {
        let key = try TestKeys.small().publicKey
        let read = try PaillierPublicKey(decoding: key.encoded(), profile: .shared, workers: .one, accepting: [256])
        #expect(read == key)
        #expect(throws: Fault(EncryptionFaults.keyTooShort)) { try PaillierPublicKey(decoding: key.encoded()) }
    }

    private func changed(_ bytes: [UInt8], _ index: Int, _ value: UInt8) -> [UInt8] {
        var bytes = bytes
        bytes[index] = value
        return bytes
    }

    static func encoded(_ n: Natural, _ base: Natural, bits: Int) -> [UInt8] {
        PaillierPublicKey.magic + [PaillierPublicKey.version, 1] + CiphertextBlock.bytes(UInt16(bits))
            + n.bytes(width: bits / 8) + base.bytes(width: bits / 4)
    }
}

@Suite struct CiphertextValidationTests {
    @Test(arguments: Kernel.available)
    func badCiphertextsAreRefused(kernel: Kernel) throws {
        let vectors = try #require(Vectors.shared.keys.first)
        let pair = try TestKeys.vectors(2048, kernel)
        let n = pair.publicKey.n
        let p = Natural(hex: vectors.p)!
        let q = Natural(hex: vectors.q)!
        let square = n * n
        for (bad, fault) in [
            (Natural(0), EncryptionFaults.ciphertextRange), (square, EncryptionFaults.ciphertextRange),
            (square + Natural(1), EncryptionFaults.ciphertextRange),
            // c ≡ 0 mod p would mark a row through any blinding.
            (p, EncryptionFaults.ciphertextCommonFactor), (q * Natural(12345), EncryptionFaults.ciphertextCommonFactor),
            (p * p, EncryptionFaults.ciphertextCommonFactor), (n, EncryptionFaults.ciphertextCommonFactor),
            (square - n, EncryptionFaults.ciphertextCommonFactor),
        ] as [(Natural, FaultEntry)] {
            // Alone, and hidden among good ones.
            for (count, place) in [(1, 0), (19, 17)] {
                let block = try replaced(pair, bad, place, count: count)
                #expect(throws: Fault(fault)) { _ = try pair.publicKey.receive(block, count: count) }
                #expect(throws: Fault(fault)) { _ = try pair.decrypt(block, count: count) }
            }
        }
        // The neighbours of the refused values are taken.
        for good in [Natural(1), square - Natural(1)] {
            let block = try replaced(pair, good, 0, count: 1)
            #expect(try pair.publicKey.receive(block, count: 1).count == 1)
        }
    }

    @Test func badBlocksAreRefused() throws {
        let pair = try TestKeys.small()
        let good = try pair.encrypt(PlaintextBatch([1, 2]))
        _ = try pair.publicKey.receive(good, count: 2)
        for (index, value, fault) in [
            (0, 0, EncryptionFaults.blockEncoding), (4, 2, EncryptionFaults.blockVersion),
            (5, 2, EncryptionFaults.blockVersion), (6, 1, EncryptionFaults.blockVersion),
            (24, 3, EncryptionFaults.blockCount), (28, 1, EncryptionFaults.blockLength),
        ] as [(Int, UInt8, FaultEntry)] {
            var bad = good
            bad[index] = value
            refused(pair, bad, 2, fault)
        }
        var other = good
        other[8] ^= 1
        refused(pair, other, 2, EncryptionFaults.blockKey)
        refused(pair, [], 2, EncryptionFaults.blockEncoding)
        refused(pair, good, 1, EncryptionFaults.blockCount)
        refused(pair, good, 3, EncryptionFaults.blockCount)
        refused(pair, Array(good.dropLast()), 2, EncryptionFaults.blockLength)
        refused(pair, good + [0], 2, EncryptionFaults.blockLength)
        refused(
            pair, try PaillierKeyPair.generate(unchecked: 256).encrypt(PlaintextBatch([1, 2])), 2,
            EncryptionFaults.blockKey)
    }

    private func refused(
        _ pair: PaillierKeyPair, _ block: [UInt8], _ count: Int, _ fault: FaultEntry,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: Fault(fault), sourceLocation: location) { _ = try pair.publicKey.receive(block, count: count) }
        #expect(throws: Fault(fault), sourceLocation: location) { _ = try pair.decrypt(block, count: count) }
    }

    private func replaced(_ pair: PaillierKeyPair, _ value: Natural, _ place: Int, count: Int) throws -> [UInt8] {
        let width = pair.publicKey.ciphertextBytes
        var block = try pair.encrypt(PlaintextBatch([Int128](repeating: 3, count: count)))
        let start = CiphertextBlock.headerBytes + place * width
        block.replaceSubrange(start..<(start + width), with: value.bytes(width: width))
        return block
    }
}

@Suite struct KeyGenerationTests {
    @Test func generatedKeysHaveTheirProperties() throws {
        for _ in 0..<3 {
            let pair = try PaillierKeyPair.generate(unchecked: 256)
            let key = pair.publicKey
            #expect(key.bitWidth == 256)
            try PaillierPublicKey.validate(modulus: key.n, bits: 256)
            try PaillierPublicKey.validate(base: key.base, modulus: key.n)
        }
    }

    @Test func aGeneratedKeyOfFullLengthWorks() throws {
        let pair = try PaillierKeyPair.generate(bits: 2048)
        let read = try PaillierPublicKey(decoding: pair.publicKey.encoded())
        let sums = try read.receive(try pair.encrypt(PlaintextBatch([41])), count: 1)
        #expect(try pair.decrypt(read.seal(sums), count: 1).int128(0) == 41)
    }
}
