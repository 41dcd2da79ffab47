import Faults
import Foundation
import Modeling
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// A dataset at each of two sites, with grants for everything that the tests do.
struct SharedTables {
    struct Table {
        var keys: [UInt64] = []
        /// Features in the file's order.
        var names: [String] = []
        var features: [String: [Double]] = [:]
        var labels: [Double] = []
        var rows: [[String]] = []

        /// - Parameter path: of a CSV file.
        init(path: String) throws {
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
                .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            rows = Array(lines.dropFirst())
            for (place, name) in lines[0].enumerated() {
                let cells = rows.map { $0[place] }
                switch name {
                case "merchant": keys = cells.map { RowKey.key(of: $0) }
                case "bad": labels = cells.map { Double($0)! }
                default:
                    names.append(name)
                    features[name] = cells.map { $0.isEmpty ? .nan : Double($0)! }
                }
            }
        }
    }

    /// What grants allow.
    private static let operators = [
        "align", "train.boosting", "predict", "woe", "woe.apply", "train.logistic", "predict.logistic",
        "select", "select.signs",
    ]

    let sites: TwoRealSites
    let jobs: RealJobs

    /// - Parameters:
    ///   - offset: how many rows of each site the other does not have.
    ///   - revealsScores: whether the grants are those of one group.
    init(_ sites: TwoRealSites, rows: Int, offset: Int, revealsScores: Bool = false) async throws {
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
        let reveals = ["bins"] + (revealsScores ? ["partial_scores"] : [])
        for (site, dataset, peer, columns) in [
            (sites.bank, "loans", "partner", ["merchant", "amount", "years", "bad"]),
            (sites.partner, "takings", "bank", ["merchant", "turnover", "refunds", "months"]),
        ] {
            let granted = try await site.atoll(
                [
                    "grant", "create", dataset, "--peer", peer, "--dataset", dataset, "--purpose", "a test",
                    "--minimum-bin", "1", "--uses", "20", "--until", "2099-01-01T00:00:00Z",
                ] + Self.operators.flatMap { ["--algorithm", $0] } + reveals.flatMap { ["--reveals", $0] }
                    + columns.flatMap { ["--column", $0] } + RealJobs.scope)
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
        return try Table(path: path)
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
    /// One place for every suite of processes.
    func atoll(_ words: [String]) async throws -> CommandOutcome {
        try await CommandOutcome.of(words, data: folder)
    }
}
