import Arithmetic
import BenchKit
import Faults
@_spi(Benchmarks) import HomomorphicEncryption
import Synchronization

/// What the rows of one key length share: keys, ciphertexts, the time of one product. Made once, at first use.
final class Subject: Sendable {
    let bits: Int
    private let made = Mutex<[String: any Sendable]>([:])

    init(bits: Int) {
        self.bits = bits
    }

    var name: String { "paillier\(bits)" }

    /// A key pair for one profile and number of threads, its tables made.
    func pair(_ profile: Profile, _ workers: Workers) throws -> PaillierKeyPair {
        try once("pair \(profile) \(workers.count)") {
            let pair = try PaillierKeyPair.generate(bits: bits, profile: profile, workers: workers)
            pair.publicKey.prepare()
            return pair
        }
    }

    /// A modulus of the key's length and two batches modulo its square.
    func operands() throws -> (left: PairResidues, right: PairResidues) {
        let modulus = try once("modulus") {
            var words = [UInt64](repeating: 0, count: bits / 64)
            for index in words.indices { words[index] = UInt64.random(in: 0 ... .max) }
            words[0] |= 1
            words[words.count - 1] |= 1 << 63
            return try PairModulus(Natural(words: words))
        }
        let values = (0..<(2 * 64)).map { _ in SecureRandom.natural(below: modulus.square) }
        return (
            PairResidues(entering: Array(values[..<64]), modulus: modulus),
            PairResidues(entering: Array(values[64...]), modulus: modulus)
        )
    }

    /// Nanoseconds of one product modulo n² on one core, in runs.
    func products() throws -> [Double] {
        try once("products") {
            let (left, right) = try operands()
            var product = left
            return Timing.runs(units: 64) { product.multiply(by: right) }
        }
    }

    /// Nanoseconds of one product now, over some milliseconds: the unit of the goals. A ratio is taken between times
    /// that stand beside each other, so that a change of the machine's load meets both.
    func productOnce() throws -> Double {
        let (left, right) = try once("operands") { try operands() }
        var product = left
        let repeats = 16
        return Timing.once(.thread) { for _ in 0..<repeats { product.multiply(by: right) } } / Double(64 * repeats)
    }

    /// Runs of a body on one core, each beside products: nanoseconds per unit, and the median of the ratios.
    func besideProducts(_ units: Int, runs: Int = 7, _ body: () throws -> Void) throws -> Measurement {
        try body()
        let times = try (0..<runs).map { _ in
            let before = try productOnce()
            let time = try Timing.once(.thread) { for _ in 0..<2 { try body() } } / Double(2 * units)
            return (time, time / ((before + (try productOnce())) / 2))
        }
        return Measurement(times.map(\.0), ratio: Statistics.median(times.map(\.1)))
    }

    func once<Value: Sendable>(_ name: String, _ make: () throws -> Value) throws -> Value {
        if let value = made.withLock({ $0[name] }) as? Value { return value }
        let value = try make()
        made.withLock { $0[name] = value }
        return value
    }
}

/// Plaintexts as boosting sends them: some 60 bits.
func messages(_ count: Int) -> PlaintextBatch {
    PlaintextBatch((0..<count).map { _ in Int128.random(in: -(1 << 60)...(1 << 60)) })
}
