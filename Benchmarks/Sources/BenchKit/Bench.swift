#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// What a measurement may look at.
public struct BenchContext: Sendable {
    /// `--data DIR`, or the environment's `ATOLL_DATA`; nil when neither is set.
    public let data: String?

    public init(data: String? = nil) {
        self.data = data
    }
}

/// A bench program: a name, the rows in the order printed, and the kernels in use.
public struct Bench: Sendable {
    public let name: String
    /// One sentence for `--help`.
    public let summary: String
    public let kernels: [String]
    public let rows: [BenchRow]

    public init(name: String, summary: String, kernels: [String] = [], rows: [BenchRow]) {
        precondition(Set(rows.map(\.name)).count == rows.count, "the names of a bench's rows are unique")
        self.name = name
        self.summary = summary
        self.kernels = kernels
        self.rows = rows
    }

    /// Runs the program: the report goes to standard output, everything else to standard error.
    ///
    /// - Returns: 0; 1 when `--check` was given and a goal is missed, or a row could not be measured; 64 on a wrong
    ///   command line.
    public func main(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) async -> Int32 {
        let outcome = await run(arguments, progress: isatty(2) == 1 ? { Self.write("\($0)\n", to: stderrNumber) } : nil)
        if !outcome.output.isEmpty { Self.write(outcome.output + "\n", to: stdoutNumber) }
        if !outcome.message.isEmpty { Self.write(outcome.message + "\n", to: stderrNumber) }
        return outcome.status
    }

    /// What `main` prints and with what it exits, as a value.
    public struct Outcome: Sendable, Equatable {
        public var output = ""
        public var message = ""
        public var status: Int32 = 0
    }

    /// `main` without the printing. `progress` gets a line before each row is measured.
    public func run(_ arguments: [String], progress: ((String) -> Void)? = nil) async -> Outcome {
        let options: BenchOptions
        do throws(UsageError) {
            options = try BenchOptions(arguments)
        } catch {
            return Outcome(message: "\(program): \(error.message)\n\(usage)", status: 64)
        }
        if options.help { return Outcome(output: help) }
        let chosen = rows.filter { row in options.only.map { row.name.hasPrefix($0) } ?? true }
        guard !chosen.isEmpty else {
            return Outcome(message: "\(program): no row begins with \(options.only ?? "")\n\(usage)", status: 64)
        }
        let context = BenchContext(data: options.data ?? ProcessInfo.processInfo.environment["ATOLL_DATA"])
        var results: [BenchResult] = []
        for (index, row) in chosen.enumerated() {
            progress?("\(index + 1)/\(chosen.count) \(row.name)")
            do {
                results.append(BenchResult(row, try await row.measure(context)))
            } catch {
                return Outcome(message: "\(program): \(row.name): \(error)", status: 1)
            }
        }
        let report = BenchReport(bench: name, machine: .this(kernels: kernels), rows: results)
        var outcome = Outcome()
        do {
            outcome.output = options.json ? try report.json() : report.text
        } catch {
            return Outcome(message: "\(program): \(error)", status: 1)
        }
        if options.check, !report.missed.isEmpty {
            outcome.message = "\(program): missed: \(report.missed.joined(separator: ", "))"
            outcome.status = 1
        }
        return outcome
    }

    private var program: String { "atoll bench \(name)" }

    private var usage: String { "usage: \(program) [--json] [--check] [--data DIR] [--only PREFIX] [--help]" }

    private var help: String {
        var lines = [
            summary, "", usage, "",
            "  --json         print JSON instead of a table",
            "  --check        exit with 1 when a goal is missed",
            "  --data DIR     folder of outside data (or ATOLL_DATA)",
            "  --only PREFIX  measure only the rows whose name begins with PREFIX",
            "", "rows:",
        ]
        for row in rows {
            lines.append("  \(row.name) [\(row.unit)]\(row.goal.map { ", goal: \($0)" } ?? "")")
            lines.append("      \(row.doc)")
        }
        return lines.joined(separator: "\n")
    }

    private var stdoutNumber: Int32 { 1 }
    private var stderrNumber: Int32 { 2 }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Darwin)
                    Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                    Musl.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
