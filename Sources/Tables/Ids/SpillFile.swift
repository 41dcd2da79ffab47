import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Sorted entries in a temporary file without a name.
final class SpillFile {
    private let descriptor: Int32
    private var count = 0
    private var given = 0
    private var buffer: [DuplicateFinder.Entry] = []
    private var position = 0
    private var most = 1

    /// Throws `TableFaults.fileUnwritable`.
    init(folder: String) throws {
        let path = "\(folder)/\(ScratchName.fresh("ids"))"
        descriptor = try FileCalls.create(path)
        unlink(path)
    }

    deinit { close(descriptor) }

    func write(_ entries: [DuplicateFinder.Entry]) throws {
        var place = 0
        while place < entries.count {
            let piece = entries[place..<min(place + 32_768, entries.count)]
            try piece.withUnsafeBytes { try FileCalls.write($0, to: descriptor) }
            place += piece.count
        }
        count += entries.count
    }

    /// Begins to give the entries, reading at most so many at once.
    func rewind(buffering most: Int) throws {
        self.most = most
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw FileCalls.unreadable() }
    }

    /// The next entry; `nil` after the last.
    func next() throws -> DuplicateFinder.Entry? {
        if position == buffer.count {
            let wanted = min(most, count - given)
            guard wanted > 0 else { return nil }
            buffer = try Self.read(wanted, from: descriptor)
            position = 0
        }
        defer { (position, given) = (position + 1, given + 1) }
        return buffer[position]
    }

    private static func read(_ wanted: Int, from descriptor: Int32) throws -> [DuplicateFinder.Entry] {
        let input = FileInput(descriptor: descriptor)
        return try [DuplicateFinder.Entry](unsafeUninitializedCapacity: wanted) { entries, made in
            let room = UnsafeMutableRawBufferPointer(entries)
            var done = 0
            while done < room.count {
                let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: room[done...]))
                guard count > 0 else { throw Fault(TableFaults.fileUnreadable, "A temporary file ends too early.") }
                done += count
            }
            made = wanted
        }
    }
}
