import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a file, or standard input, whole and bounded.
enum FileInput {
    /// - Parameters:
    ///   - path: a file; `-` is standard input.
    ///   - limit: the most bytes wanted. One byte more than that is read, so that the caller sees that there is more.
    /// - Throws: `ProgramFaults.fileUnreadable`.
    static func read(_ path: String, limit: Int = YAMLReader.maximumBytes) throws(Fault) -> [UInt8] {
        if path == "-" {
            if isatty(STDIN_FILENO) == 1 { Console.note("Reading from the terminal; Ctrl-D ends the input.") }
            return try read(descriptor: STDIN_FILENO, name: "standard input", limit: limit)
        }
        if let facts = FileFacts(path), facts.kind == .directory {
            throw Fault(
                ProgramFaults.fileUnreadable,
                "'\(path)' is a directory.",
                at: path,
                wanted: "a file, or - for standard input"
            )
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Fault(ProgramFaults.fileUnreadable, "'\(path)' cannot be read: \(Platform.message(errno)).", at: path)
        }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: path, limit: limit)
    }

    private static func read(descriptor: Int32, name: String, limit: Int) throws(Fault) -> [UInt8] {
        var content: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while content.count <= limit {
            let wanted = min(block.count, limit + 1 - content.count)
            let count = unsafeRead(descriptor, into: &block, count: wanted)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw Fault(
                    ProgramFaults.fileUnreadable,
                    "'\(name)' cannot be read: \(Platform.message(errno)).",
                    at: name
                )
            }
            content += block[..<count]
        }
        return content
    }

    private static func unsafeRead(_ descriptor: Int32, into block: inout [UInt8], count: Int) -> Int {
        block.withUnsafeMutableBytes { bytes in
            #if canImport(Glibc)
                Glibc.read(descriptor, bytes.baseAddress, count)
            #else
                Darwin.read(descriptor, bytes.baseAddress, count)
            #endif
        }
    }
}
