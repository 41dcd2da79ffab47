@testable import Trials

/// Documents as trials leave them, from a small generator of numbers: the same each time.
enum ReportExample {
    private static let digest = "5b0e6ac94f7fbb6a3a4b2f8f8f8d1c1f8f0f31f2a27b7aa0a5ad3b1c6d9e4411"

    static func binary(parties: Int = 2) -> TrialDocument {
        var document = withoutLearning(sites: parties)
        document.name = "credit-of-two-banks"
        let models = [("guest", 0.9), ("federated", 1.25), ("centralised", 1.25)].map(model)
        document.learning = .init(
            objective: "binary",
            rows: .init(
                sites: (0..<parties).map { 20_000 - $0 * 1_500 }, joined: 15_000, training: 12_000, test: 3_000),
            parties: (0..<parties).map { party in
                .init(
                    site: site(party), role: party == 0 ? "guest" : "host",
                    columns: (0..<6).map { "\(party == 0 ? "account" : "telecom")_feature_\($0)" })
            },
            models: models, digests: .init(federated: digest, centralised: digest),
            importance: (0..<18).map { index in
                .init(
                    site: site(index % parties),
                    column: index == 3
                        ? "utilisation_of_all_revolving_credit_lines_over_the_last_twelve_months" : "feature_\(index)",
                    splits: 40 - index, gain: 900 / Double(index + 1))
            },
            trees: (0..<8).map { tree(parties: parties, $0) },
            learnt: (0..<parties).map { party in
                .init(
                    site: site(party),
                    declared: [
                        "Which of its rows have an id that the other has.",
                        party == 0
                            ? "Encrypted sums of gradients and the number of rows of each bin of the host’s columns, by node."
                            : "Which of its rows go left at its own splits; of labels and gradients nothing.",
                    ],
                    counted: party == 0
                        ? ["sums": 48_120] : ["bits_per_row": 2.75, "separation": 0.6231, "common": 15_000])
            },
            settings: ["trees": "20", "depth": "3", "learningRate": "0.3", "lambda": "1", "seed": "7"], uplift: nil,
            scorecard: scorecard(parties: parties))
        document.figures["auc.guest"] = models[0].measures["auc"]
        document.figures["auc.federated"] = models[1].measures["auc"]
        return document
    }

    /// Columns with few bins and many, with special and missing values, and one without bins.
    static func scorecard(parties: Int) -> TrialDocument.Scorecard {
        let columns = (0..<17).map { index -> TrialDocument.Scorecard.Column in
            let count = index == 16 ? 0 : 2 + index % 4
            let bins = (0..<count).map { bin -> TrialDocument.Scorecard.Bin in
                let isApart = bin == count - 1 && index % 3 == 0
                return .init(
                    from: bin == 0 || isApart ? nil : Double(bin) * 120.5,
                    below: bin == count - 1 || isApart ? nil : Double(bin + 1) * 120.5,
                    values: isApart && index % 2 == 0 ? [-999, -1] : [], missing: isApart, isApart: isApart,
                    rows: 3_000 + bin * 500, bads: 400 - bin * 60, woe: 0.4 - Double(bin) * 0.31,
                    iv: 0.02 / Double(index + 1), points: index == 5 ? nil : 52 + Double(bin) * 9)
            }
            return .init(
                site: site(index % parties),
                column: index == 2 ? "utilisation_of_all_revolving_credit_lines" : "feature_\(index)",
                iv: count == 0 ? nil : 0.31 / Double(index + 1),
                direction: count == 0 ? nil : [nil, "rising", "falling"][index % 3], bins: bins)
        }
        return .init(
            columns: columns,
            models: [
                .init(name: "guest", columns: 6, measures: ["auc": 0.7011, "ks": 0.31]),
                .init(name: "all", columns: 16, measures: ["auc": 0.7622, "ks": 0.4]),
                .init(name: "federated", columns: 16, measures: ["auc": 0.7622, "ks": 0.4]),
            ], isEqual: true,
            decisions: (0..<17).map { index in
                .init(
                    site: site(index % parties), column: "feature_\(index)", rule: index == 3 ? "manual" : "iv",
                    figure: index == 3 ? nil : 0.31 / Double(index + 1), limit: index == 3 ? nil : 0.02,
                    kept: index < 14, reason: index == 3 ? "asked for by risk" : "information value and limit")
            }, regression: .init(passes: 12, deviance: 21_904.5, centralised: digest, isEqual: true),
            cutoffs: (0..<10).map { step in
                .init(
                    score: 410 + Double(step) * 17, approved: 1 - Double(step) / 10,
                    badRate: 0.22 - Double(step) * 0.015,
                    badsCaught: Double(step) * 0.1, goodsLost: Double(step) * 0.08)
            })
    }

