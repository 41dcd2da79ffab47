import BenchKit

private let peer = Against(
    name: "SecretFlow SGB, one process", value: 59.6, source: "docs/benchmarks.md")

extension BoostSubject {
    /// Every row about one table of data.
    ///
    /// - Parameter isCredit: the table that goals and the peer's figure belong to.
    nonisolated func rows(isCredit: Bool) -> [BenchRow] {
        times(isCredit) + parts(isCredit) + sizes() + plain()
    }

    private nonisolated var grown: String { "\(trees) trees were grown in this run; the median of them" }

    nonisolated func times(_ isCredit: Bool) -> [BenchRow] {
        [
            BenchRow(
                "\(name).seconds_per_tree", unit: "s",
                doc:
                    "One tree between two sites of the program on loopback, mutual TLS, wall clock, from the last directions "
                    + "of one tree to those of the next: all \(rows) rows, depth 5, 32 bins, Paillier-2048, profile `dedicated`, "
                    + "each worker with all processors. \(grown), min and max beside it.",
                goal: isCredit ? .value(.atMost, 0.8) : nil
            ) { _ in Measurement(try await self.dedicated().seconds) },
            BenchRow(
                "\(name).shared.seconds_per_tree", unit: "s",
                doc: "The same with profile `shared`: tables are read in constant time. \(max(1, trees / 2)) trees."
            ) { _ in Measurement(try await self.shared().seconds) },
            BenchRow(
                "\(name).one_core.seconds_per_tree", unit: "s", doc: "The same, `dedicated`, each worker with one core."
            ) { _ in Measurement(try await self.oneCore().seconds) },
            BenchRow(
                "\(name).cpu_seconds_per_tree", unit: "s",
                doc: "Processor time of one tree of `\(name).seconds_per_tree`: both sites' programs and workers, with "
                    + "the randomness that is made ahead."
                    + (isCredit ? " Stretch goal 1.1. Ratio: the peer's over ours." : ""),
                against: isCredit ? peer : nil, ratio: isCredit ? .againstOverValue : .none,
                goal: isCredit ? .value(.atMost, 1.4) : nil
            ) { _ in Measurement(try await self.dedicated().processorSeconds) },
        ]
    }

    private nonisolated func parts(_ isCredit: Bool) -> [BenchRow] {
        func row(_ part: String, _ doc: String) -> BenchRow {
            BenchRow(
                "\(name).\(part)", unit: "s", doc: "Processor time of one tree, workers of one core, mean: \(doc)"
            ) { _ in Measurement([try await self.oneCore().parts[part] ?? 0]) }
        }
        return [
            BenchRow(
                "\(name).outside_crypto_share", unit: "share",
                doc:
                    "Share of the processor time, workers of one core, that is neither work on ciphertexts nor randomness "
                    + "for it: `wire` and `other` over all.",
                goal: isCredit ? .value(.atMost, 0.25) : nil
            ) { _ in Measurement([try await self.oneCore().outside]) },
            row("encrypt", "encrypting gradients, with ready randomness where there is any."),
            row("pool", "randomness made ahead by threads of the lowest priority, at both parties."),
            row("receive", "checking ciphertexts that came, at the host."),
            row("accumulate", "adding up cells and candidates under encryption."),
            row("pack", "packing candidates' sums under encryption."),
            row("rerandomise", "blinding packed sums."),
            row("decrypt", "opening packed sums."),
            row("wire", "both sites' programs: gateways, TLS, ledgers, API."),
            row("other", "what workers do besides: plaintext columns, splits, framing."),
        ]
    }

    private nonisolated func sizes() -> [BenchRow] {
        [
            BenchRow(
                "\(name).bytes_up", unit: "bytes", doc: "Payload from guest to host over the number of trees."
            ) { _ in Measurement([try await self.dedicated().bytesUp]) },
            BenchRow(
                "\(name).bytes_down", unit: "bytes", doc: "Payload from host to guest over the number of trees."
            ) { _ in Measurement([try await self.dedicated().bytesDown]) },
            peak,
        ]
    }

    nonisolated var peak: BenchRow {
        BenchRow(
            "\(name).peak_memory", unit: "bytes",
            doc:
                "Most resident memory of a worker. The goal is the ciphertexts of one tree, 512 bytes each, and 64 MiB.",
            goal: .value(.atMost, Double(rows * 512 + 64 << 20))
        ) { _ in Measurement([try await self.dedicated().peak]) }
    }

    private nonisolated func plain() -> [BenchRow] {
        [
            BenchRow(
                "\(name).plaintext.seconds_per_tree", unit: "s",
                doc:
                    "The plaintext trainer on the same columns in one place, processor time of one core. Ratio: xgboost's "
                    + "histogram method, one thread, over ours; none where `python3` has no xgboost. The row fails when "
                    + "the trees between the sites do not have the loss of these.",
                ratio: .measured
            ) { _ in
                let plain = try await self.inPlain()
                guard let peer = plain.xgboost else { return Measurement(plain.seconds) }
                return Measurement(
                    plain.seconds, ratio: peer.seconds / Statistics.median(plain.seconds),
                    against: Against(
                        name: "xgboost \(peer.version), hist", value: peer.seconds, source: "measured in this run"))
            }
        ]
    }

    /// How good the plan's prediction was.
    nonisolated var prediction: [BenchRow] {
        [
            BenchRow(
                "perf.predicted_over_actual", unit: "times",
                doc:
                    "Seconds that the plan of `\(name).one_core` predicts, from rates that `verify` measured just before, over "
                    + "those from submission to success.",
                goal: .value(.atLeast, 0.7)
            ) { _ in Measurement([try await self.predictedOverActual()]) },
            BenchRow(
                "perf.actual_over_predicted", unit: "times",
                doc: "The same the other way round: at least 1 / 1.4 is wanted.", goal: .value(.atLeast, 1 / 1.4)
            ) { _ in Measurement([1 / (try await self.predictedOverActual())]) },
        ]
    }

    private func predictedOverActual() async throws -> Double {
        let figures = try await oneCore()
        guard let predicted = figures.predicted else { throw BenchFailure("nothing was predicted") }
        return predicted / figures.actual
    }

    /// The few rows of growth.
    nonisolated var growth: [BenchRow] {
        [times(false)[0], times(false)[3], peak]
    }
}
