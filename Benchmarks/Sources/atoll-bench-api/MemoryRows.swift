import BenchAPI
import BenchKit
import Foundation

/// What a site costs before anybody asks it anything, and what a login costs.
enum MemoryRows {
    static let all: [BenchRow] = [
        BenchRow(
            "site.idle_memory", unit: "MB",
            doc: "Resident memory (VmRSS, 10^6 bytes) of an empty site with the management plane open, after 5 s.",
            goal: .value(.atMost, 80)
        ) { _ in
            let bytes = try await APISite.idle { site in
                try await Task.sleep(for: .seconds(5))
                return try site.memory().now
            }
            return Measurement([bytes / 1e6])
        },
        BenchRow(
            "login.ms", unit: "ms",
            doc: "A login with the right password, with its hash of 64 MiB, on a connection that is open. Five runs."
        ) { _ in
            Measurement(
                try await APISite.with { site in
                    let connection = try TLSConnection(port: site.port)
                    return try (0..<5).map { _ in
                        let start = ContinuousClock.now
                        let answer = try connection.ask("POST", "/api/v1/login", body: APISite.loginBody)
                        guard answer.status == 200 else { throw BenchFailure("no login: \(answer.status)") }
                        return (ContinuousClock.now - start) / .milliseconds(1)
                    }
                })
        },
    ]
}
