import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder of one test, private and with a short path, removed with everything in it.
struct ClientFolder: ~Copyable {
    let path: String

    init() {
        path = "/tmp/atoll-\(ULID.make().suffix(12).lowercased())"
        precondition(mkdir(path, 0o700) == 0, "a folder for the test cannot be made")
    }

    deinit {
        Self.remove(path)
    }

    func write(_ name: String, _ text: String, mode: mode_t = 0o600) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        precondition(descriptor >= 0, "a file of the test cannot be written")
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        return file
    }

    private static func remove(_ path: String) {
        if let handle = opendir(path) {
            while let entry = readdir(handle) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(handle)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
