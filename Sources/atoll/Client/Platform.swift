import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The few things that the command line asks of the operating system.
enum Platform {
    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// The system's sentence for an error number.
    static func message(_ code: Int32) -> String {
        String(cString: strerror(code))
    }

    static func exit(_ code: Int32) -> Never {
        #if canImport(Glibc)
            Glibc.exit(code)
        #else
            Darwin.exit(code)
        #endif
    }

    /// The path of the running program, with links followed.
    static var programPath: String? {
        realPath("/proc/self/exe") ?? realPath(CommandLine.arguments[0])
    }

    static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func isExecutableFile(_ path: String) -> Bool {
        guard let file = FileFacts(path) else { return false }
        return file.kind == .regular && access(path, X_OK) == 0
    }

    /// The names in a directory, sorted; nil when it cannot be read.
    static func names(in directory: String) -> [String]? {
        guard let handle = opendir(directory) else { return nil }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            names.append(name)
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}
