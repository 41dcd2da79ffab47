/// A batch of residues modulo n in kernel form.
///
/// A value: copied on write, safe to share between threads. Residues in kernel form are not unique, so there is no
/// comparison, hash, description or encoding; `leave…` gives unique values. Operations on two batches trap unless
/// both belong to the same modulus object. Times depend on counts and indices, and on values only where a call says so.
public struct Residues: Sendable {
    public let modulus: Modulus
    var batch: Batch

    init(_ batch: Batch, modulus: Modulus) {
        self.batch = batch
        self.modulus = modulus
    }

    /// `count` times the number one.
    public init(ones count: Int, modulus: Modulus) {
        self.init(Batch(ones: count, core: modulus.core), modulus: modulus)
    }

    /// Values of `width` words each, reduced modulo n without division; they have at most 8 · bitWidth bits.
    public init(entering words: Span<UInt64>, width: Int, modulus: Modulus) {
        self.init(Batch(entering: words, width: width, core: modulus.core), modulus: modulus)
    }

    /// Values of `width` bytes each, least significant byte first, reduced modulo n.
    public init(enteringBytes bytes: Span<UInt8>, width: Int, modulus: Modulus) {
        self.init(Batch(enteringBytes: bytes, width: width, core: modulus.core), modulus: modulus)
    }

    /// Values below 2^(8 · bitWidth), reduced modulo n.
    public init(entering values: [Natural], modulus: Modulus) {
        self.init(Batch(entering: values, core: modulus.core), modulus: modulus)
    }

    /// The elements of several batches of one modulus, in order. Traps without a batch.
    public init(concatenating parts: [Residues]) {
        precondition(!parts.isEmpty, "at least one batch")
        self.init(Batch(concatenating: parts.map(\.batch)), modulus: parts[0].modulus)
    }

    public var count: Int { batch.count }

    /// A copy of some elements in a row.
    public subscript(range: Range<Int>) -> Residues {
        Residues(batch[range], modulus: modulus)
    }

    /// A copy of the elements at the indices, in their order; an index may occur several times.
    public func selecting(_ indices: Span<Int32>) -> Residues {
        var out = Batch(blank: indices.count, core: modulus.core)
        let order = (0..<indices.count).map { Int32($0) }
        out.assign(at: order.span, from: batch, at: indices)
        return Residues(out, modulus: modulus)
    }
}

// MARK: - Products

extension Residues {
    /// Elementwise product; a batch of one element is multiplied into every element.
    public func multiplied(by other: Residues) -> Residues {
        Residues(batch.multiplied(by: other.batch), modulus: modulus)
    }

    /// Elementwise product in place; a batch of one element is multiplied into every element.
    public mutating func multiply(by other: Residues) {
        batch.multiply(by: other.batch)
    }

    /// x^(2^times).
    public func squared(times: Int = 1) -> Residues {
        Residues(batch.squared(times: times), modulus: modulus)
    }

    /// x^(2^times) in place.
    public mutating func square(times: Int = 1) {
        batch.square(times: times)
    }

    /// self[targets[i]] = source[indices[i]].
    public mutating func assign(at targets: Span<Int32>, from source: Residues, at indices: Span<Int32>) {
        batch.assign(at: targets, from: source.batch, at: indices)
    }

    /// self[targets[i]] *= rows[indices[i]]. Each run of eight is read before it is written and runs go in order, so
    /// targets are distinct within a run.
    public mutating func multiply(at targets: Span<Int32>, by rows: Residues, at indices: Span<Int32>) {
        batch.multiply(at: targets, by: rows.batch, at: indices)
    }

    /// self[targets[i]] = left[leftIndices[i]] · right[rightIndices[i]], with the same rule for runs of eight.
    public mutating func assignProducts(
        at targets: Span<Int32>, of left: Residues, at leftIndices: Span<Int32>, and right: Residues,
        at rightIndices: Span<Int32>
    ) {
        batch.assignProducts(at: targets, of: left.batch, at: leftIndices, and: right.batch, at: rightIndices)
    }

    /// self[targets[s]] *= Π rows[indices[i]] over starts[s] ..< starts[s + 1]; `starts` has one entry more than
    /// `targets`, which are distinct. Eight segments run side by side and a lane that ends takes the next one, so give
    /// long segments first; padding is not needed.
    public mutating func accumulate(
        at targets: Span<Int32>, rows: Residues, indices: Span<Int32>, starts: Span<Int32>
    ) {
        batch.accumulate(at: targets, rows: rows.batch, indices: indices, starts: starts)
    }

    /// The product of all elements, as a batch of one.
    public func product() -> Residues {
        Residues(batch.product(), modulus: modulus)
    }
}

// MARK: - Powers

extension Residues {
    /// x^exponent with one public exponent: variable time in it.
    public func power(_ exponent: Natural) -> Residues {
        Residues(batch.power(exponent), modulus: modulus)
    }

    /// x^exponent with one secret exponent, of which the low `bits` count; constant time in it.
    public func power(secret exponent: borrowing SecretWords, bits: Int) -> Residues {
        let width = exponent.count
        return exponent.withWords { words in
            Residues(
                batch.powers(exponents: words, shared: true, width: width, bits: bits, profile: .shared),
                modulus: modulus)
        }
    }

    /// An exponent of `width` words for every element, of which the low `bits` count. `.shared` is constant time;
    /// `.dedicated` reads tables at addresses that depend on the digits: for public exponents, or on a machine alone.
    public func powers(exponents: Span<UInt64>, width: Int, bits: Int, profile: Profile) -> Residues {
        Residues(
            batch.powers(exponents: exponents, shared: false, width: width, bits: bits, profile: profile),
            modulus: modulus)
    }

    /// Π_j base[indices[j · count + i]]^exponents[j] for i < count, sharing the squarings; exponents are public and a
    /// negative index is the factor one. Exponents 1, 2^w, 2^2w, … are Horner packing: (s - 1)·w squarings and s - 1
    /// products.
    public static func productsOfPowers(
        of base: Residues, indices: Span<Int32>, exponents: [Natural], count: Int
    ) -> Residues {
        Residues(
            Batch.productsOfPowers(of: base.batch, indices: indices, exponents: exponents, count: count),
            modulus: base.modulus)
    }
}

// MARK: - Leaving

extension Residues {
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
