import BenchKit
import Foundation

/// Weights of evidence, a regression on them and its scores, between two sites of the program.
struct ScorecardRun: Sendable {
    /// One job.
    struct Figures: Sendable {
        /// From submission to success, wall clock.
        let seconds: Double
        /// Payload of both directions.
        let bytes: Double
        /// Most resident bytes of a worker.
        let peak: Double
        /// Of the task's result, at the guest.
        let guest: [String: Double]
    }

    let woe: Figures
    let fit: Figures
    /// Measures on the rows left out, in points of two decimals.
    let measures: [String: Double]

    /// - Throws: `BenchFailure`.
    static func run(_ data: PairedTables) async throws -> ScorecardRun {
        try await JoinedSites.with { sites in
            for (text, name, site, label) in [
                (data.guest, "guest", sites.owner, "y"), (data.host, "host", sites.partner, nil),
            ] {
                try sites.share(
                    text, as: name, at: site, for: "woe", "train.logistic", "predict.logistic", label: label,
                    reveals: ["partial_scores"], uses: 9)
            }
            let columns = [
                "guestColumns": data.guestColumns.joined(separator: ","),
                "hostColumns": data.hostColumns.joined(separator: ","),
            ]
            let woe = try await job("woe", columns.merging(keys) { $1 }, sites)
            let fit = try await job(
                "train.logistic", ["woe": "woe/work", "hostColumnLimit": "64"].merging(keys) { $1 }, sites)
            let scored = try await job(
                "predict.logistic", ["model": "train-logistic/work", "part": "test", "decimals": "2"], sites)
            return ScorecardRun(woe: woe, fit: fit, measures: scored.guest)
        }
    }

    private static let keys = ["keyBits": "\"2048\"", "profile": "dedicated"]

    private static func job(
        _ operatorName: String, _ parameters: [String: String], _ sites: JoinedSites
    ) async throws -> Figures {
        let name = operatorName.replacing(".", with: "-")
        let all = [
            "guestDataset": "guest", "hostDatasets": "host", "guestKey": "id", "hostKeys": "id", "label": "y",
            "test": "2",
        ].merging(parameters) { $1 }
        let lines = all.sorted { $0.key < $1.key }.map { key, value in
            "        \(key): \(key.hasSuffix("Columns") ? "\"\(value)\"" : value)\n"
        }
        let document = """
            apiVersion: atoll.dev/v1alpha1
            kind: Job
            metadata: {name: \(name), tenant: bench, project: jobs}
            spec:
              role: guest
              peers: [{peer: two, role: host}]
              limits: {memory: 4096, cores: \(ProcessInfo.processInfo.activeProcessorCount), seconds: 36000}
              tasks:
                - name: work
                  operator: \(operatorName)
                  parameters:

            """ + lines.map { "  " + $0 }.joined()
        let metered = try await sites.meter(document, name: name)
        let listed = try JoinedSites.json(
            sites.owner.run(["job", "results", name, "-o", "json"] + JoinedSites.scope))
        guard let guest = (listed["items"] as? [[String: Any]])?.first?["figures"] as? [String: Double] else {
            throw BenchFailure("the task left no figures")
        }
        return Figures(
            seconds: metered.seconds, bytes: try bytes(name, sites), peak: metered.peak, guest: guest)
    }

    /// Payload of a job's frames, by the owner's ledger.
    private static func bytes(_ name: String, _ sites: JoinedSites) throws -> Double {
        let described = try JoinedSites.json(
            sites.owner.run(["get", "job", name, "-o", "json"] + JoinedSites.scope))
        guard let id = (described["metadata"] as? [String: Any])?["uid"] as? String else {
            throw BenchFailure("the job has no id")
        }
        var bytes = 0
        for line in String(decoding: try sites.owner.run(["ledger", "export"]), as: UTF8.self).split(separator: "\n") {
            let line = try JoinedSites.json(Data(line.utf8))
            guard line["kind"] as? String == "frame", line["job"] as? String == id else { continue }
            bytes += line["bytes"] as? Int ?? 0
        }
        return Double(bytes)
    }
}
