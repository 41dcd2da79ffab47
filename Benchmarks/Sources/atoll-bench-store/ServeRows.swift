import BenchKit
import Foundation

/// The program that serves: how fast it starts, what it needs at rest, how large it is.
enum ServeRows {
    static func all(_ program: AtollProgram) -> [BenchRow] {
        [
            BenchRow(
                "serve.start",
                unit: "ms",
                doc:
                    "From the start of `atoll serve` on an empty directory to the first 200 on GET /readyz, local socket.",
                goal: .value(.atMost, 150)
            ) { _ in
                var runs: [Double] = []
                for _ in 0..<8 {
                    runs.append(try await withFolder { try await program.serving($0) { $1 } })
                }
                // The first one reads the program from the disk.
                return Measurement(Array(runs.dropFirst()))
            },
            BenchRow(
                "serve.idle_memory",
                unit: "MB",
                doc: "Resident memory (VmRSS, 10^6 bytes) of `atoll serve` after 2 s without a request.",
                goal: .value(.atMost, 60)
            ) { _ in
                var runs: [Double] = []
                for _ in 0..<3 {
                    runs.append(
                        try await withFolder { folder in
                            try await program.serving(folder) { process, _ in
                                try await Task.sleep(for: .seconds(2))
                                return try SystemProcess.memory(of: process).now / 1e6
                            }
                        }
                    )
                }
                return Measurement(runs)
            },
            BenchRow("binary.size", unit: "MB", doc: "The program's file as it lies there, 10^6 bytes.") { _ in
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: URL(filePath: program.path).resolvingSymlinksInPath().path
                )
                guard let size = attributes[.size] as? Int else { throw BenchFailure("no size of \(program.path)") }
                return Measurement([Double(size) / 1e6])
            },
        ]
    }
}
