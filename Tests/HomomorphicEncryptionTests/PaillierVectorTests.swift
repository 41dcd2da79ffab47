import Arithmetic
import Faults
import Testing

@testable import HomomorphicEncryption

/// Everything Paillier computes, against numbers that an independent script computed, on every kernel.
@Suite struct PaillierVectorTests {
    @Test(arguments: [2048, 3072], Kernel.available)
    func knownAnswers(bits: Int, kernel: Kernel) throws {
        let vectors = try #require(Vectors.shared.keys.first { $0.bits == bits })
        let pair = try TestKeys.vectors(bits, kernel)
        let n = try #require(Natural(hex: vectors.n))
        let base = try #require(Natural(hex: vectors.base))
        #expect(pair.publicKey.n == n && pair.publicKey.base == base)
        let bytes = pair.publicKey.ciphertextBytes
        let ciphers = vectors.encryptions.map { Natural(hex: $0.cipher)! }
        let wire = ciphers.flatMap { $0.bytes(width: bytes) }

        // By the public key, with exponents of |n| + 80 bits.
        let rhos = vectors.encryptions.map { Natural(hex: $0.rho)! }
        let exponents = FixedExponents(rhos)
        let key = try PaillierPublicKey(
            unchecked: n, base: base, profile: .dedicated, workers: .one, kernel: kernel,
            window: TestKeys.window(kernel),
            draw: exponents.source)
        let messages = PlaintextBatch(vectors: vectors.encryptions.map(\.message), words: bits / 64 + 1)
        let block = try key.encrypt(messages)
        #expect(Array(block[CiphertextBlock.headerBytes...]) == wire)
        #expect(exponents.asked.allSatisfy { $0.bits == bits + 80 })

        // By the owner, with the same exponents modulo the order.
        let order = try #require(Natural(hex: vectors.order))
        var owned = pair.blindings(exponents: rhos.map { $0 % order })
        let width = n.words.count
        let residues = try pair.publicKey.residues(messages, width: width)
        owned.multiplyOnePlus(residues.span, width: width)
        #expect(owned.leaveBytes() == wire)

        // Back.
        let opened = try pair.decrypt(block, count: ciphers.count)
        for (index, encryption) in vectors.encryptions.enumerated() {
            let value = Natural(words: Array(opened.words[(index * opened.width)..<((index + 1) * opened.width)]))
            #expect(value == Natural(vector: encryption.message, modulo: n))
        }

        // Sums, scalars, shifts.
        let received = try pair.publicKey.receive(block, count: ciphers.count)
        var sum = pair.publicKey.neutral(1)
        for index in 0..<ciphers.count { pair.publicKey.add(received, [Int32(index)], into: &sum, [0]) }
        #expect(sum.leaveBytes() == Natural(hex: vectors.sum)!.bytes(width: bytes))
        var scaled = received
        pair.publicKey.multiply(
            &scaled,
            by: vectors.scalars.map { text in
                let magnitude = Int64(Hex.words(text, count: 1)[0])
                return Hex.isNegative(text) ? -magnitude : magnitude
            })
        #expect(scaled.leaveBytes() == vectors.scaled.flatMap { Natural(hex: $0)!.bytes(width: bytes) })
        var shifted = received[3..<4]
        pair.publicKey.shift(&shifted, by: vectors.shift)
        #expect(shifted.leaveBytes() == Natural(hex: vectors.shifted)!.bytes(width: bytes))
    }

    @Test(arguments: Kernel.available)
    func bothProfilesGiveTheSameNumbers(kernel: Kernel) throws {
        let order = Natural(hex: try #require(Vectors.shared.keys.first).order)!
        let exponents = [Natural(0), Natural(1), order - Natural(1), SecureRandom.natural(below: order)]
        let dedicated = try TestKeys.vectors(2048, kernel).blindings(exponents: exponents)
        let shared = try TestKeys.vectors(2048, kernel, profile: .shared).blindings(exponents: exponents)
        #expect(dedicated.leaveBytes() == shared.leaveBytes())
    }

    @Test(arguments: Kernel.available)
    func packingUnderEncryption(kernel: Kernel) throws {
        let expected = try #require(Vectors.shared.keys.first).packing
        let pair = try TestKeys.vectors(2048, kernel)
        let key = pair.publicKey
        let layout = try PackingLayout(.logistic, rows: expected.rows, plaintextBits: key.plaintextBits)
        let values = zip(expected.gradients, expected.hessians).map { row in
            Int128(row.0) << Int128(layout.hessianBits) + Int128(row.1)
        }
        let cells = try key.receive(try pair.encrypt(PlaintextBatch(values)), count: values.count)
        let packed = try layout.pack(key, cells, order: values.indices.map { Int32($0) })
        #expect(packed.count == 1)
        let opened = try pair.decrypt(key.seal(packed), count: 1)
        #expect(opened.words == Hex.words(expected.packed, count: opened.width))
        let sums = try FieldSums(gradients: expected.gradients, hessians: expected.hessians)
        let unpacked = try layout.unpack(opened, cells: values.count, within: sums)
        #expect(unpacked.gradients == expected.gradients && unpacked.hessians == expected.hessians)
    }
}

/// Toy keys: groups so small that every reply can be listed.
@Suite struct ReplyDistributionTests {
    private func pair(_ toy: Vectors.ToyVectors, _ kernel: Kernel) throws -> PaillierKeyPair {
        try PaillierKeyPair(
            unchecked: Natural(UInt64(toy.p)), Natural(UInt64(toy.q)), root: Natural(UInt64(toy.x)),
            profile: .dedicated, workers: .one, kernel: kernel)
    }

