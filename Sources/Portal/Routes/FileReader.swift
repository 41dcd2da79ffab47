#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads the files of work on the portal.
enum FileReader {
    /// At most 1 MiB of it; nil when it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while result.count < 1 << 20 {
            let count = read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { return nil }
            if count == 0 { break }
            result += chunk[..<count]
        }
        return result
    }
}
