import Faults
public import Resources

/// A trial as it was checked.
public struct TrialSpec: Sendable, Hashable {
    public struct Site: Sendable, Hashable {
        public let name: String
        public let role: String
    }

    public let name: String
    public let sites: [Site]
    /// The spec of the job at the first site, whose peers are the others by their names.
    public let job: JSONValue
    public let expectations: [Expectation]

    /// Where the job lives at the first site.
    let scope = Scope(tenant: "trial", project: "trial")

    /// - Throws: `TrialFaults.expectation`.
    init(_ resource: Resource) throws(Fault) {
        name = resource.metadata.name
        sites = (resource.spec["sites"]?.array ?? []).map {
            Site(name: $0["name"]?.string ?? "", role: $0["role"]?.string ?? "member")
        }
        var job = resource.spec["job"]?.object ?? [:]
        job["role"] = .string(sites.first?.role ?? "member")
        job["peers"] = .array(
            sites.dropFirst().map { ["peer": .string($0.name), "role": .string($0.role)] })
        self.job = .object(job)
        var expectations: [Expectation] = []
        for (index, text) in (resource.spec["expect"]?.array ?? []).enumerated() {
            expectations.append(try Expectation(text.string ?? "", at: "spec.expect[\(index)]"))
        }
        self.expectations = expectations
    }

    /// How long the job may take, in seconds.
    var jobSeconds: Int64 { job["limits"]?["seconds"]?.integer ?? 86_400 }

    /// Pairs of sites by index, the lower one invites.
    var pairs: [(low: Int, high: Int)] {
        sites.indices.flatMap { low in sites.indices.filter { $0 > low }.map { (low, $0) } }
    }
}
