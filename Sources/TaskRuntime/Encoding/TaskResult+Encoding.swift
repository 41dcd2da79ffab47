import Crypto
public import Faults
import WorkerSocket

/// What crosses the workers' socket at a task's end: `ATLR`, a version byte 1, `u32` length and output, `u16` count of
/// figures, and for each its name (a byte of length, 1 to 255 bytes) and the bits of a double; names rise. Big-endian.
extension TaskResult {
    private static let magic: [UInt8] = Array("ATLR".utf8) + [1]

    /// - Throws: `TaskFaults.resultTooLarge` above 4 MiB; `.protocolBroken` for figures that cannot be written.
    public func encoded() throws(Fault) -> [UInt8] {
        guard output.count < WorkerSocket.maximumPayload, figures.count < 1 << 16 else {
            throw Fault(TaskFaults.resultTooLarge)
        }
        var writer = WireWriter()
        writer.put(Self.magic)
        writer.put(UInt32(output.count))
        writer.put(output)
        writer.put(UInt16(figures.count))
        for (name, value) in figures.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            guard value.isFinite, (1...255).contains(name.utf8.count) else {
                throw Fault(TaskFaults.protocolBroken, "A figure is not a number or has no proper name.")
            }
            writer.put(name: name)
            writer.put(value.bitPattern)
        }
        guard writer.bytes.count <= WorkerSocket.maximumPayload else { throw Fault(TaskFaults.resultTooLarge) }
        return writer.bytes
    }

    /// Takes only what `encoded` writes.
    ///
    /// - Throws: `TaskFaults.resultUnreadable`.
    public init(decoding bytes: [UInt8]) throws(Fault) {
        let unreadable = Fault(TaskFaults.resultUnreadable)
        var reader = WireReader(bytes, or: TaskFaults.resultUnreadable)
        guard try reader.block(Self.magic.count) == Self.magic else { throw unreadable }
        let output = try reader.block(Int(try reader.number(UInt32.self)))
        let count = Int(try reader.number(UInt16.self))
        var figures: [String: Double] = [:]
        var last: String?
        for _ in 0..<count {
            let name = try reader.name()
            let value = Double(bitPattern: try reader.number())
            let rises = last.map { $0.utf8.lexicographicallyPrecedes(name.utf8) } ?? !name.isEmpty
            guard value.isFinite, rises else { throw unreadable }
            figures[name] = value
            last = name
        }
        try reader.finish()
        self.init(output: output, figures: figures)
    }

    /// The digest that parties compare: SHA-256 over a tag, the task's seed and the output; 32 bytes.
    public func partDigest(seed: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("atoll/task/part/1".utf8) + [0])
        hash.update(data: seed)
        hash.update(data: output)
        return Array(hash.finalize())
    }
}