    /// Labels that are numbers.
    static func numbers() -> TrialDocument {
        var document = binary(parties: 3)
        document.name = "losses-of-three"
        document.learning?.objective = "squared"
        document.learning?.scorecard = nil
        document.learning?.models = [("guest", 410.0), ("federated", 320.0), ("centralised", 320.0)].map {
            name, spread in
            var random = Generator(state: 5)
            let points = (0..<400).map { _ -> TrialDocument.Point in
                let truth = random.next() * 4_000
                return .init(x: truth + (random.next() - 0.5) * spread * 3, y: truth)
            }
            return .init(
                name: name, measures: ["rmse": spread, "mae": spread * 0.7, "bias": 1.5, "r2": 1 - spread / 2_000],
                roc: [], ks: [], bands: [],
                calibration: (0..<10).map {
                    .init(rows: 300, predicted: Double($0) * 400 + 200, observed: Double($0) * 402 + 190)
                },
                histogram: (0..<20).map {
                    .init(low: Double($0) * 200, high: Double($0 + 1) * 200, events: 0, others: 90 + $0 * 7)
                }, scatter: points)
        }
        return document
    }

    static func withoutLearning(sites: Int = 2) -> TrialDocument {
        let names = ["deploy", "check", "upload", "align", "train", "evaluate", "report", "tear-down"]
        let seconds = [1.4, 3.2, 6.7, 11.9, 74.3, 9.4, 0.4, 0.9]
        var start = 0.0
        let phases = zip(names, seconds).map { name, seconds -> TrialDocument.Phase in
            defer { start += seconds }
            return .init(
                name: name, start: start, seconds: seconds, cpuSeconds: seconds * 1.7, memory: 3.1e8 + seconds * 4e6,
                bytes: name == "train" ? 8.12e7 : name == "align" ? 2.4e6 : nil)
        }
        return TrialDocument(
            name: "verify", began: "2026-03-01T09:30:00Z", held: true, failure: nil, phases: phases,
            sites: (0..<sites).map {
                .init(name: site($0), role: $0 == 0 ? "guest" : "host", figures: ["disk.write": 4.1e8])
            },
            routes: (0..<sites).flatMap { from in
                (0..<sites).filter { $0 != from }.map { to in
                    .init(
                        from: site(from), to: site(to), outcome: "pass", layers: 8,
                        figures: ["round_trip_p50": 0.00021, "bandwidth": 1.8e9])
                }
            },
            expectations: [
                .init(text: "seconds <= 300", holds: true, found: 108.2),
                .init(text: "predicted_over_actual in 0.7..1.4", holds: true, found: 0.94),
            ],
            figures: ["seconds": 108.2, "seconds.train": 74.3, "predicted_over_actual": 0.94],
            ledgers: (0..<sites).flatMap { from in
                (0..<sites).filter { $0 != from }.map { to in
                    .init(
                        site: site(from), peer: site(to),
                        head: "9f2c61d0a7c9e4b1d2aa90f3be5c77e6a1d4c3b2f0e9d8c7b6a5948372615044", lines: 2_310)
                }
            },
            environment: [
                "program": "atoll 0.1.0", "processor": "Intel Xeon, AVX-512 IFMA", "cores": "2", "kernel": "ifma",
                "system": "Linux 6.1",
            ],
            reproduce: "atoll trial run Examples/credit.yaml --report report")
    }

    /// As above, and it did not hold.
    static func failed() -> TrialDocument {
        var document = withoutLearning()
        document.held = false
        document.failure = "ATL-7009 The expectation seconds <= 100 does not hold."
        document.expectations.append(.init(text: "seconds <= 100", holds: false, found: 108.2))
        document.expectations.append(.init(text: "bandwith >= 1e9", holds: false, found: nil))
        return document
    }

