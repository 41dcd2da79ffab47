import BenchKit
import Foundation

/// One table of data and what was measured with it, at its first row.
actor ScorecardSubject {
    nonisolated let isCredit: Bool
    private let make: @Sendable () throws -> PairedTables
    private var made: (PairedTables, ScorecardRun, PlainScorecard)?

    /// - Parameter isCredit: whether goals belong to it.
    init(isCredit: Bool, make: @escaping @Sendable () throws -> PairedTables) {
        self.isCredit = isCredit
        self.make = make
    }

    private func all() async throws -> (PairedTables, ScorecardRun, PlainScorecard) {
        if let made { return made }
        let data = try make()
        let run = try await ScorecardRun.run(data)
        let plain = try PlainScorecard(data)
        // Figures come as decimals, which Foundation reads to the last bit but one; tests hold all bits.
        guard run.fit.guest["passes"] == Double(plain.passes),
            abs((run.fit.guest["intercept"] ?? .infinity) - plain.intercept) < 1e-12
        else { throw BenchFailure("the regression between the sites is not that of one place") }
        made = (data, run, plain)
        return made!
    }

    /// - Parameter prefix: of the rows' names.
    nonisolated func rows(_ prefix: String) -> [BenchRow] {
        func row(
            _ name: String, _ unit: String, _ doc: String, goal: Goal? = nil,
            _ value: @escaping @Sendable (ScorecardRun, PlainScorecard) -> Double
        ) -> BenchRow {
            BenchRow(prefix + name, unit: unit, doc: doc, goal: isCredit ? goal : nil) { _ in
                let (_, run, plain) = try await self.all()
                return Measurement([value(run, plain)])
            }
        }
        return [
            row(
                "woe.federated.seconds", "s",
                "`woe` between two sites of the program on loopback, mutual TLS, from submission to success: Paillier-2048, "
                    + "profile `dedicated`, 50 fine bins, the rows that are learnt from (four fifths)."
            ) { run, _ in run.woe.seconds },
            row(
                "woe.federated.beyond_encryption", "s", "The same less what the guest took to encrypt the labels.",
                goal: .value(.atMost, 2)
            ) { run, _ in run.woe.seconds - (run.woe.guest["seconds.encrypt"] ?? 0) },
            row("woe.federated.bytes", "bytes", "Payload of both directions.") { run, _ in run.woe.bytes },
            row("woe.federated.peak_memory", "bytes", "Most resident memory of a worker.") { run, _ in run.woe.peak },
            row("woe.plaintext.seconds", "s", "The same bins in one place, processor time of one core.") { _, plain in
                plain.woe
            },
            row(
                "lr.exact.fit", "s",
                "`train.logistic` on these weights to 1e-8, from submission to success. The row fails where "
                    + "passes and intercept are not those of one place."
            ) { run, _ in run.fit.seconds },
            row("lr.exact.passes", "passes", "Until it had settled.") { run, _ in run.fit.guest["passes"] ?? 0 },
            row("lr.exact.pass", "s", "`lr.exact.fit` over the passes.") { run, _ in
                run.fit.seconds / (run.fit.guest["passes"] ?? 1)
            },
            row("lr.exact.bytes", "bytes", "Payload of both directions.") { run, _ in run.fit.bytes },
            row("lr.exact.peak_memory", "bytes", "Most resident memory of a worker.") { run, _ in run.fit.peak },
            row("lr.plaintext.fit", "s", "The same in one place, processor time of one core.") { _, plain in plain.fit
            },
            row(
                "lr.exact.auc", "share",
                "Of the points (two decimals) on the rows left out. The goal is that of a logistic regression on ten bins by "
                    + "quantiles (scikit-learn, 0.7596) less .006.", goal: .value(.atLeast, 0.7536)
            ) { run, _ in run.measures["auc"] ?? 0 },
            row("lr.exact.ks", "share", "The same; scikit-learn 0.4109, less .02.", goal: .value(.atLeast, 0.3909)) {
                run, _ in run.measures["ks"] ?? 0
            },
        ]
    }
}
