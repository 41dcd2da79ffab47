import CKernels

/// A batch of residues of either shape: the storage and the kernel calls behind `Residues` and `PairResidues`.
///
/// Copied on write; elements lie one after the other in the kernel's limbs.
struct Batch: Sendable {
    let core: ModulusCore
    private(set) var storage: WipedWords
    let count: Int

    /// Elements that are not residues yet: zeroes, to be written before anyone reads them.
    init(blank count: Int, core: ModulusCore) {
        precondition(count >= 0 && count <= Int(Int32.max), "a batch has at most 2^31 - 1 elements")
        self.core = core
        self.count = count
        storage = WipedWords(zeroes: count * core.element)
    }

    init(ones count: Int, core: ModulusCore) {
        self.init(blank: count, core: core)
        for i in 0..<count { unsafe (storage.base + i * core.element).update(from: core.one.base, count: core.element) }
    }

    init(concatenating parts: [Batch]) {
        precondition(!parts.isEmpty, "at least one batch")
        self.init(blank: parts.reduce(0) { $0 + $1.count }, core: parts[0].core)
        var at = 0
        for part in parts {
            expectSameModulus(part)
            unsafe (storage.base + at).update(from: part.storage.base, count: part.count * core.element)
            at += part.count * core.element
        }
    }

    subscript(range: Range<Int>) -> Batch {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range lies in the batch")
        let part = Batch(blank: range.count, core: core)
        unsafe part.storage.base.update(
            from: storage.base + range.lowerBound * core.element, count: range.count * core.element)
        return part
    }

    /// This batch as an operand, every element in order, or its only element for all.
    var operand: atoll_operand {
        unsafe atoll_operand(base: storage.base, stride: core.element, index: nil)
    }

    func operand(spreadOver count: Int) -> atoll_operand {
        precondition(self.count == count || self.count == 1, "batches are equally long, or one has one element")
        return unsafe atoll_operand(base: storage.base, stride: self.count == count ? core.element : 0, index: nil)
    }

    func operand(_ index: UnsafePointer<Int32>?) -> atoll_operand {
        unsafe atoll_operand(base: storage.base, stride: core.element, index: index)
    }

    /// The memory for writing, copied first when another batch holds it too.
    mutating func writable() -> UnsafeMutablePointer<UInt64> {
        if !isKnownUniquelyReferenced(&storage) {
            let copy = WipedWords(zeroes: storage.count)
            unsafe copy.base.update(from: storage.base, count: storage.count)
            storage = copy
        }
        return unsafe storage.base
    }

    func expectSameModulus(_ other: Batch) {
        precondition(core === other.core, "the residues belong to one modulus")
    }

    /// Traps unless every index points into the batch (or is negative where that is `allowed`).
    func expect(_ indices: Span<Int32>, orNone allowed: Bool = false) {
        let within = unsafe indices.withUnsafeBufferPointer { index in
            guard let base = index.baseAddress else { return true }
            return unsafe atoll_indices_within(base, index.count, allowed ? .min : 0, Int32(count)) == 1
        }
        precondition(within, "an index lies outside the batch")
    }
}

/// The address of a span's first element for the time of `body`; nil for an empty span.
func withPointer<Element: BitwiseCopyable, Result>(
    _ span: Span<Element>, _ body: (UnsafePointer<Element>?) -> Result
) -> Result {
    unsafe span.withUnsafeBufferPointer { buffer in unsafe body(buffer.baseAddress) }
}
