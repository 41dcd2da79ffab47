import Arithmetic
import Faults
import HomomorphicEncryption

/// The homomorphic scheme of a training: how its keys are made and read, and the sizes that message tables go by.
struct BoostScheme<Pair: AdditiveKeyPair>: Sendable {
    let shape: SchemeShape
    /// Makes the guest's key pair.
    let makePair: @Sendable (Workers) throws(Fault) -> Pair
    /// Reads and checks the key that a host was sent.
    let readKey: @Sendable ([UInt8], Workers) throws(Fault) -> Pair.PublicKey
}

/// Sizes of a scheme's keys and ciphertexts.
struct SchemeShape: Sendable, Hashable {
    /// Bits of a plaintext that can be used.
    let plaintextBits: Int
    let ciphertextBytes: Int
    let keyBytes: Int
    /// Of a block of ciphertexts.
    static let headerBytes = 32

    /// Paillier with a modulus of so many bits.
    static func paillier(bits: Int) -> SchemeShape {
        SchemeShape(plaintextBits: bits - 1, ciphertextBytes: bits / 4, keyBytes: 8 + bits / 8 + bits / 4)
    }
}

extension BoostScheme<PaillierKeyPair> {
    static func paillier(bits: Int, profile: Profile) -> BoostScheme {
        BoostScheme(
            shape: .paillier(bits: bits),
            makePair: { workers throws(Fault) in
                try PaillierKeyPair.generate(bits: bits, profile: profile, workers: workers)
            },
            readKey: { bytes, workers throws(Fault) in
                try PaillierPublicKey(decoding: bytes, profile: profile, workers: workers)
            })
    }
}
