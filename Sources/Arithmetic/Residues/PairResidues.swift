/// A batch of residues modulo n² in kernel form, each a pair x0 + n·x1.
///
/// A value: copied on write, safe to share between threads. Residues in kernel form are not unique, so there is no
/// comparison, hash, description or encoding; `leave…` gives unique values. Operations on two batches trap unless
/// both belong to the same modulus object. Times depend on counts and indices, and on values only where a call says so.
public struct PairResidues: Sendable {
    public let modulus: PairModulus
    var batch: Batch

    init(_ batch: Batch, modulus: PairModulus) {
        self.batch = batch
        self.modulus = modulus
    }

    /// `count` times the number one.
    public init(ones count: Int, modulus: PairModulus) {
        self.init(Batch(ones: count, core: modulus.core), modulus: modulus)
    }

    /// Values of `width` words each, reduced modulo n² without division; they have at most 8 · bitWidth bits.
    public init(entering words: Span<UInt64>, width: Int, modulus: PairModulus) {
        self.init(Batch(entering: words, width: width, core: modulus.core), modulus: modulus)
    }

    /// Values of `width` bytes each, least significant byte first, reduced modulo n².
    public init(enteringBytes bytes: Span<UInt8>, width: Int, modulus: PairModulus) {
        self.init(Batch(enteringBytes: bytes, width: width, core: modulus.core), modulus: modulus)
    }

    /// Values below 2^(8 · bitWidth), reduced modulo n².
    public init(entering values: [Natural], modulus: PairModulus) {
        self.init(Batch(entering: values, core: modulus.core), modulus: modulus)
    }

    /// The elements of several batches of one modulus, in order. Traps without a batch.
    public init(concatenating parts: [PairResidues]) {
        precondition(!parts.isEmpty, "at least one batch")
        self.init(Batch(concatenating: parts.map(\.batch)), modulus: parts[0].modulus)
    }

    public var count: Int { batch.count }

    /// A copy of some elements in a row.
    public subscript(range: Range<Int>) -> PairResidues {
        PairResidues(batch[range], modulus: modulus)
    }

    /// A copy of the elements at the indices, in their order; an index may occur several times.
    public func selecting(_ indices: Span<Int32>) -> PairResidues {
        var out = Batch(blank: indices.count, core: modulus.core)
        let order = (0..<indices.count).map { Int32($0) }
        out.assign(at: order.span, from: batch, at: indices)
        return PairResidues(out, modulus: modulus)
    }
}

// MARK: - Products

extension PairResidues {
    /// Elementwise product; a batch of one element is multiplied into every element.
    public func multiplied(by other: PairResidues) -> PairResidues {
        PairResidues(batch.multiplied(by: other.batch), modulus: modulus)
    }

    /// Elementwise product in place; a batch of one element is multiplied into every element.
    public mutating func multiply(by other: PairResidues) {
        batch.multiply(by: other.batch)
    }

    /// x^(2^times).
    public func squared(times: Int = 1) -> PairResidues {
        PairResidues(batch.squared(times: times), modulus: modulus)
    }

    /// x^(2^times) in place.
    public mutating func square(times: Int = 1) {
        batch.square(times: times)
    }

    /// self[targets[i]] = source[indices[i]].
    public mutating func assign(at targets: Span<Int32>, from source: PairResidues, at indices: Span<Int32>) {
        batch.assign(at: targets, from: source.batch, at: indices)
    }

    /// self[targets[i]] *= rows[indices[i]]. Each run of eight is read before it is written and runs go in order, so
    /// targets are distinct within a run.
    public mutating func multiply(at targets: Span<Int32>, by rows: PairResidues, at indices: Span<Int32>) {
        batch.multiply(at: targets, by: rows.batch, at: indices)
    }

    /// self[targets[i]] = left[leftIndices[i]] · right[rightIndices[i]], with the same rule for runs of eight.
    public mutating func assignProducts(
        at targets: Span<Int32>, of left: PairResidues, at leftIndices: Span<Int32>, and right: PairResidues,
        at rightIndices: Span<Int32>
    ) {
        batch.assignProducts(at: targets, of: left.batch, at: leftIndices, and: right.batch, at: rightIndices)
    }

    /// self[targets[s]] *= Π rows[indices[i]] over starts[s] ..< starts[s + 1]; `starts` has one entry more than
    /// `targets`, which are distinct. Eight segments run side by side and a lane that ends takes the next one, so give
    /// long segments first; padding is not needed.
    public mutating func accumulate(
        at targets: Span<Int32>, rows: PairResidues, indices: Span<Int32>, starts: Span<Int32>
    ) {
        batch.accumulate(at: targets, rows: rows.batch, indices: indices, starts: starts)
    }

    /// The product of all elements, as a batch of one.
    public func product() -> PairResidues {
        PairResidues(batch.product(), modulus: modulus)
    }
}

// MARK: - Powers

extension PairResidues {
    /// x^exponent with one public exponent: variable time in it.
    public func power(_ exponent: Natural) -> PairResidues {
        PairResidues(batch.power(exponent), modulus: modulus)
    }

    /// x^exponent with one secret exponent, of which the low `bits` count; constant time in it.
    public func power(secret exponent: borrowing SecretWords, bits: Int) -> PairResidues {
        let width = exponent.count
        return exponent.withWords { words in
            PairResidues(
                batch.powers(exponents: words, shared: true, width: width, bits: bits, profile: .shared),
                modulus: modulus)
        }
    }

    /// An exponent of `width` words for every element, of which the low `bits` count. `.shared` is constant time;
    /// `.dedicated` reads tables at addresses that depend on the digits: for public exponents, or on a machine alone.
    public func powers(exponents: Span<UInt64>, width: Int, bits: Int, profile: Profile) -> PairResidues {
        PairResidues(
            batch.powers(exponents: exponents, shared: false, width: width, bits: bits, profile: profile),
            modulus: modulus)
    }

    /// Π_j base[indices[j · count + i]]^exponents[j] for i < count, sharing the squarings; exponents are public and a
    /// negative index is the factor one. Exponents 1, 2^w, 2^2w, … are Horner packing: (s - 1)·w squarings and s - 1
    /// products.
    public static func productsOfPowers(
        of base: PairResidues, indices: Span<Int32>, exponents: [Natural], count: Int
    ) -> PairResidues {
        PairResidues(
            Batch.productsOfPowers(of: base.batch, indices: indices, exponents: exponents, count: count),
            modulus: base.modulus)
    }
}

// MARK: - Leaving

extension PairResidues {
    /// Unique values, `modulus.valueWords` words each.
    public func leaveWords() -> [UInt64] { batch.leaveWords() }

    /// Unique values into exactly count · valueWords words.
    public func leave(words: inout MutableSpan<UInt64>) { batch.leave(words: &words) }

    /// Unique values, `modulus.valueBytes` bytes each, least significant byte first.
    public func leaveBytes() -> [UInt8] { batch.leaveBytes(width: modulus.valueBytes) }

    /// Unique values into exactly count · valueBytes bytes.
    public func leave(bytes: inout MutableSpan<UInt8>) { batch.leave(bytes: &bytes, width: modulus.valueBytes) }

    /// Unique values, `modulus.valueWords` words each, in wiped memory.
    public func leaveSecret() -> SecretWords { batch.leaveSecret() }
}
