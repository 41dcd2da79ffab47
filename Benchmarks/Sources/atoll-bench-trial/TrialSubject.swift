import BenchKit
import Foundation

/// A trial whose rows are measured from one series of runs, made when the first row asks.
final class TrialSubject: Sendable {
    static let isShort = ProcessInfo.processInfo.environment["ATOLL_BENCH_SHORT"] != nil
    private static let phases = [
        "deploy", "check", "measure", "upload", "align", "train", "evaluate", "report", "tear-down",
    ]

    private let name: String
    private let runs: Runs

    /// - Parameters:
    ///   - document: of kind Trial.
    ///   - files: the folder of its data.
    init(_ name: String, runs count: Int, document: String, files: String? = nil) {
        self.name = name
        runs = Runs {
            var all: [[String: Double]] = []
            for _ in 0..<count { all.append(try await TrialRunner.run(document, files: files).phases) }
            return all
        }
    }

    /// - Parameter isOfWhole: a goal of the whole trial says nothing of a short one.
    private func seconds(
        isOfWhole: Bool = false, _ figure: ([String: Double]) -> Double
    ) async throws -> BenchKit.Measurement {
        BenchKit.Measurement(try await runs.value.map(figure), goalApplies: !isOfWhole || !Self.isShort)
    }

    /// - Parameter totalGoal: seconds of the whole trial; nil where it only informs.
    func rows(totalGoal: Double?) -> [BenchRow] {
        @Sendable func total(_ phases: [String: Double]) -> Double { phases.values.reduce(0, +) }
        var rows = [
            BenchRow(
                "\(name).total", unit: "s", doc: "Wall time of all phases, from the first process to the last file.",
                goal: totalGoal.map { .value(.atMost, $0) }
            ) { [self] _ in try await seconds(isOfWhole: true, total) },
            BenchRow(
                "\(name).outside_training", unit: "s", doc: "Wall time of everything but the phase train.",
                goal: totalGoal == nil ? nil : .value(.atMost, 8)
            ) { [self] _ in try await seconds(isOfWhole: true) { total($0) - ($0["train"] ?? 0) } },
            BenchRow(
                "\(name).teardown", unit: "s",
                doc: "From the end of the last phase until no process, port or file is left.",
                goal: .value(.atMost, 2)
            ) { [self] _ in try await seconds { $0["tear-down"] ?? 0 } },
        ]
        for phase in Self.phases where phase != "tear-down" {
            rows.append(
                BenchRow("\(name).\(phase)", unit: "s", doc: "Wall time of the phase \(phase).") { [self] _ in
                    try await seconds { $0[phase] ?? 0 }
                })
        }
        for phase in Self.phases {
            let short = phase == "tear-down" ? "teardown" : phase
            rows.append(
                BenchRow(
                    "\(name).share.\(short)", unit: "share",
                    doc: "Share of the trial's wall time in the phase \(phase)."
                ) { [self] _ in try await seconds { ($0[phase] ?? 0) / total($0) } })
        }
        return rows
    }

    /// What a site needs that has taken part in a trial and does nothing.
    static let idleMemory = BenchRow(
        "trial.site_idle_memory", unit: "MB",
        doc: "Resident memory of a site ten seconds after its last job; the larger of two.", statistic: .worstIsMost
    ) { _ in BenchKit.Measurement(try await TrialRunner.idleMemory(small)) }

    // MARK: - Documents

    static func hasCredit(in folder: String?) -> Bool {
        ["guest", "host"].allSatisfy {
            FileManager.default.fileExists(atPath: "\(folder ?? ".")/default_credit_hetero_\($0).csv.gz")
        }
    }

    /// Examples/sme-demo.yaml, or a small one.
    static let demo =
        isShort
        ? merchants("sme-demo", bank: 1_000, partner: 1_500, overlap: 0.3, trees: 2, depth: 4)
        : merchants("sme-demo", bank: 20_000, partner: 30_000, overlap: 0.3, trees: 8, depth: 4)

    private static let small = merchants("idle", bank: 1_000, partner: 1_500, overlap: 0.8, trees: 2, depth: 3)

    /// A bank and a payment partner with generated merchants.
    private static func merchants(
        _ name: String, bank: Int, partner: Int, overlap: Double, trees: Int, depth: Int
    ) -> String {
        document(
            name,
            """
              sites:
                - {name: bank, data: {generate: bank}}
                - {name: partner, data: {generate: partner}}
              learn:
                merchants: {bank: \(bank), partner: \(partner), overlap: \(overlap), seed: 1}
                split: {by: id-hash, test: 0.2}
                parameters: {trees: \(trees), depth: \(depth), keyBits: "2048", profile: dedicated}
              expect: [digest equals centralised]
            """)
    }

    /// Examples/default-credit.yaml: 20 trees.
    static let credit = document(
        "default-credit",
        """
          sites:
            - {name: bank, data: {file: default_credit_hetero_guest.csv.gz, ids: [id], label: y}}
            - {name: partner, data: {file: default_credit_hetero_host.csv.gz, ids: [id]}}
          learn:
            split: {by: id-hash, test: 0.2}
            parameters: {trees: \(isShort ? 2 : 20), keyBits: "2048", profile: dedicated}
          expect: [digest equals centralised]
        """)

    private static func document(_ name: String, _ spec: String) -> String {
        "apiVersion: atoll.dev/v1alpha1\nkind: Trial\nmetadata: {name: \(name)}\nspec:\n\(spec)\n"
    }
}

/// Made when the first row asks.
private actor Runs {
    private let make: @Sendable () async throws -> [[String: Double]]
    private var made: Result<[[String: Double]], any Error>?

    init(_ make: @escaping @Sendable () async throws -> [[String: Double]]) {
        self.make = make
    }

    var value: [[String: Double]] {
        get async throws {
            if let made { return try made.get() }
            let result: Result<[[String: Double]], any Error>
            do { result = .success(try await make()) } catch { result = .failure(error) }
            made = result
            return try result.get()
        }
    }
}
