import Faults
import Resources

extension TrialRun {
    private var query: [(String, String)] {
        [("tenant", spec.scope.tenant ?? ""), ("project", spec.scope.project ?? "")]
    }

    private var document: JSONValue {
        [
            "apiVersion": "atoll.dev/v1alpha1", "kind": "Job",
            "metadata": [
                "name": .string(spec.name), "tenant": .string(spec.scope.tenant ?? ""),
                "project": .string(spec.scope.project ?? ""),
            ],
            "spec": spec.job,
        ]
    }

    /// Submits the job at the first site, follows it to its end, and reads what every site has measured.
    func measure() async throws {
        try await makeRoom()
        report.predictedBefore = try await predict()
        let start = ContinuousClock.now
        let job = try await follow(try await door(0).post(["jobs", "submit"], query, document))
        report.actual = (ContinuousClock.now - start) / .seconds(1)
        guard job["status"]?["state"]?.string == "Succeeded" else { throw try await failed(job) }
        let id = job["status"]?["job"]?.string ?? ""
        var measured: [[String: Double]] = []
        for index in spec.sites.indices {
            measured.append(try await figures(of: id, at: index))
        }
        sort(measured)
        report.predicted = try await predict()
    }

    /// The tenant and the project in which the job lives.
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
        for document in documents { _ = try await door(0).post(["apply"], [], document) }
    }

    /// Seconds that the slowest party is expected to need; nil where the site makes no predictions.
    private func predict() async throws -> Double? {
        do {
            let plan = try await door(0).post(["jobs", "plan"], query, document)
            return (plan["tasks"]?.array ?? []).map { task in
                (task["costs"]?.array ?? []).compactMap { $0["cost"]?["seconds"]?.number }.max() ?? 0
            }.reduce(0, +)
        } catch let fault as Fault where fault.is(ProgramFaults.noSuchRoute) {
            return nil
        }
    }

    /// Until it is over. A site that ends meanwhile is the reason, and not what its door says.
    private func follow(_ submitted: JSONValue) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(spec.jobSeconds) + patience
        var job = submitted
        var told = ""
        while true {
            let status = job["status"]
            let state = status?["state"]?.string ?? "Proposed"
            let text = [state, status?["progress"]?.string, status?["message"]?.string].compactMap(\.self)
                .filter { !$0.isEmpty }.joined(separator: "  ")
            if text != told { tell(.progress(.measure, text)) }
            told = text
            if ["Succeeded", "Failed", "Cancelled"].contains(state) { return job }
            for site in sites where site.hasEnded() { throw site.notStarted("has ended") }
            guard ContinuousClock.now < deadline else {
                throw Fault(TrialFaults.jobFailed, "The job does not come to its end: it is \(text).", at: spec.name)
            }
            try await Task.sleep(for: .milliseconds(200))
            job = try await door(0).get(["jobs", spec.name], query)
        }
    }

    private func failed(_ job: JSONValue) async throws -> Fault {
        let reason = job["status"]?["reason"]
        let words = [reason?["number"]?.string, reason?["text"]?.string].compactMap(\.self).joined(separator: " ")
        let lines = (try? await door(0).get(["jobs", spec.name, "log"], query)["items"]?.array) ?? []
        let last = lines.suffix(5).compactMap { $0["text"]?.string?.prefix(300) }.joined(separator: "\n          ")
        return Fault(
            TrialFaults.jobFailed, "The job ended as \(job["status"]?["state"]?.string ?? "?"): \(words)",
            at: last.isEmpty ? spec.name : last, fix: reason?["fix"]?.string)
    }

    /// What the tasks of the job left as figures at one site; a later task's replaces an earlier one's.
    private func figures(of id: String, at index: Int) async throws -> [String: Double] {
        var (name, query) = (spec.name, self.query)
        if index > 0 {
            // A partner keeps the job in the tenant of its partners, in a project of the owner's name.
            query = [("tenant", "partners"), ("project", spec.sites[0].name)]
            let jobs = try await door(index).get(["jobs"], query)["items"]?.array ?? []
            guard let job = jobs.first(where: { $0["status"]?["job"]?.string == id }) else {
                throw Fault(TrialFaults.jobFailed, "The site does not know the job.", at: spec.sites[index].name)
            }
            name = job["metadata"]?["name"]?.string ?? ""
        }
        let results = try await door(index).get(["jobs", name, "results"], query)["items"]?.array ?? []
        var figures: [String: Double] = [:]
        for result in results {
            for (figure, value) in result["figures"]?.object ?? [:] {
                if let number = value.number { figures[figure] = number }
            }
        }
        return figures
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
