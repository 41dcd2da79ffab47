import Arithmetic
import BenchKit
import Faults
@_spi(Benchmarks) import HomomorphicEncryption

/// Peers' figures for 2048 bits, one core, nanoseconds: measured on another machine, of a class that this project names
/// as its reference (docs/benchmarks.md).
private enum Peer {
    static let machine = "one core of AMD EPYC family 26 with AVX-512 IFMA; docs/benchmarks.md"
    static let add = Against(name: "heu 0.6.0.dev20250514 ZPaillier", value: 2_400, source: machine)
    static let encrypt = Against(name: "heu 0.6.0.dev20250514 ZPaillier", value: 398_000, source: machine)
    static let decrypt = Against(name: "Intel IPCL, IFMA path", value: 293_000, source: machine)
    static let scale = Against(name: "Intel IPCL, IFMA path", value: 43_400, source: machine)
}

/// One operation: how it is timed on some threads, and what is wanted of it in products.
private struct Operation {
    let name: String
    let doc: String
    var peer: Against?
    var products: Double?
    /// Whether the operation spreads a batch over the cores by itself.
    var parallel = true
    /// Units of work per call and core.
    let units: Int
    /// Makes the body that is timed, for a key pair.
    let body: @Sendable (Subject, PaillierKeyPair, _ units: Int) throws -> () throws -> Void
}

extension Subject {
    /// All operations on one core, then on all.
    var paillierRows: [BenchRow] {
        let peers = bits == 2048
        let operations = Self.operations
        let one = operations.map { row($0, peers: peers) } + [poolRow, accumulateRow, keyGenerationRow]
        let all = operations.filter(\.parallel).map(allCoresRow) + [accumulateAllRow]
        return one + all
            + ["encrypt.owner", "encrypt.public.full", "rerandomise", "decrypt"].map { name in
                sharedRow(operations.first { $0.name == name }!)
            } + [twoThreadsRow]
    }

    private static var operations: [Operation] {
        [
            Operation(name: "add", doc: "One addition of two ciphertexts.", peer: Peer.add, parallel: false, units: 64)
            {
                _, pair, units in
                let left = pair.publicKey.blindings(units)
                let right = pair.publicKey.blindings(units)
                let places = (0..<Int32(units)).map { $0 }
                var sums = left
                return { pair.publicKey.add(right, places, into: &sums, places) }
            },
            Operation(
                name: "encrypt.owner", doc: "One encryption by the key's owner, to bytes.", peer: Peer.encrypt,
                products: 80, units: 32
            ) { _, pair, units in
                let values = messages(units)
                return { _ = try pair.encrypt(values) }
            },
            Operation(
                name: "encrypt.public",
                doc:
                    "One encryption by the public key with an exponent of half the length, to bytes; no protocol uses it.",
                peer: Peer.encrypt, products: 160, parallel: false, units: 16
            ) { _, pair, units in
                let key = pair.publicKey
                let values = messages(units)
                return {
                    var blinded = key.halfLengthBlindings(units)
                    try key.add(values, into: &blinded)
                    _ = blinded.leaveBytes()
                }
            },
            Operation(
                name: "encrypt.public.full",
                doc: "One encryption by the public key with an exponent of |n| + 80 bits, to bytes.",
                peer: Peer.encrypt, products: 350, units: 16
            ) { _, pair, units in
                let values = messages(units)
                return { _ = try pair.publicKey.encrypt(values) }
            },
            Operation(
                name: "rerandomise", doc: "One ciphertext blinded anew with an exponent of |n| + 80 bits, to bytes.",
                products: 350, units: 16
            ) { _, pair, units in
                let batch = pair.publicKey.neutral(units)
                return { _ = pair.publicKey.seal(batch) }
            },
            Operation(
                name: "decrypt", doc: "One decryption, from bytes, their validation included.", peer: Peer.decrypt,
                products: 625, units: 16
            ) { _, pair, units in
                let block = try pair.encrypt(messages(units))
                return { _ = try pair.decrypt(block, count: units) }
            },
            Operation(
                name: "scale32", doc: "One product with a 32-bit integer.", peer: Peer.scale, products: 62, units: 32
            ) { _, pair, units in
                let batch = pair.publicKey.blindings(units)
                let scalars = (0..<units).map { _ in Int64.random(in: 1 << 31..<1 << 32) }
                return {
                    var scaled = batch
                    pair.publicKey.multiply(&scaled, by: scalars)
                }
            },
            Operation(
                name: "pack", doc: "One cell packed: logistic sums over 30,000 rows.", units: 0
            ) { _, pair, units in
                let key = pair.publicKey
                let layout = try PackingLayout(.logistic, rows: 30_000, plaintextBits: key.plaintextBits)
                let cells = key.blindings(units)
                let order = (0..<Int32(units)).map { $0 }
                return { _ = try layout.pack(key, cells, order: order) }
            },
        ]
    }

