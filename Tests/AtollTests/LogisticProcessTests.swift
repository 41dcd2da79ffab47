import Faults
import Foundation
import Modeling
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// Regressions on weights of evidence between two real sites of one group.
@Suite(.serialized) struct LogisticProcessTests {
    @Test func aRegressionIsFittedAndScoresInPoints() async throws {
        try await with(revealsScores: true) { data in
            let weighed = try await data.run("weigh", Self.task("woe"), task: "weigh")
            #expect(weighed.status == 0, "\(weighed.error)")
            let fitted = try await data.run("fit", Self.task("train.logistic", Self.fit), task: "fit")
            #expect(fitted.status == 0, "\(fitted.error)")

            // The same rows in one place.
            let (loans, takings) = try (Self.table(data, "bank"), Self.table(data, "partner"))
            let learnt = loans.keys.indices.filter { loans.keys[$0] % 10 < 8 }
            let labels = learnt.map { loans.labels[$0] }
            let parts = try [loans, takings].map { try Self.woe($0, learnt, labels) }
            func columns(_ table: SharedTables.Table, _ part: WoePart, _ rows: [Int]) throws -> WeightedColumns {
                try WeightedColumns(
                    part, names: part.columns.filter { $0.bins != nil }.map(\.name),
                    values: table.features.mapValues { values in rows.map { values[$0] } }, rows: rows.count)
            }
            let expected = try ExactRegression(
                guest: columns(loans, parts[0], learnt), host: columns(takings, parts[1], learnt), labels: labels,
                tolerance: 1e-8)
            let figures = try await data.figures("fit")
            #expect(figures["intercept"]?.number == expected.guest.intercept)
            #expect(figures["deviance"]?.number == expected.deviance && expected.host.names.count > 1)
            #expect(figures["passes"]?.number == Double(expected.passes))
            #expect(figures["host.1.scores_per_row"]?.number == Double(expected.passes))

            let scored = try await data.run("score", Self.task("predict.logistic", Self.score), task: "score")
            #expect(scored.status == 0, "\(scored.error)")
            let test = loans.keys.indices.filter { loans.keys[$0] % 10 >= 8 }
            let scale = try ScorecardScale(decimals: 2)
            let exact = zip(
                expected.guest.scores(try columns(loans, parts[0], test)),
                expected.host.scores(try columns(takings, parts[1], test))
            ).map { scale.score(logOdds: $0 + $1) }
            let table = try await data.exported(data.sites.bank, "score")
            let wanted = Dictionary(uniqueKeysWithValues: zip(test.map { loans.keys[$0] }, exact))
            #expect(Set(table.keys) == Set(wanted.keys) && table.keys.count == test.count)
            for (key, score) in zip(table.keys, table.features["score"] ?? []) {
                #expect(abs(score - (wanted[key] ?? .infinity)) <= 0.01 + 1e-9)
            }
            let measured = try await data.figures("score")
            #expect((measured["auc"]?.number ?? 0) > 0.75, "\(measured)")

            // What the scores mean for approval, beside a column that passes for the score of today.
            let approved = try await data.run(
                "approve",
                """
                operator: evaluate.points
                      parameters:
                        scores: "loans@score/score"
                        dataset: loans
                        key: merchant
                        label: bad
                        existing: years
                """, task: "approve", isAlone: true)
            #expect(approved.status == 0, "\(approved.error)")
            let cutoffs = try await data.sites.bank.atoll(["job", "cutoffs", "approve", "-o", "json"] + RealJobs.scope)
            #expect(cutoffs.status == 0, "\(cutoffs.error)")
            let lines = try cutoffs.json["items"]?.array?.first?["cutoffs"]?.array ?? []
            #expect(lines.first?["approvalRate"]?.number == 1 && lines.count > 5, "\(cutoffs.output)")
            let shown = try await data.sites.bank.atoll(["job", "cutoffs", "approve"] + RealJobs.scope)
            #expect(shown.output.contains("swapped in") && shown.output.contains("BADS REJECTED"), "\(shown.output)")

            // Each party has its part of the scorecard, in four forms; the parts add up.
            let cards = try (
                Scorecard(json: try await Self.card(data.sites.bank, RealJobs.scope)),
                Scorecard(json: try await Self.card(data.sites.partner, RealJobs.mirrorScope))
            )
            func values(_ table: SharedTables.Table) -> [String: [Double]] {
                table.features.mapValues { values in test.map { values[$0] } }
            }
            let units = zip(
                try cards.0.scores([values(loans), [:]]), try cards.1.units(party: 1, values(takings)))
            let bound = cards.0.roundingBound + cards.1.roundingBound + 1e-9
            #expect(zip(units, exact).allSatisfy { abs($0.0 + cards.1.scale.points($0.1) - $1) <= bound })
            for form in ["csv", "sql", "pmml"] {
                let text = try await Self.card(data.sites.partner, RealJobs.mirrorScope, form)
                #expect(text.contains("turnover") && !text.contains("amount"), "\(form): \(text)")
            }
            let none = try await data.sites.bank.atoll(["job", "scorecard", "weigh"] + RealJobs.scope)
            #expect(none.status != 0 && none.error.contains("\(LogisticFaults.modelUnusable.number)"), "\(none.error)")
            let wrong = try await data.sites.bank.atoll(["job", "scorecard", "fit", "--pdo", "0"] + RealJobs.scope)
            #expect(wrong.status != 0 && wrong.error.contains("\(ModelingFaults.scorecard.number)"), "\(wrong.error)")

            // What crossed is what the plan said; passes that were not needed are missing.
            let planned = try await data.planned("fit")
            let sent = try await data.sent("fit")
            #expect(Set(planned.keys) == Set(sent.keys) && !planned.isEmpty)
            for (type, most) in planned {
                let isOnce = ["logistic.rows", "logistic.end"].contains(type)
                #expect(sent[type] == most.map { isOnce ? $0 : $0 / 30 * Int64(expected.passes) }, "\(type)")
            }
            let plan = try await data.sites.bank.atoll(
                ["job", "plan", "-f", data.sites.bank.folder + "/fit.yaml"])
            #expect(plan.output.contains("part of every row's score"), "\(plan.output)")
        }
    }

