public import Arithmetic
import Foundation
import Testing

/// Known answers from `Tests/Vectors/arithmetic_vectors.py`.
struct Vectors: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let n: Natural
        let a, b, m, wide, weights, digits, exponents: [Natural]
        let exponent, chain: Natural
        let product, square, power, powers, fixedBase, onePlus, entered, sum: [Natural]
        let plainProduct, plainPower, plainSum: [Natural]

        var testDescription: String { name }
    }
    struct Answer: Decodable {
        let bits: Int
        let answer: Natural
    }
    let cases: [Case]
    let selfTest: [Answer]

    static let all: Vectors = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/arithmetic.json")
        // A missing or broken file must stop the tests.
        return try! JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
    }()
}

extension Natural: Decodable {
    public init(from decoder: any Decoder) throws {
        let text: String
        if let hex = try? decoder.singleValueContainer().decode(String.self) {
            text = hex
        } else {
            text = String(try decoder.singleValueContainer().decode(UInt64.self), radix: 16)
        }
        guard let value = Natural(hex: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
        }
        self = value
    }
}

extension PairResidues {
    /// Unique values for comparison.
    var values: [Natural] { split(leaveWords(), modulus.valueWords) }
}

extension Residues {
    var values: [Natural] { split(leaveWords(), modulus.valueWords) }
}

func split(_ words: [UInt64], _ width: Int) -> [Natural] {
    stride(from: 0, to: words.count, by: width).map { Natural(words: Array(words[$0..<$0 + width])) }
}

/// Values flat in words of one width.
func flat(_ values: [Natural], width: Int) -> [UInt64] {
    values.flatMap { $0.words(width: width) }
}

/// Square and multiply on naturals, the slow reference.
func slowPower(_ base: Natural, _ exponent: Natural, _ modulus: Natural) -> Natural {
    var result = Natural.one % modulus
    for i in (0..<exponent.bitWidth).reversed() {
        result = result * result % modulus
        if exponent.bit(i) { result = result * base % modulus }
    }
    return result
}

/// Kernels that are quick enough for long runs.
let fastKernels = Kernel.available.filter { $0.name != "ifma-model" }

/// Bit lengths of moduli at every kernel width, between widths, and small.
let modulusBits = [2, 8, 16, 63, 64, 65, 700, 1023, 1024, 1025, 1536, 2047, 2048, 3071, 3072]

/// An odd modulus of exactly that length; `dense` has all ones in its top word.
func randomModulus(bits: Int, dense: Bool = false) -> Natural {
    if bits == 2 { return 3 }
    let top = dense && bits > 128 ? (Natural.power(ofTwo: 64) - 1) << (bits - 64) : Natural.power(ofTwo: bits - 1)
    let rest = SecureRandom.natural(bits: dense && bits > 128 ? bits - 64 : bits - 1)
    return rest.isOdd ? top + rest : top + ((rest >> 1) << 1) + 1
}