    /// Units of a call: a whole number of packed ciphertexts for `pack`.
    private func units(_ operation: Operation, cores: Int) throws -> Int {
        guard operation.units == 0 else { return operation.units * cores }
        return try PackingLayout(.logistic, rows: 30_000, plaintextBits: bits - 1).slots * 8 * cores
    }

    private func row(_ operation: Operation, peers: Bool) -> BenchRow {
        let inProducts = operation.products != nil || operation.peer == nil || !peers
        return BenchRow(
            "\(name).\(operation.name)", unit: "ns",
            doc: "\(operation.doc) One core, processor time, profile dedicated. Ratio: "
                + (inProducts ? "in products modulo n² of this run." : "the peer's time over ours."),
            against: peers ? operation.peer : nil,
            ratio: inProducts ? .measured : .againstOverValue,
            goal: operation.products.map { .ratio(.atMost, $0) }
        ) { _ in
            let units = try self.units(operation, cores: 1)
            return try self.besideProducts(units, try operation.body(self, try self.pair(.dedicated, .one), units))
        }
    }

    private func allCoresRow(_ operation: Operation) -> BenchRow {
        BenchRow(
            "\(name).\(operation.name).all", unit: "ns",
            doc: "\(operation.doc) All cores, wall time per unit, profile dedicated."
        ) { _ in
            let units = try self.units(operation, cores: 4 * Workers.all.count)
            let body = try operation.body(self, try self.pair(.dedicated, .all), units)
            return Measurement(try Timing.runs(5, units: units, clock: .wall, body))
        }
    }

    private func sharedRow(_ operation: Operation) -> BenchRow {
        BenchRow(
            "\(name).\(operation.name).shared", unit: "ns",
            doc: "\(operation.doc) One core, processor time, profile shared. Ratio: over profile dedicated, both "
                + "measured in turn.",
            ratio: .measured, goal: .ratio(.atMost, 1.35)
        ) { _ in
            let units = try self.units(operation, cores: 1)
            let shared = try operation.body(self, try self.pair(.shared, .one), units)
            let dedicated = try operation.body(self, try self.pair(.dedicated, .one), units)
            try shared()
            try dedicated()
            let times = try Timing.interleaved(7, clock: .thread, shared, dedicated)
            let ratio = Statistics.median(times.first) / Statistics.median(times.second)
            return Measurement(times.first.map { $0 / Double(units) }, ratio: ratio)
        }
    }

    private var poolRow: BenchRow {
        BenchRow(
            "\(name).encrypt.pool", unit: "ns",
            doc: "One encryption with ready randomness out of a pool, to bytes. One core, processor time. Ratio: in "
                + "products modulo n² of this run.",
            ratio: .measured, goal: .ratio(.atMost, 3)
        ) { _ in
            let pair = try self.pair(.dedicated, .one)
            let count = 256
            let pool = BlindingPool(owner: pair, capacity: count)
            let values = messages(count)
            let runs = try (0..<6).map { _ in
                pool.fill()
                let product = try self.productOnce()
                let time = try Timing.once(.thread) { _ = try pair.encrypt(values, from: pool) } / Double(count)
                return (time: time, product: product)
            }
            // The first warms up.
            return Measurement(
                runs.dropFirst().map(\.time), ratio: Statistics.median(runs.dropFirst().map { $0.time / $0.product }))
        }
    }

    private var keyGenerationRow: BenchRow {
        BenchRow(
            "\(name).keygen", unit: "ns", doc: "One key pair with the owner's tables. One core, processor time."
        ) { _ in
            Measurement(
                try (0..<5).map { _ in
                    try Timing.once(.thread) {
                        _ = try PaillierKeyPair.generate(bits: self.bits, profile: .dedicated, workers: .one)
                    }
                })
        }
    }
}
