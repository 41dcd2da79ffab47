#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The small files of `/proc` and of control groups: read and written whole.
enum SystemFile {
    /// Nil when it cannot be read; `errno` says why. At most 1 MiB.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count < 1 << 20 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            if count == 0 { break }
            content += buffer[..<count]
        }
        return content
    }

    static func text(_ path: String) -> String? {
        read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// One system call; false when it was refused, `errno` says why.
    @discardableResult
    static func write(_ path: String, _ text: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        return Glibc.write(descriptor, bytes, bytes.count) == bytes.count
    }

    /// Names in a folder, in no order; empty when it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// The number after a word that begins a line: `oom_kill 3`, `VmRSS:   12 kB`.
    static func number(_ word: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let parts = line.split { $0 == " " || $0 == "\t" }
            if parts.count >= 2, parts[0] == word { return UInt64(parts[1]) }
        }
        return nil
    }
}
