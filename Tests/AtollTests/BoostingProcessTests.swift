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
            let whole = try await data.run("whole", Self.training("", trees: 12))
            #expect(whole.status == 0, "\(whole.error)")
            let job = await data.jobs.look(data.sites.bank, "whole")
            let expected = try #require(job?["status"]?["tasks"]?.array?.first?["digests"])
            for (index, victim) in ["partner's worker", "bank's worker", "partner", "bank"].enumerated() {
                let name = "again-\(index)"
                try await waitUntil("the job is taken") {
                    let submitted = try await data.run(name, Self.training("", trees: 12), wait: false)
                    return submitted.status == 0
                }
                try await data.jobs.reach(name, "Running \(10 + 10 * index)")
                let site = victim.hasPrefix("bank") ? data.sites.bank : data.sites.partner
                if victim.hasSuffix("worker") {
                    try await waitUntil("there is a worker") { !RealJobs.workers(of: site).isEmpty }
                    for worker in RealJobs.workers(of: site) { kill(worker, SIGKILL) }
                } else {
                    try site.kill9()
                    try await site.restart()
                }
                let ended = try await data.jobs.wait(data.sites.bank, name) {
                    ["Succeeded", "Failed", "Cancelled"].contains($0)
                }
                #expect(ended["status"]?["tasks"]?.array?.first?["digests"] == expected, "\(victim): \(ended)")
                #expect((ended["status"]?["epoch"]?.integer ?? 0) >= 2, "\(victim) was killed while it ran: \(ended)")
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

/// A dataset at each of two sites, with grants for everything that the tests do.
private struct SharedTables {
    struct Table {
        var keys: [UInt64] = []
        /// Features in the file's order.
        var names: [String] = []
        var features: [String: [Double]] = [:]
        var labels: [Double] = []
        var rows: [[String]] = []
    }

    let sites: TwoRealSites
    let jobs: RealJobs

    /// - Parameter offset: how many rows of each site the other does not have.
    init(_ sites: TwoRealSites, rows: Int, offset: Int) async throws {
        self.sites = sites
        jobs = try await RealJobs(sites)
        let places = try await sites.partner.atoll("apply", "-f", sites.bank.folder + "/places.yaml")
        #expect(places.status == 0, "\(places.error)")
        var numbers = SeededGenerator(seed: 77)
        var loans = "merchant,amount,years,bad\n"
        var takings = "merchant,turnover,refunds,months\n"
        for row in 0..<rows + offset {
            let health = Double.random(in: -1...1, using: &numbers)
            let isBad = health + Double.random(in: -0.8...0.8, using: &numbers) < -0.3
            let years = Int.random(in: 0...20, using: &numbers)
            if row < rows {
                loans +=
                    "m\(row),\(Int((health + 2) * 50) + Int.random(in: 0...80, using: &numbers)),\(years),\(isBad ? 1 : 0)\n"
            }
            if row >= offset {
                let turnover = Int((health + 1.5) * 1_000) + Int.random(in: 0...400, using: &numbers)
                let refunds = row % 9 == 0 ? "" : "\(Int.random(in: 0...50, using: &numbers))"
                takings += "m\(row),\(turnover),\(refunds),\(row % 12)\n"
            }
        }
        for (site, name, text, label) in [
            (sites.bank, "loans", loans, ["--label", "bad"]), (sites.partner, "takings", takings, []),
        ] {
            let path = site.folder + "/\(name).csv"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let made = try await site.atoll(
                ["data", "upload", path, "--name", name, "--id", "merchant"] + label + RealJobs.scope)
            #expect(made.status == 0, "\(made.error)")
        }
        for (site, dataset, peer, columns) in [
            (sites.bank, "loans", "partner", ["merchant", "amount", "years", "bad"]),
            (sites.partner, "takings", "bank", ["merchant", "turnover", "refunds", "months"]),
        ] {
            let granted = try await site.atoll(
                [
                    "grant", "create", dataset, "--peer", peer, "--dataset", dataset, "--purpose", "a test",
                    "--algorithm", "align", "--algorithm", "train.boosting", "--algorithm", "predict", "--reveals",
                    "bins", "--minimum-bin", "1", "--uses", "20", "--until", "2099-01-01T00:00:00Z",
                ] + columns.flatMap { ["--column", $0] } + RealJobs.scope)
            #expect(granted.status == 0, "\(granted.error)")
        }
    }

    /// Submits a job of one task; its name is the word after `operator:`' last part unless given.
    func run(
        _ name: String, _ body: String, task: String? = nil, wait: Bool = true, isAlone: Bool = false
    ) async throws -> CommandOutcome {
        let file = sites.bank.folder + "/\(name).yaml"
        let own = task ?? (body.contains("align") ? "match" : "train")
        try """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata: {name: \(name), tenant: risk, project: cards}
        spec:
          role: guest
          peers: \(isAlone ? "[]" : "[{peer: partner, role: host}]")
          seed: \(String(repeating: "5a", count: 32))
          limits: {memory: 1024, cores: 1, seconds: 900}
          tasks:
            - name: \(own)
              \(body)
        """.write(toFile: file, atomically: true, encoding: .utf8)
        return try await sites.bank.atoll(["job", "submit", "-f", file] + (wait ? ["--wait"] : []))
    }

    /// The dataset that a job has left, as it is exported.
    func exported(_ site: RunningSite, _ job: String) async throws -> Table {
        let listed = try await site.atoll(["get", "datasets", "-o", "json"] + RealJobs.scope)
        let id = try await id(of: job)
        let found = (try listed.json["items"]?.array ?? []).filter {
            $0["spec"]?["lineage"]?["job"]?.string == id
        }
        #expect(found.count == 1, "\(found)")
        let name = try #require(found.first?["metadata"]?["name"]?.string)
        let path = site.folder + "/\(name)-\(ULID.make()).csv"
        let exported = try await site.atoll(["data", "export", name, "--output", path] + RealJobs.scope)
        #expect(exported.status == 0, "\(exported.error)")
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        var table = Table()
        table.rows = Array(lines.dropFirst())
        for (place, name) in lines[0].enumerated() {
            let cells = table.rows.map { $0[place] }
            switch name {
            case "merchant": table.keys = cells.map { RowKey.key(of: $0) }
            case "bad": table.labels = cells.map { Double($0)! }
            default:
                table.names.append(name)
                table.features[name] = cells.map { $0.isEmpty ? .nan : Double($0)! }
            }
        }
        return table
    }

    private func id(of job: String) async throws -> String {
        try #require(await jobs.look(sites.bank, job)?["metadata"]?["uid"]?.string)
    }

    func figures(_ job: String) async throws -> [String: JSONValue] {
        let found = try await TrialDoors().door(of: sites.bank.folder).get(
            ["jobs", job, "results"], [("tenant", "risk"), ("project", "cards")])
        return found["items"]?.array?.first?["figures"]?.object ?? [:]
    }

    /// Frames and bytes of each type that the plan of a job declares.
    func planned(_ job: String) async throws -> [String: [Int64]] {
        let plan = try await sites.bank.atoll(
            ["job", "plan", "-f", sites.bank.folder + "/\(job).yaml", "-o", "json"])
        var found: [String: [Int64]] = [:]
        for row in try plan.json["tasks"]?.array?.first?["messages"]?.array ?? [] {
            let old = found[row["type"]?.string ?? ""] ?? [0, 0]
            found[row["type"]?.string ?? ""] = [
                old[0] + (row["count"]?.integer ?? 0), old[1] + (row["bytes"]?.integer ?? 0),
            ]
        }
        return found
    }

    /// Frames and bytes of each type that the ledgers of both sites have as sent.
    func sent(_ task: String) async throws -> [String: [Int64]] {
        var found: [String: [Int64]] = [:]
        for site in [sites.bank, sites.partner] {
            let shown = try await site.atoll("ledger", "show", "-o", "json")
            for flow in (try shown.json["items"]?.array ?? []).flatMap({ $0["flows"]?.array ?? [] })
            where flow["direction"]?.string == "sent" && flow["task"]?.string == task {
                let old = found[flow["messageType"]?.string ?? ""] ?? [0, 0]
                found[flow["messageType"]?.string ?? ""] = [
                    old[0] + (flow["frames"]?.integer ?? 0), old[1] + (flow["bytes"]?.integer ?? 0),
                ]
            }
        }
        return found
    }
}

extension RunningSite {
    fileprivate func atoll(_ words: [String]) async throws -> CommandOutcome {
        try await CommandOutcome.of(words, data: folder)
    }
}
