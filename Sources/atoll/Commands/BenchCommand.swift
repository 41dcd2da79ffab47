import ArgumentParser
import Faults
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `atoll bench`: becomes the bench program that lies beside this one, so that the product links nothing of it.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Run a bench program that is installed beside this one.",
        usage: "atoll bench [<name> [<arguments> ...]]",
        discussion: """
            Arguments and exit code pass through. Without a name, the programs found are listed. With --json a bench prints \
            {"bench", "machine", "rows"}; with --check it ends with 1 when a goal is missed.

            EXAMPLES:
              atoll bench
              atoll bench store --json
              atoll bench store --check
              atoll bench store --help                        the help of the bench program
            """
    )

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("The bench and its arguments.", valueName: "name"))
    var words: [String] = []

    func run() throws {
        if ["--help", "-h"].contains(words.first) { throw CleanExit.helpRequest(self) }
        let finder = BenchFinder(program: Platform.programPath)
        guard let name = words.first else { return try Self.list(finder) }
        let path = try finder.path(of: name)
        throw Self.replaceProcess(path, arguments: Array(words.dropFirst()))
    }

    private static func list(_ finder: BenchFinder) throws(Fault) {
        let names = finder.names
        guard !names.isEmpty else { throw finder.missing(nil) }
        try Console.write(names.joined(separator: "\n"))
    }

    /// The bench finds this program by ATOLL_BINARY, whatever links lead to either of them. Returns only when it failed.
    private static func replaceProcess(_ path: String, arguments: [String]) -> Fault {
        var pointers: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        if let program = Platform.programPath { setenv("ATOLL_BINARY", program, 0) }
        execv(path, pointers)
        return Fault(ProgramFaults.benchMissing, "'\(path)' cannot be started: \(Platform.message(errno)).", at: path)
    }
}
