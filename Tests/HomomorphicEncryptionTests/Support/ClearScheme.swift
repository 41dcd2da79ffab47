import Arithmetic
import Faults
import Synchronization

@testable import HomomorphicEncryption

/// The port's memory version: nothing is encrypted, so sums can be looked at directly. Values are integers modulo
/// 2^`modulusBits` in two's complement; it also counts additions and checks the contract of index lists.
struct ClearKey: AdditivePublicKey {
    typealias Ciphertexts = [[UInt64]]

    static let scheme = SchemeIdentifier(code: 200, name: "clear")
    static let lanes = 8
    static let words = 34

    let identifier = KeyIdentifier([UInt8](repeating: 7, count: 16))!
    let plaintextBits = 2047
    let ciphertextBytes = 8 * ClearKey.words
    let workingBytes = 8 * ClearKey.words
    let workers = Workers(3)
    let additions = Counter()

    final class Counter: Sendable {
        let value = Atomic<Int>(0)
        var count: Int { value.load(ordering: .relaxed) }
    }

    init() {}

    init(decoding bytes: [UInt8], profile: Profile, workers: Workers) throws(Fault) {
        guard bytes.isEmpty else { throw Fault(EncryptionFaults.keyEncoding) }
    }

    func encoded() -> [UInt8] { [] }

    func receive(_ block: [UInt8], count: Int) throws(Fault) -> Ciphertexts {
        guard block.count == count * ciphertextBytes else { throw Fault(EncryptionFaults.blockLength) }
        return (0..<count).map { index in
            (0..<Self.words).map { word in
                (0..<8).reduce(UInt64(0)) { value, byte in
                    value | UInt64(block[index * ciphertextBytes + 8 * word + byte]) << UInt64(8 * byte)
                }
            }
        }
    }

    func neutral(_ count: Int) -> Ciphertexts {
        Ciphertexts(repeating: [UInt64](repeating: 0, count: Self.words), count: count)
    }

    func count(_ batch: Ciphertexts) -> Int { batch.count }

    func copy(_ rows: Ciphertexts, _ sources: [Int32], into sums: inout Ciphertexts, _ targets: [Int32]) {
        for (source, target) in zip(sources, targets) { sums[Int(target)] = rows[Int(source)] }
    }

    func add(_ rows: Ciphertexts, _ sources: [Int32], into sums: inout Ciphertexts, _ targets: [Int32]) {
        check(targets)
        additions.value.wrappingAdd(targets.count, ordering: .relaxed)
        for (source, target) in zip(sources, targets) { sums[Int(target)].add(rows[Int(source)]) }
    }

    func addWithin(_ sums: inout Ciphertexts, _ sources: [Int32], into targets: [Int32]) {
        check(targets, sources)
        additions.value.wrappingAdd(targets.count, ordering: .relaxed)
        for (source, target) in zip(sources, targets) { sums[Int(target)].add(sums[Int(source)]) }
    }

    func accumulate(_ rows: Ciphertexts, _ segments: Segments, into sums: inout Ciphertexts) {
        precondition(Set(segments.targets).count == segments.targets.count, "two segments have one target")
        additions.value.wrappingAdd(segments.indices.count, ordering: .relaxed)
        for (segment, target) in segments.targets.enumerated() {
            for row in segments.indices[Int(segments.starts[segment])..<Int(segments.starts[segment + 1])] {
                sums[Int(target)].add(rows[Int(row)])
            }
        }
    }

    func shift(_ sums: inout Ciphertexts, by bits: Int) {
        for index in sums.indices {
            for _ in 0..<bits { sums[index].add(sums[index]) }
        }
    }

    func multiply(_ sums: inout Ciphertexts, by scalars: [Int64]) {
        precondition(scalars.count == sums.count)
        for index in sums.indices {
            let negated = scalars[index] < 0 ? sums[index].negated() : sums[index]
            var result = [UInt64](repeating: 0, count: Self.words)
            for bit in stride(from: 63, through: 0, by: -1) {
                result.add(result)
                if scalars[index].magnitude >> UInt64(bit) & 1 == 1 { result.add(negated) }
            }
            sums[index] = result
        }
    }

    func add(_ plaintexts: PlaintextBatch, into sums: inout Ciphertexts) throws(Fault) {
        for index in sums.indices { sums[index].add(plaintexts.extended(index, to: Self.words)) }
    }

    func seal(_ sums: Ciphertexts, from pool: BlindingPool<ClearKey>?) -> [UInt8] {
        sums.flatMap { words in
            words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
        }
    }

    func blindings(_ count: Int) -> Ciphertexts { neutral(count) }

    func wipe(_ batch: inout Ciphertexts) { batch = neutral(batch.count) }

    /// The contract: inside a group of lanes targets differ, and no source is another entry's target.
    private func check(_ targets: [Int32], _ sources: [Int32] = []) {
        for start in stride(from: 0, to: targets.count, by: Self.lanes) {
            let group = targets[start..<min(start + Self.lanes, targets.count)]
            precondition(Set(group).count == group.count, "two entries of a group have one target")
            for index in group.indices where !sources.isEmpty {
                precondition(!group.contains(sources[index]), "an entry of a group reads another's target")
            }
        }
    }

    /// A value that fits into 128 bits.
    func value(_ batch: Ciphertexts, _ index: Int) -> Int128? {
        var plaintexts = PlaintextBatch(count: 1, width: Self.words)
        plaintexts.words = batch[index]
        return plaintexts.int128(0)
    }

    /// Rows as "ciphertexts".
    func rows(_ plaintexts: PlaintextBatch) -> Ciphertexts {
        (0..<plaintexts.count).map { plaintexts.extended($0, to: Self.words) }
    }
}

extension PlaintextBatch {
    /// Value `index`, sign-extended.
    func extended(_ index: Int, to words: Int) -> [UInt64] {
        let value = Array(self.words[(index * width)..<((index + 1) * width)])
        guard words > width else { return Array(value[..<words]) }
        return value + [UInt64](repeating: isNegative(index) ? .max : 0, count: words - width)
    }
}

extension [UInt64] {
    mutating func add(_ other: [UInt64]) {
        var carry: UInt64 = 0
        for index in indices {
            let (first, one) = self[index].addingReportingOverflow(other[index])
            let (second, two) = first.addingReportingOverflow(carry)
            self[index] = second
            carry = (one ? 1 : 0) + (two ? 1 : 0)
        }
    }

    func negated() -> [UInt64] {
        var result = map { ~$0 }
        result.add([1] + [UInt64](repeating: 0, count: count - 1))
        return result
    }
}
