import Faults
import Resources

/// The columns of all sites by their risk.
extension TrialRun {
    /// The document of the job.
    func weighing(_ parameters: [String: JSONValue], _ learning: TrialSpec.Learning) -> JSONValue {
        var parameters = parameters
        parameters.merge(shared) { own, _ in own }
        parameters["label"] = .string(spec.sites[0].data?.label ?? "")
        parameters["test"] = .integer(learning.testTenths)
        return job([["name": "weigh", "operator": "woe", "parameters": .object(limited(parameters))]], learning)
    }

    /// Divides the columns between the sites, and asks each site for what it has of them.
    func weigh(_ parameters: [String: JSONValue], _ learning: TrialSpec.Learning) async throws {
        let document = weighing(parameters, learning)
        findings.weighing = try await plan("weigh", document)
        let (ended, _) = try await run("weigh", document, in: .train)
        findings.weighed = try await figures(of: ended, named: "weigh")
        let id = ended["status"]?["job"]?.string ?? ""
        var bins: [JSONValue] = []
        for index in spec.sites.indices {
            let (name, query) = try await place(of: id, "weigh", at: index)
            bins.append(.array(try await door(index).get(["jobs", name, "bins"], query)["items"]?.array ?? []))
        }
        findings.bins = bins
    }
}
