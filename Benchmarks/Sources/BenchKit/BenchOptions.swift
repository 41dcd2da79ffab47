/// The command line that every bench program takes: `[--json] [--check] [--data DIR] [--only PREFIX] [--help]`.
public struct BenchOptions: Sendable, Equatable {
    /// Print the report as JSON instead of a table.
    public var json = false
    /// Exit with 1 when a goal is missed.
    public var check = false
    /// Folder of outside data, for benches that need some.
    public var data: String?
    /// Measure only the rows whose name begins with this.
    public var only: String?
    public var help = false

    public init() {}

    /// Reads the arguments after the program's name. `--data=DIR` and `--data DIR` are the same.
    ///
    /// - Throws: `UsageError` on an unknown flag, a stray word, or a flag without its value.
    public init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let flag = parts[0]
            switch flag {
            case "--json", "--check", "--help", "-h":
                guard parts.count == 1 else { throw UsageError("\(flag) takes no value") }
                if flag == "--json" { json = true } else if flag == "--check" { check = true } else { help = true }
            case "--data", "--only":
                guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty else {
                    throw UsageError("\(flag) needs a value")
                }
                if flag == "--data" { data = value } else { only = value }
            default:
                throw UsageError("unknown argument: \(argument)")
            }
        }
    }
}

/// A wrong command line; the program says so on standard error and exits with 64.
public struct UsageError: Error, Equatable, Sendable {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }
}
