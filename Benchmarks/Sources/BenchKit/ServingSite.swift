public import Foundation

/// One `atoll serve` in a folder of its own, for rows about whole sites.
public final class ServingSite {
    private let program: AtollProgram
    private let data: String
    private let process = Process()

    /// Starts it; `waitUntilReady` tells when it answers.
    ///
    /// - Parameters:
    ///   - listening: for other sites, on a port of loopback.
    ///   - options: of `atoll serve` beside these.
    public init(_ program: AtollProgram, _ data: String, listening: Bool, options: [String] = []) throws {
        self.program = program
        self.data = data
        var arguments = ["serve", "--data", data]
        if listening { arguments += ["--federation-address", "127.0.0.1:\(20_000 + Int.random(in: 0..<10_000))"] }
        process.executableURL = URL(filePath: program.path)
        process.arguments = arguments + options
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    public func waitUntilReady() async throws {
        let start = ContinuousClock.now
        while (try? run(["get", "tenants"])) == nil {
            guard process.isRunning, ContinuousClock.now - start < .seconds(30) else {
                throw BenchFailure("`atoll serve` did not become ready")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Runs a command of the program on this site. Blocks.
    ///
    /// - Parameter input: on its standard input.
    /// - Returns: what the command printed.
    public func run(_ arguments: [String], input: String? = nil) throws -> Data {
        let command = Process()
        let output = Pipe()
        command.executableURL = URL(filePath: program.path)
        command.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["ATOLL_DATA"] = data
        command.environment = environment
        command.standardOutput = output
        command.standardError = FileHandle.nullDevice
        let feed = input.map { _ in Pipe() }
        if let feed { command.standardInput = feed }
        try command.run()
        if let feed, let input {
            try feed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try feed.fileHandleForWriting.close()
        }
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        command.waitUntilExit()
        guard command.terminationStatus == 0 else {
            throw BenchFailure("`atoll \(arguments.prefix(2).joined(separator: " "))` failed")
        }
        return printed
    }

    /// The most resident bytes that any of its present workers had; 0 without one.
    public func workerPeak() -> Double {
        workers.map { (try? SystemProcess.memory(of: $0).most) ?? 0 }.max() ?? 0
    }

    var processIdentifier: Int32 { process.processIdentifier }

    /// Process numbers of its present workers.
    var workers: [Int32] { SystemProcess.children(of: processIdentifier) }

    /// Resident bytes of its process now, and the most there were.
    public func memory() throws -> (now: Double, most: Double) { try SystemProcess.memory(of: processIdentifier) }

    public func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
