import Arithmetic
public import Faults
import HomomorphicEncryption

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Measures this machine.
public struct MachineMeasures: WorkerMeasures {
    private static let start = ContinuousClock.now
    private static let batch = 64
    private static let block = 1 << 20

    public init() {}

    public func now() -> Duration { ContinuousClock.now - Self.start }

    /// Products modulo n² of a fresh 2048-bit key, encryptions by its owner, and decryptions; a third of the time each,
    /// on one core. Making the key is not counted.
    public func kernels(for duration: Duration) throws(Fault) -> Measurement {
        let kernel = try Kernel.preferred()
        let pair = try PaillierKeyPair.generate(bits: 2048, profile: .dedicated, workers: .one)
        pair.publicKey.prepare()
        let share = duration / 3
        let plaintexts = PlaintextBatch((0..<Self.batch).map { Int128($0) << 50 })

        let (first, other) = try Self.operands()
        var product = first
        let productsPerSecond = try rate(for: share) { () throws(Fault) in product.multiply(by: other) }
        var ciphertexts = try pair.encrypt(plaintexts)
        let encryptions = try rate(for: share) { () throws(Fault) in ciphertexts = try pair.encrypt(plaintexts) }
        let decryptions = try rate(for: share) { () throws(Fault) in
            _ = try pair.decrypt(ciphertexts, count: Self.batch)
        }
        return .kernels(
            productsPerSecond: productsPerSecond, encryptionsPerSecond: encryptions, decryptionsPerSecond: decryptions,
            kernel: kernel.name)
    }

    /// Writes a file of the scratch folder and flushes it, then reads it; the reading is from the system's cache where
    /// the file fits there.
    public func disk(bytes: Int, scratch: String) throws(Fault) -> Measurement {
        let path = "\(scratch)/measure-\(getpid())"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.fault(scratch) }
        defer {
            close(descriptor)
            unlink(path)
        }
        var block = [UInt8](repeating: 0, count: Self.block)
        for place in block.indices { block[place] = UInt8(truncatingIfNeeded: place &* 167 &+ place >> 8) }
        let blocks = max(1, (bytes + Self.block - 1) / Self.block)

        let begin = now()
        for _ in 0..<blocks {
            guard Self.whole(block, { write(descriptor, $0, $1) }) else { throw Self.fault(scratch) }
        }
        guard fsync(descriptor) == 0 else { throw Self.fault(scratch) }
        let written = now()
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.fault(scratch) }
        for _ in 0..<blocks {
            let isRead = block.withUnsafeMutableBytes { block in
                var done = 0
                while done < block.count {
                    let count = read(descriptor, block.baseAddress! + done, block.count - done)
                    guard count > 0 || count < 0 && errno == EINTR else { return false }
                    done += max(0, count)
                }
                return true
            }
            guard isRead else { throw Self.fault(scratch) }
        }
        let total = Double(blocks * Self.block)
        return .disk(
            write: total / Self.seconds(written - begin), read: total / Self.seconds(now() - written))
    }

    /// Two batches modulo the square of one odd modulus.
    private static func operands() throws(Fault) -> (PairResidues, PairResidues) {
        var words = (0..<2048 / 64).map { _ in UInt64.random(in: 0 ... .max) }
        words[0] |= 1
        words[words.count - 1] |= 1 << 63
        let modulus = try PairModulus(Natural(words: words))
        let values = (0..<2 * batch).map { _ in SecureRandom.natural(below: modulus.square) }
        return (
            PairResidues(entering: Array(values[..<batch]), modulus: modulus),
            PairResidues(entering: Array(values[batch...]), modulus: modulus)
        )
    }

    /// The size of a batch over the median of their times, for about the duration and at least one batch: what else the
    /// machine does for a moment, such as the start of the site's other tasks, does not count for the whole.
    private func rate(for duration: Duration, _ body: () throws(Fault) -> Void) throws(Fault) -> Double {
        let begin = now()
        var last = begin
        var times: [Duration] = []
        repeat {
            try body()
            let time = now()
            times.append(time - last)
            last = time
        } while last - begin < duration
        times.sort()
        return Double(Self.batch) / Self.seconds(times[times.count / 2])
    }

    private static func seconds(_ duration: Duration) -> Double { max(duration / .seconds(1), 1e-9) }

    private static func whole(_ block: [UInt8], _ write: (UnsafeRawPointer, Int) -> Int) -> Bool {
        block.withUnsafeBytes { block in
            var done = 0
            while done < block.count {
                let count = write(block.baseAddress! + done, block.count - done)
                guard count > 0 || count < 0 && errno == EINTR else { return false }
                done += max(0, count)
            }
            return true
        }
    }

    private static func fault(_ scratch: String) -> Fault {
        Fault(
            TaskFaults.scratchUnusable, "The scratch folder cannot be used: \(String(cString: strerror(errno))).",
            at: scratch)
    }
}
