import Arithmetic
import BenchKit
import CGMP
import CIFMARate

extension Subject {
    /// Products and squares modulo n² in pair form, on one core.
    var productRows: [BenchRow] {
        [
            BenchRow(
                "product.n2.\(bits)", unit: "ns",
                doc: "One product modulo n² in pair form, processor time, 64 elements at a time. Ratio: the pair-form "
                    + "bound (10·k² eight-lane multiply-adds per eight products, k limbs of 52 bits) at the rate that "
                    + "this core showed in this run, over the value; null without AVX-512 IFMA.",
                ratio: .measured, goal: .ratio(.atLeast, 0.85)
            ) { _ in
                let runs = try self.products()
                guard let bound = self.bound else { return Measurement(runs, goalApplies: false) }
                return Measurement(
                    runs, ratio: bound / Statistics.median(runs),
                    against: Against(name: "pair-form bound", value: bound, source: "measured in this run"))
            },
            BenchRow(
                "product.n2.\(bits).gmp", unit: "ns",
                doc: "The same product beside GMP's mpz_mul and mpz_tdiv_r modulo n², measured in this run. Ratio: "
                    + "GMP's time over ours, taken in turn.",
                ratio: .measured, goal: .ratio(.atLeast, 12)
            ) { _ in
                let gmp = GMPProduct(bits: 2 * self.bits)
                let runs = try (0..<7).map { _ in (try self.productOnce(), gmp.once()) }
                return Measurement(
                    runs.map(\.0), ratio: Statistics.median(runs.map { $0.1 / $0.0 }),
                    against: Against(
                        name: "libgmp \(GMPProduct.version)", value: Statistics.median(runs.map(\.1)),
                        source: "measured in this run"))
            },
            BenchRow(
                "square.n2.\(bits)", unit: "ns",
                doc: "One square modulo n² in pair form, processor time. Ratio: in products.", ratio: .measured
            ) { _ in
                var (value, _) = try self.operands()
                return try self.besideProducts(64) { value.square(times: 1) }
            },
        ]
    }

    /// Nanoseconds of one product at this core's rate of multiply-adds; nil where it has none.
    private var bound: Double? {
        let rate = atoll_ifma_rate()
        guard rate > 0 else { return nil }
        // Four bits more than the modulus, as R ≥ 16n asks.
        let limbs = Double((bits + 4 + 51) / 52)
        return 10 * limbs * limbs / rate / 8 * 1e9
    }
}

/// GMP's way of a modular product: multiply, then divide.
final class GMPProduct {
    private var left = mpz_t()
    private var right = mpz_t()
    private var modulus = mpz_t()
    private var product = mpz_t()

    static var version: String { String(cString: __gmp_version) }

    init(bits: Int) {
        var state = gmp_randstate_t()
        __gmp_randinit_default(&state)
        for pointer in [\GMPProduct.left, \.right, \.modulus, \.product] {
            __gmpz_init(&self[keyPath: pointer])
            __gmpz_urandomb(&self[keyPath: pointer], &state, mp_bitcnt_t(bits))
        }
        __gmpz_setbit(&modulus, mp_bitcnt_t(bits - 1))
        __gmpz_setbit(&modulus, 0)
        __gmp_randclear(&state)
    }

    deinit {
        __gmpz_clear(&left)
        __gmpz_clear(&right)
        __gmpz_clear(&modulus)
        __gmpz_clear(&product)
    }

    /// Nanoseconds of one product, over some milliseconds.
    func once() -> Double {
        let repeats = 1000
        return Timing.once(.thread) {
            for _ in 0..<repeats {
                __gmpz_mul(&product, &left, &right)
                __gmpz_tdiv_r(&left, &product, &modulus)
            }
        } / Double(repeats)
    }
}
