import Faults

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Exports of the ledger on disk: one JSON object a line, any number of lines.
enum ExportFile {
    /// The longest line that is read.
    static let longestLine = 4 << 20

    /// Calls `body` with every line, without its end.
    ///
    /// - Throws: `LedgerFaults.unreadable` when the file cannot be read; what `body` throws.
    static func read(_ path: String, _ body: ([UInt8]) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Fault(LedgerFaults.unreadable, "The export cannot be read: \(Platform.message(errno)).", at: path)
        }
        defer { close(descriptor) }
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        var line: [UInt8] = []
        while true {
            let count = Platform.read(descriptor, into: &chunk)
            guard count >= 0 else {
                throw Fault(LedgerFaults.unreadable, "The export cannot be read: \(Platform.message(errno)).", at: path)
            }
            if count == 0 { break }
            var rest = chunk[..<count]
            while let end = rest.firstIndex(of: 0x0A) {
                line += rest[..<end]
                try body(line)
                line.removeAll(keepingCapacity: true)
                rest = rest[(end + 1)...]
            }
            line += rest
            guard line.count <= longestLine else {
                throw Fault(LedgerFaults.malformedExport, "A line of the export is too long.", at: path)
            }
        }
        if !line.isEmpty { try body(line) }
    }

    /// Writes what arrives in pieces: to standard output by whole lines, or to a file that has its name only once it is
    /// whole.
    final class Writer {
        private let path: String?
        private let descriptor: Int32
        private var rest: [UInt8] = []
        private var lines = 0
        private var isFinished = false

        /// - Parameter path: nil for standard output.
        /// - Throws: `ProgramFaults.unexpected` when the file cannot be made.
        init(_ path: String?) throws(Fault) {
            self.path = path
            descriptor = path.map { open("\($0).partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) } ?? -1
            if let path, descriptor < 0 { throw Self.failure(path) }
        }

        deinit {
            if descriptor >= 0 { close(descriptor) }
            if let path, !isFinished { unlink("\(path).partial") }
        }

        func write(_ bytes: [UInt8]) throws {
            rest += bytes
            guard let end = rest.lastIndex(of: 0x0A) else { return }
            let whole = rest[...end]
            lines += whole.count { $0 == 0x0A }
            if let path {
                guard Platform.write(descriptor, whole) else { throw Self.failure(path) }
            } else {
                try Console.write(String(decoding: whole, as: UTF8.self))
            }
            rest.removeSubrange(...end)
        }

        /// - Returns: how many lines there are.
        func finish() throws -> Int {
            if let path {
                guard fsync(descriptor) == 0, rename("\(path).partial", path) == 0 else { throw Self.failure(path) }
            }
            isFinished = true
            return lines
        }

        private static func failure(_ path: String) -> Fault {
            Fault(
                ProgramFaults.unexpected, "The export cannot be written: \(Platform.message(errno)).", at: path,
                fix: "Name a file that can be written, with room for it.")
        }
    }
}
