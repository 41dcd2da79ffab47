import CKernels

/// The squarings and products for Π_j x_j^(e_j) with public exponents: sliding windows with odd digits, all
/// exponents sharing one chain of squarings (Straus). 1, 2^w, 2^2w, … come out as Horner's rule.
struct PowerSchedule {
    /// In order; empty when every exponent is zero.
    private(set) var steps: [atoll_power_step] = []
    /// Odd powers 1, 3, … that the digits use; at least one.
    let oddPowers: UInt32

    init(_ exponents: [Natural]) {
        struct Product {
            let position: Int
            let factor: Int
            let digit: UInt64
        }
        let bits = exponents.map(\.bitWidth).max() ?? 0
        let window = PowerSchedule.window(bits)
        var products: [Product] = []
        for (factor, exponent) in exponents.enumerated() {
            var at = 0
            while at < exponent.bitWidth {
                if !exponent.bit(at) {
                    at += 1
                    continue
                }
                products.append(Product(position: at, factor: factor, digit: exponent.bits(from: at, count: window)))
                at += window
            }
        }
        oddPowers = UInt32((products.map(\.digit).max() ?? 1) / 2 + 1)
        products.sort { ($1.position, $0.factor) < ($0.position, $1.factor) }
        var position = products.first?.position ?? 0
        for product in products {
            steps.append(
                atoll_power_step(
                    squarings: UInt32(position - product.position), factor: UInt32(product.factor),
                    digit: UInt32(product.digit)))
            position = product.position
        }
        if position > 0 { steps.append(atoll_power_step(squarings: UInt32(position), factor: 0, digit: 0)) }
    }

    private static func window(_ bits: Int) -> Int {
        switch bits {
        case ..<8: 2
        case ..<32: 3
        case ..<128: 4
        default: 5
        }
    }
}
