import Arithmetic
import CKernels
import Testing

/// The C kernels fed directly, with halves that a residue may hold but entering never makes.
@Suite struct RawHalfTests {
    /// Halves at the top of their range, 2n - 1 for 52-bit limbs and n - 1 for 64-bit limbs, give right products and
    /// squares, and stay in range for the next one.
    @Test(arguments: Kernel.available, [3, 64, 1024, 1536, 2048, 3072])
    func largestHalves(kernel: Kernel, bits: Int) throws {
        let moduli = [Natural.power(ofTwo: bits) - 1, randomModulus(bits: bits, dense: true)]
        for n in moduli {
            let words = n.words
            let pointer = unsafe try #require(
                atoll_modulus_create(atoll_kernel_named(kernel.name)!, words, words.count))
            defer { unsafe atoll_modulus_destroy(pointer) }
            let limbs = unsafe atoll_modulus_limbs(pointer)
            let limbBits = unsafe atoll_modulus_limb_bits(pointer)
            let largest = limbBits == 52 ? n * 2 - 1 : n - 1
            let r = Natural.power(ofTwo: limbs * Int(limbBits)) % (n * n)
            let square = n * n
            guard let inverse = r.inverse(modulo: square) else { continue }

            // Lanes: both halves largest, one of them, none, and edges beside them.
            let halves: [(Natural, Natural)] = [
                (largest, largest), (largest, 0), (0, largest), (n - 1, largest), (largest, 1), (0, 0), (1, 0),
                (n / 2, n - 1),
            ]
            var x = halves.flatMap { limbsOf($0.0, limbs, limbBits) + limbsOf($0.1, limbs, limbBits) }
            var forms = halves.map { ($0.0 + n * $0.1) % square }
            for step in 0..<3 {
                var product = [UInt64](repeating: 0, count: x.count)
                let stride = 2 * limbs
                unsafe x.withUnsafeBufferPointer { buffer in
                    let operand = unsafe atoll_operand(base: buffer.baseAddress!, stride: stride, index: nil)
                    unsafe product.withUnsafeMutableBufferPointer { out in
                        if step == 1 {
                            unsafe atoll_batch_square(pointer, 2, out.baseAddress!, operand, 8, 1)
                        } else {
                            unsafe atoll_batch_multiply(pointer, 2, out.baseAddress!, nil, operand, operand, 8)
                        }
                    }
                }
                forms = forms.map { $0 * $0 % square * inverse % square }
                let bound = limbBits == 52 ? n * 2 : n
                for lane in 0..<8 {
                    let low = numberOf(product[lane * stride..<lane * stride + limbs], limbBits)
                    let high = numberOf(product[lane * stride + limbs..<(lane + 1) * stride], limbBits)
                    #expect(low < bound && high < bound)
                    #expect((low + n * high) % square == forms[lane])
                }
                x = product
            }
        }
    }

    private func limbsOf(_ value: Natural, _ limbs: Int, _ bits: UInt32) -> [UInt64] {
        (0..<limbs).map { value.bits(from: $0 * Int(bits), count: Int(bits)) }
    }

    private func numberOf(_ limbs: ArraySlice<UInt64>, _ bits: UInt32) -> Natural {
        limbs.reversed().reduce(Natural.zero) { ($0 << Int(bits)) + Natural($1) }
    }
}