    /// Bins, selection, regression and signs as one person would do them; each site shows its own decisions alone.
    @Test func columnsAreSelectedBeforeTheyAreLearntFrom() async throws {
        try await with(revealsScores: true) { data in
            let weighed = try await data.run("weigh", Self.task("woe"), task: "weigh")
            #expect(weighed.status == 0, "\(weighed.error)")
            let chosen = try await data.run(
                "choose", Self.task("select", ["woe: weigh/weigh", "drop: \"host1.refunds: not lawful\""]),
                task: "choose")
            #expect(chosen.status == 0, "\(chosen.error)")
            let planned = try await data.planned("choose")
            #expect(planned.isEmpty, "nothing crosses")
            let bank = try await data.sites.bank.atoll(["job", "selection", "choose", "-o", "json"] + RealJobs.scope)
            let own = try bank.json["items"]?.array ?? []
            #expect(Set(own.compactMap { $0["column"]?.string }) == ["amount", "years"], "\(bank.error)")
            let partner = try await data.sites.partner.atoll(
                ["job", "selection", "choose", "--dropped"] + RealJobs.mirrorScope)
            #expect(partner.output.contains("not lawful") && !partner.output.contains("amount"), "\(partner.output)")

            let fitted = try await data.run(
                "fit", Self.task("train.logistic", Self.fit + ["selection: choose/choose"]), task: "fit")
            #expect(fitted.status == 0, "\(fitted.error)")
            let card = try Scorecard(json: try await Self.card(data.sites.partner, RealJobs.mirrorScope))
            let kept = try await data.sites.partner.atoll(
                ["job", "selection", "choose", "-o", "json"] + RealJobs.mirrorScope)
            let names = Set(
                (try kept.json["items"]?.array ?? []).filter { $0["columnKept"]?.bool == true }
                    .compactMap { $0["column"]?.string })
            #expect(Set(card.columns.map(\.name)) == names && !names.isEmpty && !names.contains("refunds"))

            let signs = try await data.run(
                "signs",
                """
                operator: select.signs
                      parameters:
                        selection: choose/choose
                        model: fit/fit
                """, task: "signs")
            #expect(signs.status == 0, "\(signs.error)")
            let looked = try await data.sites.partner.atoll(
                ["job", "selection", "signs", "-o", "json"] + RealJobs.mirrorScope)
            let rules = (try looked.json["items"]?.array ?? []).filter { $0["rule"]?.string == "sign" }
            #expect(rules.count >= 1 && rules.allSatisfy { $0["figure"]?.number != nil }, "\(looked.output)")

            // Weights of the columns kept alone.
            let applied = try await data.run(
                "apply",
                """
                operator: woe.apply
                      parameters:
                        woe: weigh/weigh
                        selection: choose/choose
                        guestDataset: loans
                        hostDatasets: takings
                        label: bad
                """, task: "apply")
            #expect(applied.status == 0, "\(applied.error)")
            let written = try await data.exported(data.sites.partner, "apply")
            #expect(Set(written.names) == Set(names.map { "woe_" + $0 }))
        }
    }

