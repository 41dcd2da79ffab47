import Faults
import Resources

/// Jobs of a trial: at the first site, with the others as peers by their names.
extension TrialRun {
    var query: [(String, String)] {
        [("tenant", spec.scope.tenant ?? ""), ("project", spec.scope.project ?? "")]
    }

    func document(_ name: String, _ job: JSONValue) -> JSONValue {
        [
            "apiVersion": "atoll.dev/v1alpha1", "kind": "Job",
            "metadata": [
                "name": .string(name), "tenant": .string(spec.scope.tenant ?? ""),
                "project": .string(spec.scope.project ?? ""),
            ],
            "spec": job,
        ]
    }

    /// Submits a job and follows it to its end. One that another driver has submitted is followed, or taken as it ended;
    /// where it failed it is tried again.
    ///
    /// - Returns: the job, and the seconds from its submission to its end, without those in which it was paused.
    /// - Throws: `TrialFaults.jobFailed` when it did not succeed.
    @discardableResult
    func run(
        _ name: String, _ job: JSONValue, in phase: TrialPhase
    ) async throws -> (job: JSONValue, seconds: Double) {
        let start = ContinuousClock.now
        let most = job["limits"]?["seconds"]?.integer ?? 86_400
        let isKnown = progress.submitted[name] != nil
        let ended: JSONValue
        if isKnown, let known = try await found(["jobs", name], query, at: 0) {
            var last = try await follow(known, name, seconds: most, in: phase)
            // What happened before this process came may come out only now.
            if last["status"]?["state"]?.string == "Failed" {
                last = try await follow(try await retry(last, name), name, seconds: most, in: phase)
            }
            ended = last
        } else {
            progress.submitted[name] = Timestamp.now.milliseconds
            try save()
            let submitted = try await door(0).post(["jobs", "submit"], query, document(name, job))
            ended = try await follow(submitted, name, seconds: most, in: phase)
        }
        guard ended["status"]?["state"]?.string == "Succeeded" else { throw try await failed(ended, name) }
        let paused = ended["status"]?["pausedSeconds"]?.number ?? 0
        guard isKnown else { return (ended, max(0, (ContinuousClock.now - start) / .seconds(1) - paused)) }
        let lines = try await door(0).get(["jobs", name, "log"], query)["items"]?.array ?? []
        let last = lines.last?["time"]?.string.flatMap { Timestamp($0) } ?? .now
        let first = progress.submitted[name] ?? last.milliseconds
        return (ended, max(0, Double(last.milliseconds - first) / 1_000 - paused))
    }

    /// Has a job that failed begin again.
    private func retry(_ job: JSONValue, _ name: String) async throws -> JSONValue {
        _ = try await door(0).post(["jobs", name, "retry"], query, [:])
        let epoch = job["status"]?["epoch"]?.integer ?? 0
        let deadline = ContinuousClock.now + patience
        while true {
            let now = try await door(0).get(["jobs", name], query)
            if (now["status"]?["epoch"]?.integer ?? 0) > epoch { return now }
            guard ContinuousClock.now < deadline else {
                throw Fault(TrialFaults.jobFailed, "The job does not begin again.", at: name)
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Seconds that the slowest party is expected to need; nil where the site makes no predictions.
    func predict(_ name: String, _ job: JSONValue) async throws -> Double? {
        guard let plan = try await plan(name, job) else { return nil }
        return (plan["tasks"]?.array ?? []).map { task in
            (task["costs"]?.array ?? []).compactMap { $0["cost"]?["seconds"]?.number }.max() ?? 0
        }.reduce(0, +)
    }

    /// What a job would do; nil where the site does not say.
    func plan(_ name: String, _ job: JSONValue) async throws -> JSONValue? {
        do {
            return try await door(0).post(["jobs", "plan"], query, document(name, job))
        } catch let fault as Fault where fault.is(ProgramFaults.noSuchRoute) {
            return nil
        }
    }

    /// Until it is over. A site that ends meanwhile is the reason, and not what its door says.
    private func follow(
        _ submitted: JSONValue, _ name: String, seconds: Int64, in phase: TrialPhase
    ) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(seconds) + patience
        var job = submitted
        var told = ""
        var changed = ContinuousClock.now
        while true {
            let status = job["status"]
            let state = status?["state"]?.string ?? "Proposed"
            let text = [state, status?["progress"]?.string, status?["message"]?.string].compactMap(\.self)
                .filter { !$0.isEmpty }.joined(separator: "  ")
            if text != told {
                tell(.progress(phase, text))
                changed = .now
            }
            told = text
            if ["Succeeded", "Failed", "Cancelled"].contains(state) { return job }
            try expectAllRun()
            // A site that cannot write keeps a job as it is, and has no way to say so in it.
            if ContinuousClock.now - changed > .seconds(5), let full = fullDisk() { throw full }
            guard ContinuousClock.now < deadline else {
                throw Fault(TrialFaults.jobFailed, "The job does not come to its end: it is \(text).", at: name)
            }
            try await Task.sleep(for: .milliseconds(200))
            job = try await door(0).get(["jobs", name], query)
        }
    }

    private func failed(_ job: JSONValue, _ name: String) async throws -> Fault {
        let reason = job["status"]?["reason"]
        let words = [reason?["number"]?.string, reason?["text"]?.string].compactMap(\.self).joined(separator: " ")
        let lines = (try? await door(0).get(["jobs", name, "log"], query)["items"]?.array) ?? []
        let last = lines.suffix(5).compactMap { $0["text"]?.string?.prefix(300) }.joined(separator: "\n          ")
        return Fault(
            TrialFaults.jobFailed, "The job ended as \(job["status"]?["state"]?.string ?? "?"): \(words)",
            at: last.isEmpty ? name : last, fix: reason?["fix"]?.string)
    }

    /// What the tasks of a job left as figures at each of its sites, in their order; a later task's replaces an earlier one's.
    ///
    /// - Parameter indices: the sites that took part; all by default.
    func figures(of job: JSONValue, named name: String, at indices: [Int]? = nil) async throws -> [[String: Double]] {
        let id = job["status"]?["job"]?.string ?? ""
        var all: [[String: Double]] = []
        for index in indices ?? Array(spec.sites.indices) {
            let (name, query) = try await place(of: id, name, at: index)
            let results = try await door(index).get(["jobs", name, "results"], query)["items"]?.array ?? []
            var figures: [String: Double] = [:]
            for result in results {
                for (figure, value) in result["figures"]?.object ?? [:] {
                    if let number = value.number { figures[figure] = number }
                }
            }
            all.append(figures)
        }
        return all
    }

    /// Name and scope of a job at a site. A partner keeps it in the tenant of its partners, in a project of the owner's name.
    func place(of id: String, _ name: String, at index: Int) async throws -> (String, [(String, String)]) {
        guard index > 0 else { return (name, query) }
        let query = [("tenant", "partners"), ("project", spec.sites[0].name)]
        let jobs = try await door(index).get(["jobs"], query)["items"]?.array ?? []
        guard let job = jobs.first(where: { $0["status"]?["job"]?.string == id }) else {
            throw Fault(TrialFaults.jobFailed, "The site does not know the job.", at: spec.sites[index].name)
        }
        return (job["metadata"]?["name"]?.string ?? "", query)
    }
}
