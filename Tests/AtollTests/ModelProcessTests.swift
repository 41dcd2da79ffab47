import Faults
import Foundation
import Modeling
import Resources
import ResourcesTestKit
import Testing

@testable import atoll

/// Models between two real sites: kept at both, used after their job is gone, whole only with the host's consent.
@Suite(.serialized) struct ModelProcessTests {
    @Test func aModelOutlivesItsJobAndIsWholeOnlyWithTheHostsConsent() async throws {
        try await TwoRealSites.with { sites in
            let data = try await SharedTables(sites, rows: 300, offset: 0)
            let (bank, partner) = (sites.bank, sites.partner)
            let partners = ["--tenant", "partners", "--project", "bank"]
            for number in 1...2 {
                let trained = try await data.run("learn-\(number)", Self.training(trees: number + 2))
                #expect(trained.status == 0, "\(trained.error)")
            }

            // Every party has its own part, and says so.
            for (site, role, scope) in [(bank, "guest", RealJobs.scope), (partner, "host", partners)] {
                let listed = try await site.atoll(["model", "list", "-o", "json"] + scope)
                let versions = try #require(try listed.json["items"]?.array)
                #expect(versions.map { $0["spec"]?["version"]?.integer } == [1, 2], "\(listed.output)")
                #expect(versions.allSatisfy { $0["spec"]?["role"]?.string == role && $0["status"]?["whole"] == false })
                let described = try await site.atoll(["model", "describe", "merchants"] + scope)
                #expect(described.output.contains("Model merchants version 2"), "\(described)")
            }
            let compared = try await bank.atoll(["model", "compare", "merchants:1", "merchants:2"] + RealJobs.scope)
            #expect(compared.output.contains("parameters.trees"), "\(compared)")
            let named = try await bank.atoll(["model", "alias", "merchants", "champion", "1"] + RealJobs.scope)
            #expect(named.status == 0, "\(named.error)")

            // The job is forgotten at both sites, and the champion still scores.
            for (site, scope) in [(bank, RealJobs.scope), (partner, partners)] {
                let deleted = try await site.atoll(["delete", "job", "learn-1"] + scope)
                #expect(deleted.status == 0, "\(deleted.error)")
            }
            let scored = try await bank.atoll(
                ["model", "predict", "merchants:champion", "--label", "bad"] + RealJobs.scope)
            #expect(scored.status == 0 && scored.output.contains("the scores are dataset "), "\(scored)")
            let expected = try Self.centralised(data, trees: 3)
            let scores = try #require(scored.output.split(separator: " ").dropFirst(4).first.map(String.init))
            let table = bank.folder + "/scores.csv"
            _ = try await bank.atoll(["data", "export", scores, "--output", table] + RealJobs.scope)
            let lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            let column = try #require(lines[0].firstIndex(of: "score"))
            #expect(lines.dropFirst().map { Double($0[column]) } == expected.scores.map { $0 })

            // Without consent nobody has the whole.
            let file = bank.folder + "/model.json"
            func export(_ more: String..., form: String = "xgboost") async throws -> CommandOutcome {
                try await bank.atoll(
                    ["model", "export", "merchants:champion", "--form", form, "--output", file] + more + RealJobs.scope)
            }
            let alone = try await export()
            #expect(alone.status != 0 && alone.error.contains("\(ModelFaults.notWhole.number)"), "\(alone)")
            let refused = try await export("--join")
            #expect(refused.status != 0 && refused.error.contains("\(GrantFaults.algorithm.number)"), "\(refused)")
            let strange = try await export(form: "pdf")
            #expect(strange.status != 0 && strange.error.contains("\(ModelFaults.form.number)"), "\(strange)")
            #expect(!FileManager.default.fileExists(atPath: file))
            for form in ["native", "dump"] {
                let own = try await export(form: form)
                #expect(own.status == 0, "\(own.error)")
            }
            let dump = try String(contentsOfFile: file, encoding: .utf8)
            #expect(dump.contains("guest amount <") && !dump.contains("turnover"), "no column of the host: \(dump)")

            // A grant for the algorithm that reveals nothing is not enough; one that reveals the model is.
            func grant(_ name: String, _ reveals: [String]) async throws {
                let granted = try await partner.atoll(
                    [
                        "grant", "create", name, "--peer", "bank", "--dataset", "takings", "--purpose", "release",
                        "--algorithm", "model.join", "--until", "2099-01-01T00:00:00Z",
                    ] + ["merchant", "turnover", "refunds", "months"].flatMap { ["--column", $0] } + reveals
                        + RealJobs.scope)
                #expect(granted.status == 0, "\(granted.error)")
            }
            try await grant("narrow", [])
            let hidden = try await export("--join")
            #expect(hidden.status != 0 && hidden.error.contains("\(GrantFaults.reveals.number)"), "\(hidden)")
            try await grant("wide", ["--reveals", "model"])
            let joined = try await export("--join")
            #expect(joined.status == 0, "\(joined.error)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == expected.model.xgboostJSON())
            // It was told once, and is not asked for again: the grant has one use.
            let again = try await export("--join")
            #expect(again.status == 0, "\(again.error)")
            let sent = try await data.sent("join")
            #expect(sent.keys.sorted() == ["join.part"], "\(sent)")

            // Consent to one dataset's model is none to another's.
            let other = try await data.run(
                "join-other",
                """
                operator: model.join
                      parameters: {model: "merchants:2", hostDatasets: others, trees: 4, depth: 3}
                """, task: "join")
            #expect(other.status != 0 && other.error.contains("\(JobFaults.earlierJobDiffers.number)"), "\(other)")

            // What is in use stays, what is not goes.
            for (version, status) in [("merchants:1", false), ("merchants:2", true)] {
                let deleted = try await bank.atoll(["model", "delete", version] + RealJobs.scope)
                #expect((deleted.status == 0) == status, "\(deleted)")
            }
        }
    }

    private static func training(trees: Int) -> String {
        """
        operator: train.boosting
              parameters:
                guestDataset: loans
                hostDatasets: takings
                guestKey: merchant
                hostKeys: merchant
                label: bad
                model: merchants
                trees: \(trees)
                depth: 3
                bins: 8
                cellGuard: 2
                keyBits: "2048"
                profile: dedicated
        """
    }

    /// The same training in one place, by the files that were uploaded, and its scores in the order of their rows.
    private static func centralised(
        _ data: SharedTables, trees: Int
    ) throws -> (model: BoostedModel, scores: [Double]) {
        var settings = BoostingSettings(objective: .binary)
        (settings.trees, settings.depth, settings.cellGuard) = (trees, 3, 2)
        let loans = try SharedTables.Table(path: data.sites.bank.folder + "/loans.csv")
        let takings = try SharedTables.Table(path: data.sites.partner.folder + "/takings.csv")
        let parties = try [loans, takings].map { table in
            try PartyColumns(binning: table.names.map { (name: $0, values: table.features[$0]!) }, bins: 8)
        }
        let model = try BoostingTrainer(settings).train(
            TrainingData(keys: loans.keys, labels: loans.labels, parties: parties)
        ).model
        return (model, try model.scores([loans, takings].map(\.features)))
    }
}