    /// Grants say nothing of partial scores unless somebody makes them: the default refuses.
    @Test func theDefaultRefusesPartialScores() async throws {
        try await with(revealsScores: false) { data in
            let weighed = try await data.run("weigh", Self.task("woe"), task: "weigh")
            #expect(weighed.status == 0, "\(weighed.error)")
            for (name, parameters) in [("train.logistic", Self.fit), ("predict.logistic", Self.score)] {
                let refused = try await data.run(
                    "refused-\(name.hasPrefix("train") ? "fit" : "score")", Self.task(name, parameters), task: "fit")
                #expect(refused.status != 0)
                guard name == "train.logistic" else { continue }
                #expect(refused.error.contains("\(GrantFaults.reveals.number)"), "\(refused.error)")
            }
        }
    }

    /// Whatever is killed, the coefficients are the same.
    @Test func whateverIsKilledTheCoefficientsAreTheSame() async throws {
        try await with(revealsScores: true) { data in
            let weighed = try await data.run("weigh", Self.task("woe"), task: "weigh")
            #expect(weighed.status == 0, "\(weighed.error)")
            let whole = try await data.run("whole", Self.task("train.logistic", Self.fit), task: "fit")
            #expect(whole.status == 0, "\(whole.error)")
            let job = await data.jobs.look(data.sites.bank, "whole")
            let expected = try #require(job?["status"]?["tasks"]?.array?.first?["digests"])
            for (index, victim) in RealJobs.victims.enumerated() {
                let name = "again-\(index)"
                try await waitUntil("the job is taken") {
                    try await data.run(name, Self.task("train.logistic", Self.fit), task: "fit", wait: false).status
                        == 0
                }
                try await data.jobs.reach(name, "Running \(4 + 3 * index)")
                let starts = try await data.jobs.kill(victim, during: name, expecting: expected)
                #expect(starts >= 2, "\(victim) was killed while it ran")
            }
        }
    }

    private static func card(_ site: RunningSite, _ scope: [String], _ form: String = "json") async throws -> String {
        let shown = try await site.atoll(["job", "scorecard", "fit", "--form", form, "--decimals", "2"] + scope)
        #expect(shown.status == 0, "\(shown.error)")
        return shown.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static let fit = ["woe: weigh/weigh"]
    private static let score = ["model: fit/fit", "part: test", "decimals: 2"]

    private static func task(_ name: String, _ more: [String] = []) -> String {
        let hasKeys = ["woe", "train.logistic"].contains(name)
        let keys = hasKeys ? ["keyBits: \"2048\"", "profile: dedicated", "hostColumnLimit: 3"] : []
        let label = name == "select" ? [] : ["label: bad"]
        let lines =
            [
                "guestDataset: loans", "hostDatasets: takings", "guestKey: merchant", "hostKeys: merchant",
                "test: 2",
            ] + label + more + keys
        return "operator: \(name)\n      parameters:\n"
            + lines.map { "            \($0)" }.joined(separator: "\n")
    }

    private static func table(_ data: SharedTables, _ site: String) throws -> SharedTables.Table {
        let (folder, name) =
            site == "bank" ? (data.sites.bank.folder, "loans") : (data.sites.partner.folder, "takings")
        var table = try SharedTables.Table(path: folder + "/\(name).csv")
        // Rows in the order of their keys.
        let order = table.keys.indices.sorted { table.keys[$0] < table.keys[$1] }
        table.keys = order.map { table.keys[$0] }
        table.labels = table.labels.isEmpty ? [] : order.map { table.labels[$0] }
        table.features = table.features.mapValues { values in order.map { values[$0] } }
        return table
    }

    private static func woe(_ table: SharedTables.Table, _ rows: [Int], _ labels: [Double]) throws -> WoePart {
        try WoePart(
            table.names.map { name in
                let values = rows.map { table.features[name]![$0] }
                let partition = try FinePartition(column: name, values: values)
                let counts = try FineCounts(partition, values: values, labels: labels)
                do {
                    return try WoePart.Column(partition, MergedBins(try BinningRule.optimal().table(counts)))
                } catch let fault as Fault where fault.is(ModelingFaults.binGuard) {
                    return try WoePart.Column(partition, nil)
                }
            })
    }

    private func with(revealsScores: Bool, _ body: (SharedTables) async throws -> Void) async throws {
        try await TwoRealSites.with { sites in
            try await body(
                try await SharedTables(sites, rows: 3_000, offset: 0, revealsScores: revealsScores))
        }
    }
}