    /// Over one whole period of exponents, the reply to any ciphertext of a message is every encryption of that message
    /// exactly once. So a reply with a uniform exponent depends on nothing but the message.
    @Test(arguments: try Vectors.shared.toys.indices, Kernel.available)
    func everyReplyOnceWhateverTheCiphertext(index: Int, kernel: Kernel) throws {
        let toy = try Vectors.shared.toys[index]
        let owner = try pair(toy, kernel)
        let n = UInt64(toy.p * toy.q)
        #expect(owner.publicKey.base == Natural(hex: toy.base))
        #expect(owner.publicKey.n == Natural(n))
        for (message, replies) in toy.replies {
            let value = UInt64(message)!
            // Two different ciphertexts of the same message: the ends of the list.
            for cipher in [replies.first!, replies.last!] {
                let source = FixedExponents((0..<toy.order).map { Natural(UInt64($0)) })
                let key = try PaillierPublicKey(
                    unchecked: Natural(n), base: owner.publicKey.base, profile: .dedicated, workers: .one,
                    kernel: kernel,
                    draw: source.source)
                let one = PairResidues(entering: [Natural(UInt64(cipher))], modulus: key.modulus)
                let all = key.gather(one, [Int32](repeating: 0, count: toy.order))
                let block = key.seal(all)
                let width = key.ciphertextBytes
                let sealed = (0..<toy.order).map { index -> Int in
                    let start = CiphertextBlock.headerBytes + index * width
                    return CiphertextBlock.number(block[start..<(start + width)])
                }
                #expect(sealed.sorted() == replies)
                let opened = try owner.decrypt(block, count: toy.order)
                #expect((0..<toy.order).allSatisfy { opened.int128($0) == Int128(value) })
            }
        }
    }

    /// A uniform exponent of |n| + 80 bits, modulo the order, meets every residue equally often but for one; one of half
    /// the length leaves most residues out.
    @Test func fullExponentsAreUniformAndHalfOnesAreNot() throws {
        for toy in try Vectors.shared.toys {
            let key = try pair(toy, try Kernel.preferred()).publicKey
            let order = Natural(UInt64(toy.order))
            let range = Natural(1) << key.exponentBits
            #expect(key.exponentBits == key.bitWidth + 80)
            // Residues below the remainder are met once more: the distance from uniform is below order / 2^bits.
            let often = range / order
            let distance = (range % order) * (order - range % order)
            #expect(distance << 80 < order * range)
            #expect(often > Natural(1) << 80)
            #expect(Natural(1) << (key.bitWidth / 2) < order)
        }
    }

    /// The system's exponents through the whole path: frequencies of all replies within six deviations.
    @Test func drawnRepliesAreUniform() throws {
        let toy = try #require(Vectors.shared.toys.first)
        let key = try pair(toy, try Kernel.preferred()).publicKey
        let each = 400
        let block = key.seal(key.neutral(toy.order * each))
        let width = key.ciphertextBytes
        var counts: [Int: Int] = [:]
        for start in stride(from: CiphertextBlock.headerBytes, to: block.count, by: width) {
            counts[CiphertextBlock.number(block[start..<(start + width)]), default: 0] += 1
        }
        #expect(counts.keys.sorted() == toy.replies["0"])
        #expect(counts.values.allSatisfy { abs($0 - each) < 6 * 20 })
    }

    /// At full size: exponents have |n| + 80 bits, all of them used.
    @Test func exponentsHaveTheirFullLength() throws {
        let bits = 2048 + 80
        let exponents = PublicBlinding.systemExponents(512, bits)
        let width = (bits + 63) / 64
        #expect(exponents.count == 512 * width)
        var ones = [Int](repeating: 0, count: bits)
        var above: UInt64 = 0
        exponents.withWords { words in
            for index in 0..<512 {
                for bit in 0..<bits {
                    ones[bit] += Int(words[index * width + bit / 64] >> UInt64(bit % 64) & 1)
                }
                above |= words[index * width + width - 1] >> UInt64(bits % 64)
            }
        }
        #expect(above == 0)
        // 512 fair bits: 256 ± 11.3; eight deviations.
        #expect(ones.allSatisfy { abs($0 - 256) < 91 })
    }
}
