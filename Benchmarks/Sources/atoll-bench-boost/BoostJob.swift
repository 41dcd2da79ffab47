import BenchKit
import Foundation

/// One training between two sites of the program.
struct BoostJob: Sendable {
    var profile: String
    var trees: Int
    /// Of each worker.
    var cores: Int
    /// Whether `verify` runs before, so that costs are predicted from what this machine does.
    var isPredicted = false

    /// - Throws: `BenchFailure`.
    func run(_ data: PairedTables) async throws -> BoostFigures {
        try await JoinedSites.with { sites in
            try sites.share(data.guest, as: "guest", at: sites.owner, for: "train.boosting", label: "y")
            try sites.share(data.host, as: "host", at: sites.partner, for: "train.boosting")
            let document = document(data)
            var predicted: Double?
            if isPredicted {
                try sites.submit("rates", task: "operator: verify", waits: true)
                predicted = try Self.prediction(
                    sites.owner.run(["job", "plan", "-f", "-", "-o", "json"], input: document))
            }
            let job = try await sites.meter(document, name: "train", pause: .milliseconds(500))
            let guest = try Self.figures(sites.owner, JoinedSites.scope)
            let host = try Self.figures(sites.partner, ["--tenant", "partners", "--project", "one"])
            let lines = String(decoding: try sites.owner.run(["ledger", "export"]), as: UTF8.self)
            let ledger = try TrainingLedger(lines, task: "train", keys: guest["seconds.keys"] ?? 0)
            var figures = try BoostFigures(job, ledger, guest, host)
            figures.predicted = predicted
            return figures
        }
    }

    private func document(_ data: PairedTables) -> String {
        """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata: {name: train, tenant: bench, project: jobs}
        spec:
          role: guest
          peers: [{peer: two, role: host}]
          limits: {memory: 2048, cores: \(cores), seconds: 36000}
          tasks:
            - name: train
              operator: train.boosting
              parameters:
                guestDataset: guest
                hostDatasets: host
                guestKey: id
                hostKeys: id
                label: y
                guestColumns: "\(data.guestColumns.joined(separator: ","))"
                hostColumns: "\(data.hostColumns.joined(separator: ","))"
                trees: \(trees)
                depth: 5
                bins: 32
                firstTreeByGuestAlone: false
                keyBits: "2048"
                profile: \(profile)

        """
    }

    /// The slowest party's seconds.
    private static func prediction(_ plan: Data) throws -> Double {
        let plan = try JoinedSites.json(plan)
        guard (plan["rates"] as? [String: Any])?["measured"] as? Bool == true else {
            throw BenchFailure("the plan does not know what `verify` has measured")
        }
        let totals = (plan["parties"] as? [[String: Any]] ?? []).compactMap { $0["total"] as? [String: Any] }
        guard let most = totals.compactMap({ $0["seconds"] as? Double }).max() else {
            throw BenchFailure("the plan says nothing of seconds")
        }
        return most
    }

    private static func figures(_ site: ServingSite, _ scope: [String]) throws -> [String: Double] {
        let listed = try JoinedSites.json(site.run(["job", "results", "train", "-o", "json"] + scope))
        guard let figures = (listed["items"] as? [[String: Any]])?.first?["figures"] as? [String: Double] else {
            throw BenchFailure("the task left no figures")
        }
        return figures
    }
}
