import Faults
import Foundation
import Modeling
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// Boosting between two real sites: workers in processes of their own, Paillier keys of 2048 bits, frames through both
/// gateways.
@Suite(.serialized) struct BoostingProcessTests {
    /// From files to measures: alignment, training, scores and their evaluation, each by what the one before left.
    @Test func aModelIsTrainedScoredAndMeasured() async throws {
        try await with(rows: 500, offset: 100) { data in
            let aligned = try await data.run("match", Self.align)
            #expect(aligned.status == 0, "\(aligned.error)")
            let trained = try await data.run("learn", Self.training("@match/match", test: 2))
            #expect(trained.status == 0, "\(trained.error)")
            for method in ["path", "bits"] {
                let scored = try await data.run(
                    "score-\(method)",
                    """
                    operator: predict
                          parameters:
                            guestDataset: "loans@match/match"
                            hostDatasets: "takings@match/match"
                            guestKey: merchant
                            hostKeys: merchant
                            model: "learn/train"
                            label: bad
                            trees: 4
                            depth: 3
                            part: test
                            test: 2
                            method: \(method)
                    """, task: "score")
                #expect(scored.status == 0, "\(scored.error)")
            }
            let evaluated = try await data.run(
                "measure",
                """
                operator: evaluate
                      parameters: {dataset: "loans@score-path/score", label: bad}
                """, task: "measure", isAlone: true)
            #expect(evaluated.status == 0, "\(evaluated.error)")

            // The same rows in one place.
            let loans = try await data.exported(data.sites.bank, "match")
            let takings = try await data.exported(data.sites.partner, "match")
            #expect(loans.rows.count == 400 && takings.rows.count == 400)
            let learnt = loans.keys.indices.filter { loans.keys[$0] % 10 < 8 }
            let expected = try Self.centralised(loans, takings, learnt)
            let log = try await data.sites.bank.atoll(["job", "logs", "learn"] + RealJobs.scope)
            #expect(log.output.contains("structure \(expected.structure.digest)"), "\(log.output)")
            #expect(expected.parts[1].conditions.count > 2, "the host splits nodes too")

            let test = loans.keys.indices.filter { loans.keys[$0] % 10 >= 8 }
            let scores = try expected.scores(
                [loans, takings].map { table in
                    table.features.mapValues { values in test.map { values[$0] } }
                })
            for method in ["path", "bits"] {
                let table = try await data.exported(data.sites.bank, "score-\(method)")
                #expect(table.features["score"] == scores, "\(method)")
                #expect(table.keys == test.map { loans.keys[$0] })
            }
            let figures = try await data.figures("measure")
            let evaluation = try BinaryEvaluation(
                scores: scores.map(Objective.binary.prediction), labels: test.map { loans.labels[$0] })
            #expect(figures["auc"]?.number == (try evaluation.auc().value), "\(figures)")

            // What crossed is what the plan said, to the last frame and byte.
            let planned = try await data.planned("learn")
            let sent = try await data.sent("train")
            #expect(!planned.isEmpty && planned == sent, "\(planned) \(sent)")
            let told = try await data.figures("learn")
            #expect((told["host.1.bits_per_row"]?.number ?? 0) > 0 && (told["label.separation"]?.number ?? 0) > 0.5)
        }
    }

    /// Whatever is killed, the trees are the same; a host that is gone makes the job wait for it.
    @Test func whateverIsKilledTheTreesAreTheSame() async throws {
        try await with(rows: 400, offset: 0) { data in
            let whole = try await data.run("whole", Self.training("", trees: 40))
            #expect(whole.status == 0, "\(whole.error)")
            let job = await data.jobs.look(data.sites.bank, "whole")
            let expected = try #require(job?["status"]?["tasks"]?.array?.first?["digests"])
            for (index, victim) in RealJobs.victims.enumerated() {
                let name = "again-\(index)"
                try await waitUntil("the job is taken") {
                    let submitted = try await data.run(name, Self.training("", trees: 40), wait: false)
                    return submitted.status == 0
                }
                try await data.jobs.reach(name, "Running \(10 + 10 * index)")
                let starts = try await data.jobs.kill(victim, during: name, expecting: expected)
                #expect(starts >= 2, "\(victim) was killed while it ran")
            }
        }
    }

    @Test func aGrantThatIsTakenBackStopsTheTraining() async throws {
        try await with(rows: 400, offset: 0) { data in
            let submitted = try await data.run("long", Self.training("", trees: 400), wait: false)
            #expect(submitted.status == 0, "\(submitted.error)")
            try await waitUntil("frames leave the partner") { try await !data.sent("train").isEmpty }
            let revoked = try await data.sites.partner.atoll(
                ["grant", "revoke", "takings", "--reason", "over"] + RealJobs.scope)
            #expect(revoked.status == 0, "\(revoked.error)")
            for site in [data.sites.partner, data.sites.bank] {
                let ended = try await data.jobs.wait(site, "long") { ["Failed", "Succeeded"].contains($0) }
                #expect("\(ended)".contains("\(GrantFaults.revoked.number)"), "\(ended)")
            }
        }
    }

    private static let align = """
        operator: align
              parameters: {guestDataset: loans, hostDataset: takings, guestKey: merchant, hostKey: merchant}
        """

    private static func training(_ left: String, trees: Int = 4, test: Int = 0) -> String {
        """
        operator: train.boosting
              parameters:
                guestDataset: "loans\(left)"
                hostDatasets: "takings\(left)"
                guestKey: merchant
                hostKeys: merchant
                label: bad
                trees: \(trees)
                test: \(test)
                depth: 3
                bins: 8
                cellGuard: 2
                keyBits: "2048"
                profile: dedicated
        """
    }

    private static func centralised(
        _ guest: SharedTables.Table, _ host: SharedTables.Table, _ rows: [Int]
    ) throws -> BoostedModel {
        var settings = BoostingSettings(objective: .binary)
        (settings.trees, settings.depth, settings.cellGuard) = (4, 3, 2)
        let parties = try [guest, host].map { table in
            try PartyColumns(
                binning: table.names.map { name in (name: name, values: rows.map { table.features[name]![$0] }) },
                bins: 8)
        }
        let data = try TrainingData(
            keys: rows.map { guest.keys[$0] }, labels: rows.map { guest.labels[$0] }, parties: parties)
        return try BoostingTrainer(settings).train(data).model
    }

    private func with(rows: Int, offset: Int, _ body: (SharedTables) async throws -> Void) async throws {
        try await TwoRealSites.with { sites in
            try await body(try await SharedTables(sites, rows: rows, offset: offset))
        }
    }
}
