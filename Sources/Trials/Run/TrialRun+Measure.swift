import Faults
import Resources

extension TrialRun {
    /// Submits the job at the first site, follows it to its end, and reads what every site has measured.
    func measure() async throws {
        try await makeRoom()
        report.predictedBefore = try await predict(spec.name, spec.job)
        let (job, seconds) = try await run(spec.name, spec.job, in: .measure)
        report.actual = seconds
        (report.sites, report.pairs) = ([], [])
        sort(try await figures(of: job, named: spec.name))
        report.predicted = try await predict(spec.name, spec.job)
    }

    /// The tenant and the project in which jobs and datasets live, at every site.
    private func makeRoom() async throws {
        let (tenant, project) = (spec.scope.tenant ?? "", spec.scope.project ?? "")
        let documents: [JSONValue] = [
            [
                "apiVersion": "atoll.dev/v1alpha1", "kind": "Tenant", "metadata": ["name": .string(tenant)],
                "spec": ["displayName": "Trial"],
            ],
            [
                "apiVersion": "atoll.dev/v1alpha1", "kind": "Project",
                "metadata": ["name": .string(project), "tenant": .string(tenant)], "spec": ["displayName": "Trial"],
            ],
        ]
        for index in spec.sites.indices where index == 0 || spec.learning != nil {
            for document in documents { _ = try await door(index).post(["apply"], [], document) }
        }
    }

    /// `route.2.bandwidth_out` of a site is its figure `bandwidth_out` towards the site of index 2.
    private func sort(_ measured: [[String: Double]]) {
        for (index, figures) in measured.enumerated() {
            var own: [String: Double] = [:]
            var towards: [Int: [String: Double]] = [:]
            for (figure, value) in figures {
                let parts = figure.split(separator: ".", maxSplits: 2)
                if parts.count == 3, parts[0] == "route", let peer = Int(parts[1]), spec.sites.indices.contains(peer) {
                    towards[peer, default: [:]][String(parts[2])] = value
                } else {
                    own[figure] = value
                }
            }
            report.sites.append(.init(name: spec.sites[index].name, figures: own))
            for (peer, figures) in towards.sorted(by: { $0.key < $1.key }) {
                report.pairs.append(
                    .init(from: spec.sites[index].name, to: spec.sites[peer].name, figures: figures))
            }
        }
    }
}
