import BenchKit
import Synchronization

/// What one exchange between two parties took.
struct ExchangeFigures: Sendable {
    var seconds: Double
    var processorSeconds: Double
    /// Payload of both parties, from the ledger.
    var bytes: Int
    /// Most resident bytes of a worker.
    var peak: Int
}

private let measured = Mutex<[Int: ExchangeFigures]>([:])

/// One exchange of each size, at its first row.
private func figures(_ count: Int) async throws -> ExchangeFigures {
    if let figures = measured.withLock({ $0[count] }) { return figures }
    let figures = try await AlignedSites.align(ids: count)
    measured.withLock { $0[count] = figures }
    return figures
}

func exchangeRows(_ name: String, _ count: Int) -> [BenchRow] {
    let isMillion = count == 1_000_000
    return [
        BenchRow(
            "psi.ecdh.\(name)", unit: "s",
            doc:
                "A job `align` of two datasets of so many 18-digit ids, half of them common, both parties learning them: "
                + "from `atoll job submit` to both aligned datasets kept, wall clock. Two sites on loopback, mutual TLS, a "
                + "worker of one core each.",
            against: isMillion ? Against(name: "SPU ECDH, AMD Zen 5", value: 10.9, source: "docs/benchmarks.md") : nil,
            ratio: isMillion ? .againstOverValue : .none, goal: isMillion ? .value(.atMost, 7.5) : nil
        ) { _ in Measurement([try await figures(count).seconds]) },
        BenchRow(
            "psi.ecdh.\(name).cpu_us_per_id", unit: "µs",
            doc: "Processor time of both sites and workers over one party's ids.",
            against: isMillion ? Against(name: "SPU ECDH, AMD Zen 5", value: 20, source: "docs/benchmarks.md") : nil,
            ratio: isMillion ? .againstOverValue : .none, goal: isMillion ? .value(.atMost, 14) : nil
        ) { _ in Measurement([try await figures(count).processorSeconds * 1e6 / Double(count)]) },
        BenchRow(
            "psi.ecdh.\(name).bytes_per_id", unit: "bytes",
            doc: "Payload of all frames both ways over one party's ids.", goal: .value(.atMost, 88)
        ) { _ in Measurement([Double(try await figures(count).bytes) / Double(count)]) },
        BenchRow(
            "psi.ecdh.\(name).peak_memory", unit: "bytes",
            doc: "Most resident memory of a worker, looked at every 100 ms; the same from a million ids on."
        ) { _ in Measurement([Double(try await figures(count).peak)]) },
    ]
}
