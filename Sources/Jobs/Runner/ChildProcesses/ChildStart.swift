import CProcesses

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Starts one process; see `atoll_child_start` for what it inherits: nothing but what is named here.
public struct ChildStart: Sendable {
    /// An absolute path.
    public var program: String
    public var arguments: [String]
    public var environment: [String: String]
    /// Become its standard descriptors; less than 0 for `/dev/null`.
    public var input: Int32 = -1
    public var errors: Int32 = -1
    /// Become its descriptors from 3 on.
    var files: [WorkerFile] = []
    /// Nil for those of this thread.
    var cores: [Int]?

    public init(program: String, arguments: [String], environment: [String: String]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// The new process's number, or the system's error number. It leads a process group of its own.
    public func start() -> (process: Int32, failure: Int32) {
        let arguments = Self.copies([program] + self.arguments)
        let environment = Self.copies(self.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
        defer { for copy in arguments + environment { free(copy) } }
        let mask = cores.map(CoreAllotment.mask)
        var process: Int32 = 0
        let descriptors = files.map(\.descriptor)
        let failure = program.withCString { program in
            arguments.withUnsafeBufferPointer { arguments in
                environment.withUnsafeBufferPointer { environment in
                    (mask ?? []).withUnsafeBufferPointer { cores in
                        descriptors.withUnsafeBufferPointer { files in
                            var child = atoll_child(
                                program: program, arguments: arguments.baseAddress,
                                environment: environment.baseAddress, folder: nil, input: input, output: -1,
                                errors: errors, cores: mask == nil ? nil : cores.baseAddress,
                                cores_bytes: cores.count, files: files.baseAddress, files_count: files.count)
                            return atoll_child_start(&child, &process)
                        }
                    }
                }
            }
        }
        return (process, failure)
    }

    /// Copies for C, with the null pointer that ends a list.
    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }
}

/// Variables of a child's environment that come from this process's.
public enum PassedEnvironment {
    public static func current(_ names: [String]) -> [String: String] {
        var values: [String: String] = [:]
        for name in names { if let value = getenv(name) { values[name] = String(cString: value) } }
        return values
    }
}
