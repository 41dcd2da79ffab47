import BenchKit
import Foundation

/// The reader and writer that ours are measured beside: pandas with its C engine, else Python's csv module.
struct Pandas {
    let name: String
    /// Seconds of processor time of each run.
    let read: [Double]
    let write: [Double]

    /// Reads and writes the same file in a process of its own, one thread. Throws where there is no Python.
    static func measure(_ path: String, runs: Int) throws -> Pandas {
        let process = Process()
        // Debian's own Python is the one that `Scripts/setup.sh bench` gives pandas to.
        let own = "/usr/bin/python3"
        let hasOwn = FileManager.default.isExecutableFile(atPath: own)
        process.executableURL = URL(filePath: hasOwn ? own : "/usr/bin/env")
        process.arguments = (hasOwn ? [] : ["python3"]) + ["-c", program, path, String(runs)]
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        do { try process.run() } catch { throw BenchFailure("python3 is not here (`Scripts/setup.sh bench`)") }
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let lines = said.split(separator: "\n")
        guard process.terminationStatus == 0, lines.count == 3 else { throw BenchFailure("python3 failed") }
        func numbers(_ line: Substring) -> [Double] { line.split(separator: " ").compactMap { Double($0) } }
        return Pandas(name: String(lines[0]), read: numbers(lines[1]), write: numbers(lines[2]))
    }

    private static let program = """
        import csv, io, sys, time
        path, runs = sys.argv[1], int(sys.argv[2])
        try:
            import pandas
            name = "pandas " + pandas.__version__ + ", C engine"
            load = lambda: pandas.read_csv(path, engine="c")
            save = lambda table: table.to_csv(path + ".out", index=False)
        except ImportError:
            name = "Python's csv module, no types"
            load = lambda: list(csv.reader(open(path, newline="")))
            save = lambda table: csv.writer(open(path + ".out", "w", newline="")).writerows(table)
        reads, writes = [], []
        for _ in range(runs):
            start = time.process_time()
            table = load()
            reads.append(time.process_time() - start)
        for _ in range(max(1, runs // 3)):
            start = time.process_time()
            save(table)
            writes.append(time.process_time() - start)
        print(name)
        print(*reads)
        print(*writes)
        """
}
