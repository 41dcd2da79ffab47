import BenchKit

/// One job `align` between two sites of the program.
enum AlignedSites {
    /// Uploads a dataset of so many 18-digit ids to each, half of them in both, and aligns them.
    ///
    /// - Throws: `BenchFailure`, also when not half of the ids are found.
    static func align(ids count: Int) async throws -> ExchangeFigures {
        try await JoinedSites.with { sites in
            for (site, name, first) in [(sites.owner, "guest", 0), (sites.partner, "host", count / 2)] {
                let text = (first..<first + count).map { "\(310_000_000_000_000_000 + $0)\n" }.joined()
                try sites.share("id\n" + text, as: name, at: site, for: "align")
            }
            let job = try await sites.meter(document, name: "align")
            guard try common(sites.owner) == count - count / 2 else {
                throw BenchFailure("not half of the ids are common")
            }
            return ExchangeFigures(
                seconds: job.seconds, processorSeconds: job.processorSeconds, bytes: try payload(sites.owner),
                peak: Int(job.peak))
        }
    }

    private static let document = """
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