    static func site(_ party: Int) -> String { ["bank", "telecom", "insurer"][party % 3] }

    private static func tree(parties: Int, _ number: Int) -> TrialDocument.Tree {
        var nodes: [TrialDocument.Node] = []
        for index in 0..<15 {
            let rows = 12_000 / (index + 1)
            if index >= 7 {
                nodes.append(.init(rows: rows, leaf: (Double(index) - 11) / 20, site: nil))
            } else {
                let party = (index + number) % parties
                nodes.append(
                    .init(
                        rows: rows, leaf: nil, site: site(party), column: party == 1 ? nil : "feature_\(index)",
                        edge: party == 1 ? nil : Double(index) * 12.5 + 0.25, left: 2 * index + 1, right: 2 * index + 2)
                )
            }
        }
        return .init(nodes: nodes)
    }

    /// Scores of 3000 rows, those of events higher by about `distance` of their spread, and what is drawn of them.
    private static func model(_ name: String, _ distance: Double) -> TrialDocument.Model {
        var random = Generator(state: 11)
        var rows: [(score: Double, isEvent: Bool)] = []
        for index in 0..<3_000 {
            let isEvent = index % 9 == 0
            let bell = (0..<6).reduce(0.0) { sum, _ in sum + random.next() } - 3
            let height = bell * 1.4 + (isEvent ? distance : 0) - 2
            rows.append((1 / (1 + exponential(-height)), isEvent))
        }
        rows.sort { $0.score > $1.score }
        let events = Double(rows.count { $0.isEvent })
        let others = Double(rows.count) - events
        var (found, wrong, area) = (0.0, 0.0, 0.0)
        var roc = [TrialDocument.Point(x: 0, y: 0)]
        var ks: [TrialDocument.Distribution] = []
        var (largest, location) = (0.0, 0.0)
        for (index, row) in rows.enumerated() {
            if row.isEvent { found += 1 } else { (wrong, area) = (wrong + 1, area + found) }
            if abs(found / events - wrong / others) > largest {
                (largest, location) = (abs(found / events - wrong / others), row.score)
            }
            if index % 20 == 19 {
                roc.append(.init(x: wrong / others, y: found / events))
                ks.append(.init(score: row.score, events: 1 - found / events, others: 1 - wrong / others))
            }
        }
        var gained = 0.0
        let bands = (0..<10).map { band -> TrialDocument.Band in
            let share = rows[(band * 300)..<(band * 300 + 300)]
            let count = Double(share.count { $0.isEvent })
            gained += count / events
            return .init(rows: 300, rate: count / 300, lift: count / 300 / (events / 3_000), gain: gained)
        }
        let calibration = (0..<10).map { band -> TrialDocument.Calibration in
            let share = rows[(band * 300)..<(band * 300 + 300)]
            return .init(
                rows: 300, predicted: share.reduce(0) { $0 + $1.score } / 300,
                observed: Double(share.count { $0.isEvent }) / 300)
        }
        let histogram = (0..<20).map { band -> TrialDocument.Bar in
            let (low, high) = (Double(band) / 20, Double(band + 1) / 20)
            let share = rows.filter { $0.score >= low && $0.score < high }
            let hits = share.count { $0.isEvent }
            return .init(low: low, high: high, events: hits, others: share.count - hits)
        }
        let auc = area / (events * others)
        return .init(
            name: name,
            measures: [
                "auc": auc, "auc.low": auc - 0.019, "auc.high": auc + 0.019, "auc.standard_error": 0.0097,
                "gini": 2 * auc - 1, "ks": largest, "ks.location": location, "lift": bands[0].lift, "log_loss": 0.31,
                "brier": 0.088, "average_precision": 0.34, "calibration_error": 0.021,
            ],
            roc: roc, ks: ks.reversed(), bands: bands, calibration: calibration, histogram: histogram, scatter: [])
    }

    private static func exponential(_ x: Double) -> Double {
        // Enough terms for the range that scores have; no library of the system's.
        let half = x / 64
        var (sum, term) = (1.0, 1.0)
        for index in 1..<16 {
            term *= half / Double(index)
            sum += term
        }
        return (0..<6).reduce(sum) { value, _ in value * value }
    }

    private struct Generator {
        var state: UInt64

        /// In 0..<1.
        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / 9_007_199_254_740_992
        }
    }
}
