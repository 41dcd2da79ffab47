public import Arithmetic
public import Faults

/// The port through which every federated protocol sees homomorphic encryption: integers can be added under encryption,
/// multiplied by known integers, and packed. Paillier is the first adapter; a scheme joins by conforming, and protocols
/// do not change.
///
/// **Two forms.** `Ciphertexts` is the working form: it can be computed with and cannot leave. What leaves is bytes,
/// and the only makers of bytes are `AdditiveKeyPair.encrypt` and `AdditivePublicKey.seal`, which both blind with fresh
/// randomness. What arrives is bytes, and `receive` checks all of it before any use.
///
/// **Index lists.** Where a function takes index lists, entry k of each belongs together, and lists are worked off in
/// groups of `lanes` entries from the front. Targets inside a group must differ from each other, and where sums are read
/// and written in one call, no source of a group may be another entry's target of that group. Groups follow one
/// another, so a later group sees the results of an earlier one.
///
/// **Order and determinism.** Blinding aside, decrypted results never depend on the order of additions, on threads or on
/// block sizes.
///
/// **Threads.** Keys are immutable and may be used from several threads at once.
public protocol AdditivePublicKey: Sendable {
    /// Ciphertexts in working form, a value: copies are independent.
    associatedtype Ciphertexts: Sendable

    /// Which scheme this is.
    static var scheme: SchemeIdentifier { get }
    /// How many entries of an index list are worked off together.
    static var lanes: Int { get }
    /// Stands in every block of ciphertexts.
    var identifier: KeyIdentifier { get }
    /// Capacity: every integer in [−2^plaintextBits, 2^plaintextBits) may be encrypted, and a decryption is right when
    /// the result lies in [0, 2^plaintextBits).
    var plaintextBits: Int { get }
    /// Bytes of one ciphertext in a block, without the block's header.
    var ciphertextBytes: Int { get }
    /// Bytes of one ciphertext in working form, for statements of memory.
    var workingBytes: Int { get }

    /// The threads that operations on whole batches use.
    var workers: Workers { get }

    /// Reads a key that came from a peer and checks everything that can be checked about it.
    ///
    /// - Throws: a fault of its own for each refusal.
    init(decoding bytes: [UInt8], profile: Profile, workers: Workers) throws(Fault)

    /// The key as bytes, versioned.
    func encoded() -> [UInt8]

    /// Reads and checks a block of ciphertexts.
    ///
    /// - Parameter count: how many must be in it.
    /// - Throws: a fault of its own for each refusal; nothing is half accepted.
    func receive(_ block: [UInt8], count: Int) throws(Fault) -> Ciphertexts

    /// Encryptions of zero without any randomness: the start of every sum.
    func neutral(_ count: Int) -> Ciphertexts

    /// How many ciphertexts a batch has.
    func count(_ batch: Ciphertexts) -> Int

    /// `sums[targets[k]] = rows[sources[k]]`.
    func copy(_ rows: Ciphertexts, _ sources: [Int32], into sums: inout Ciphertexts, _ targets: [Int32])

    /// `sums[targets[k]] += rows[sources[k]]`.
    func add(_ rows: Ciphertexts, _ sources: [Int32], into sums: inout Ciphertexts, _ targets: [Int32])

    /// `sums[targets[k]] += sums[sources[k]]`.
    func addWithin(_ sums: inout Ciphertexts, _ sources: [Int32], into targets: [Int32])

    /// `sums[targets[s]] += Σ rows[indices[i]]` over the rows i of segment s, for all segments. The hot path: what a
    /// block of rows adds to bucket sums.
    func accumulate(_ rows: Ciphertexts, _ segments: Segments, into sums: inout Ciphertexts)

    /// `sums[i] *= 2^bits`, for all i.
    func shift(_ sums: inout Ciphertexts, by bits: Int)

    /// `sums[i] *= scalars[i]`, for all i; scalars are known to the computing side and not secret from its neighbours.
    func multiply(_ sums: inout Ciphertexts, by scalars: [Int64])

    /// `sums[i] += plaintexts[i]`, for all i.
    ///
    /// - Throws: `plaintext-range`.
    func add(_ plaintexts: PlaintextBatch, into sums: inout Ciphertexts) throws(Fault)

    /// Blinds every ciphertext with fresh randomness and makes a block of them: the only way by which results of a
    /// computation leave.
    ///
    /// - Parameter pool: where ready randomness is taken from first; what it lacks is made here.
    func seal(_ sums: Ciphertexts, from pool: BlindingPool<Self>?) -> [UInt8]

    /// `count` fresh blindings, each an encryption of zero that was not used before: what a pool is filled with.
    func blindings(_ count: Int) -> Ciphertexts

    /// Overwrites a batch that nobody else holds a copy of.
    func wipe(_ batch: inout Ciphertexts)
}

/// The owner's side of the port.
public protocol AdditiveKeyPair: Sendable {
    associatedtype PublicKey: AdditivePublicKey

    var publicKey: PublicKey { get }

    /// Encrypts and makes a block.
    ///
    /// - Parameter pool: where ready randomness is taken from first; what it lacks is made here.
    /// - Throws: `plaintext-range` when a value is outside the key's capacity.
    func encrypt(_ plaintexts: PlaintextBatch, from pool: BlindingPool<PublicKey>?) throws(Fault) -> [UInt8]

    /// Checks a block and decrypts it.
    ///
    /// - Returns: values in [0, 2^(plaintextBits + 1)).
    /// - Throws: as `AdditivePublicKey.receive`.
    func decrypt(_ block: [UInt8], count: Int) throws(Fault) -> PlaintextBatch

    /// `count` fresh blindings made with the owner's knowledge, which is cheaper than without.
    func blindings(_ count: Int) -> PublicKey.Ciphertexts
}

extension AdditivePublicKey {
    /// A copy of some ciphertexts, in the order of `sources`.
    public func gather(_ rows: Ciphertexts, _ sources: [Int32]) -> Ciphertexts {
        var result = neutral(sources.count)
        copy(rows, sources, into: &result, sources.indices.map { Int32($0) })
        return result
    }

    /// Encrypts by the public key alone, and makes a block.
    ///
    /// - Throws: `plaintext-range` when a value is outside the key's capacity.
    public func encrypt(
        _ plaintexts: PlaintextBatch, from pool: BlindingPool<Self>? = nil
    ) throws(Fault) -> [UInt8] {
        var ciphertexts = neutral(plaintexts.count)
        try add(plaintexts, into: &ciphertexts)
        return seal(ciphertexts, from: pool)
    }

    /// Seals without a pool.
    public func seal(_ sums: Ciphertexts) -> [UInt8] {
        seal(sums, from: nil)
    }
}

extension AdditiveKeyPair {
    /// Encrypts without a pool.
    public func encrypt(_ plaintexts: PlaintextBatch) throws(Fault) -> [UInt8] {
        try encrypt(plaintexts, from: nil)
    }
}
