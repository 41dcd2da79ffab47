import BenchKit
import Foundation

/// One job `align` between two sites of the program.
enum AlignedSites {
    /// Uploads a dataset of so many 18-digit ids to each, half of them in both, and aligns them.
    ///
    /// - Throws: `BenchFailure`, also when not half of the ids are found.
    static func align(ids count: Int) async throws -> ExchangeFigures {
        try await JoinedSites.with { sites in
            for (site, name, peer, first) in [
                (sites.owner, "guest", "two", 0), (sites.partner, "host", "one", count / 2),
            ] {
                try upload(site, name, first..<first + count)
                _ = try site.run(
                    [
                        "grant", "create", name, "--peer", peer, "--dataset", name, "--column", "id", "--purpose",
                        "bench",
                        "--algorithm", "align", "--until", "2099-01-01T00:00:00Z",
                    ] + JoinedSites.scope)
            }
            return try await run(sites, count)
        }
    }

    private static func upload(_ site: ServingSite, _ name: String, _ numbers: Range<Int>) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: path) }
        let text = numbers.map { "\(310_000_000_000_000_000 + $0)\n" }.joined()
        try Data(("id\n" + text).utf8).write(to: path)
        _ = try site.run(["data", "upload", path.path, "--name", name, "--id", "id"] + JoinedSites.scope)
    }

    private static func run(_ sites: JoinedSites, _ count: Int) async throws -> ExchangeFigures {
        let both = [sites.owner, sites.partner]
        let document = """
            apiVersion: atoll.dev/v1alpha1
            kind: Job
            metadata: {name: align, tenant: bench, project: jobs}
            spec:
              role: guest
              peers: [{peer: two, role: host}]
              limits: {memory: 2048, cores: 1, seconds: 3600}
              tasks:
                - name: align
                  operator: align
                  parameters: {guestDataset: guest, hostDataset: host, guestKey: id, hostKey: id, rules: exact}
            """
        let before = try both.map { try $0.processorTime() }
        let start = ContinuousClock.now
        _ = try sites.owner.run(["job", "submit", "-f", "-"], input: document)
        var peak = 0.0
        while true {
            try await Task.sleep(for: .milliseconds(100))
            peak = max(peak, both.map { $0.workerPeak() }.max() ?? 0)
            let listed = try JoinedSites.json(sites.owner.run(["job", "list", "-o", "json"] + JoinedSites.scope))
            let jobs = (listed["items"] as? [[String: Any]] ?? []).filter { $0["name"] as? String == "align" }
            guard let state = jobs.first?["state"] as? String else { throw BenchFailure("the job is not listed") }
            if state == "Succeeded" { break }
            guard !["Failed", "Cancelled"].contains(state) else { throw BenchFailure("the job ended as \(state)") }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let after = try both.map { try $0.processorTime() }
        guard try common(sites.owner) == count - count / 2 else { throw BenchFailure("not half of the ids are common") }
        return ExchangeFigures(
            seconds: seconds, processorSeconds: after.reduce(0, +) - before.reduce(0, +),
            bytes: try payload(sites.owner), peak: Int(peak))
    }

    /// Rows of the dataset that the job has left.
    private static func common(_ site: ServingSite) throws -> Int? {
        let listed = try JoinedSites.json(site.run(["get", "datasets", "-o", "json"] + JoinedSites.scope))
        let specs = (listed["items"] as? [[String: Any]] ?? []).compactMap { $0["spec"] as? [String: Any] }
        return specs.first { $0["origin"] as? String == "job" }?["rows"] as? Int
    }

    /// Bytes of all frames both ways, as the ledger has them.
    private static func payload(_ site: ServingSite) throws -> Int {
        let shown = try JoinedSites.json(site.run(["ledger", "show", "-o", "json"]))
        let chains = shown["items"] as? [[String: Any]] ?? []
        let flows = chains.flatMap { $0["flows"] as? [[String: Any]] ?? [] }
        return flows.filter { ($0["messageType"] as? String)?.hasPrefix("align.") == true }
            .reduce(0) { $0 + ($1["bytes"] as? Int ?? 0) }
    }
}
