import CTables
import Faults

/// The text of a file that may be gzip: told by its first two bytes (1f 8b), any number of members one after the other.
/// Anything else is passed on as it is. A damaged or incomplete member is `TableFaults.gzipDamaged`.
final class InflatingInput: ByteInput {
    private(set) var source: DigestingInput
    private let reader: OpaquePointer
    private let buffer: UnsafeMutablePointer<UInt8>
    private var start = 0
    private var end = 0
    /// `nil` before the first bytes are seen.
    private var isGzip: Bool?
    private var isInsideMember = false
    private static let room = 256 << 10

    init(_ input: any ByteInput) throws {
        source = DigestingInput(input)
        guard let reader = ct_gunzip_new() else {
            throw Fault(TableFaults.gzipDamaged, "There is no memory to read it.")
        }
        self.reader = reader
        buffer = .allocate(capacity: Self.room)
    }

    deinit {
        ct_gunzip_free(reader)
        buffer.deallocate()
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws -> Int {
        guard room.count > 0 else { return 0 }
        if isGzip == nil {
            while end < 2, try refill() {}
            isGzip = end >= 2 && buffer[0] == 0x1F && buffer[1] == 0x8B
        }
        return isGzip == true ? try inflate(into: room) : try pass(into: room)
    }

    private func pass(into room: UnsafeMutableRawBufferPointer) throws -> Int {
        if start == end { return try source.read(into: room) }
        let count = min(room.count, end - start)
        room.copyMemory(from: UnsafeRawBufferPointer(start: buffer + start, count: count))
        start += count
        return count
    }

    private func inflate(into room: UnsafeMutableRawBufferPointer) throws -> Int {
        let target = room.baseAddress!.assumingMemoryBound(to: UInt8.self)
        while true {
            if start == end, try !refill() {
                guard !isInsideMember else { throw Fault(TableFaults.gzipDamaged, "It ends inside a member.") }
                return 0
            }
            isInsideMember = true
            var used = end - start
            var made = room.count
            switch ct_gunzip_run(reader, buffer + start, &used, target, &made) {
            case 0: break
            case 1: isInsideMember = false
            default: throw Fault(TableFaults.gzipDamaged)
            }
            start += used
            if made > 0 { return made }
        }
    }

    /// Reads more behind what is there; whether there was any.
    private func refill() throws -> Bool {
        if start == end { (start, end) = (0, 0) }
        let count = try source.read(into: UnsafeMutableRawBufferPointer(start: buffer + end, count: Self.room - end))
        end += count
        return count > 0
    }
}
