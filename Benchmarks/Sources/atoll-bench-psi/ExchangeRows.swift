import BenchKit
import Faults
import Synchronization
import TaskRuntime

/// What one exchange between two parties took.
struct ExchangeFigures: Sendable {
    var seconds: Double
    var processorSeconds: Double
    /// Payload of both parties.
    var bytes: Int
    /// Most resident bytes of the process, in which both parties are.
    var peak: Int
}

private let measured = Mutex<[Int: ExchangeFigures]>([:])

/// One exchange of each size, at its first row.
private func figures(_ count: Int) async throws -> ExchangeFigures {
    if let figures = measured.withLock({ $0[count] }) { return figures }
    let figures = try TwoParties(ids: count).run()
    measured.withLock { $0[count] = figures }
    return figures
}

func exchangeRows(_ name: String, _ count: Int) -> [BenchRow] {
    let isMillion = count == 1_000_000
    return [
        BenchRow(
            "psi.ecdh.\(name)", unit: "s",
            doc:
                "`align` of two sets of so many 18-digit ids, half of them common, both parties learning them: from the "
                + "first id read to both results, wall clock. Two parties as threads of one process, a core each, frames "
                + "handed over in memory.",
            against: isMillion ? Against(name: "SPU ECDH, AMD Zen 5", value: 10.9, source: "docs/benchmarks.md") : nil,
            ratio: isMillion ? .againstOverValue : .none, goal: isMillion ? .value(.atMost, 7.5) : nil
        ) { _ in Measurement([try await figures(count).seconds]) },
        BenchRow(
            "psi.ecdh.\(name).cpu_us_per_id", unit: "µs",
            doc: "Processor time of both parties over one party's ids.",
            against: isMillion ? Against(name: "SPU ECDH, AMD Zen 5", value: 20, source: "docs/benchmarks.md") : nil,
            ratio: isMillion ? .againstOverValue : .none, goal: isMillion ? .value(.atMost, 14) : nil
        ) { _ in Measurement([try await figures(count).processorSeconds * 1e6 / Double(count)]) },
        BenchRow(
            "psi.ecdh.\(name).bytes_per_id", unit: "bytes",
            doc: "Payload of all frames both ways over one party's ids.", goal: .value(.atMost, 88)
        ) { _ in Measurement([Double(try await figures(count).bytes) / Double(count)]) },
        BenchRow(
            "psi.ecdh.\(name).peak_memory", unit: "bytes",
            doc: "Most resident memory of the process in which both parties are; the same from a million ids on."
        ) { _ in Measurement([Double(try await figures(count).peak)]) },
    ]
}
