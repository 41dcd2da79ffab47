import Foundation

/// The known answers that `Tests/Vectors/paillier_vectors.py` wrote.
struct Vectors: Decodable {
    let keys: [KeyVectors]
    let layouts: [LayoutVectors]
    let toys: [ToyVectors]

    struct KeyVectors: Decodable {
        let name: String
        let bits: Int
        let p, q, n, x, base, order: String
        let encryptions: [Encryption]
        let sum: String
        let scalars: [String]
        let scaled: [String]
        let shift: Int
        let shifted: String
        let packing: Packing
    }

    struct Encryption: Decodable {
        let message, rho, cipher: String
    }

    struct Packing: Decodable {
        let rows, gradientBits, hessianBits, slots: Int
        let gradients, hessians: [Int64]
        let packed: String
    }

    struct LayoutVectors: Decodable {
        let objective: String
        let rows, gradientBits, hessianBits, slots: Int
        let allowed: Bool
    }

    struct ToyVectors: Decodable {
        let p, q, x, order: Int
        let base: String
        let replies: [String: [Int]]
    }

    static var shared: Vectors {
        get throws { try loaded.get() }
    }

    private static let loaded = Result {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.deletingLastPathComponent().appending(path: "Vectors/paillier.json")
        return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
    }
}

/// Numbers of the vectors: hexadecimal digits, a minus sign before negative ones.
enum Hex {
    /// The magnitude as little-endian words.
    static func words(_ text: String, count: Int) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: count)
        for (position, digit) in text.drop(while: { $0 == "-" }).reversed().enumerated() {
            words[position / 16] |= UInt64(digit.hexDigitValue!) << UInt64(4 * (position % 16))
        }
        return words
    }

    static func isNegative(_ text: String) -> Bool { text.hasPrefix("-") }
}
