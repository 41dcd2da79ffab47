import CKernels

extension Batch {
    /// Π_j base[indices[j·count + i]]^exponents[j] with shared squarings; exponents are public.
    static func productsOfPowers(
        of bases: Batch, indices: Span<Int32>, exponents: [Natural], count: Int
    ) -> Batch {
        precondition(indices.count == exponents.count * count, "one index for every exponent and element")
        bases.expect(indices, orNone: true)
        let core = bases.core
        let out = Batch(blank: count, core: core)
        let schedule = PowerSchedule(exponents)
        unsafe schedule.steps.withUnsafeBufferPointer { steps in
            unsafe withPointer(indices) { index in
                // Without elements there is nothing to do; without steps every exponent is zero.
                guard count > 0 else { return }
                guard let first = steps.baseAddress, let index = unsafe index, bases.count > 0 else {
                    for i in 0..<count {
                        unsafe (out.storage.base + i * core.element).update(from: core.one.base, count: core.element)
                    }
                    return
                }
                unsafe atoll_batch_powers_public(
                    core.pointer, core.form, out.storage.base, bases.storage.base, index, exponents.count, count,
                    first, steps.count, schedule.oddPowers, core.one.base)
            }
        }
        return out
    }

    /// One public exponent for all elements.
    func power(_ exponent: Natural) -> Batch {
        let order = (0..<count).map { Int32($0) }
        return Batch.productsOfPowers(of: self, indices: order.span, exponents: [exponent], count: count)
    }

    /// Fixed windows over exponents of `width` words, one for every element or, with `shared`, one for all.
    func powers(exponents: Span<UInt64>, shared: Bool, width: Int, bits: Int, profile: Profile) -> Batch {
        precondition(exponents.count == width * (shared ? 1 : count), "an exponent of \(width) words for every element")
        precondition(bits >= 0 && bits <= 64 * width, "the exponent's bits lie in its words")
        let out = Batch(blank: count, core: core)
        unsafe withPointer(exponents) { exponent in
            guard count > 0, bits > 0, let exponent = unsafe exponent else {
                for i in 0..<count {
                    unsafe (out.storage.base + i * core.element).update(from: core.one.base, count: core.element)
                }
                return
            }
            unsafe atoll_batch_powers(
                core.pointer, core.form, out.storage.base, storage.base, count, exponent, shared ? 0 : width, width,
                UInt32(bits), Batch.window(bits), profile.masked, core.one.base)
        }
        return out
    }

    /// The window with the fewest products: 2^w for the table and bits / w for the digits.
    private static func window(_ bits: Int) -> UInt32 {
        UInt32((1...6).min { (1 << $0) + (bits + $0 - 1) / $0 < (1 << $1) + (bits + $1 - 1) / $1 }!)
    }
}
