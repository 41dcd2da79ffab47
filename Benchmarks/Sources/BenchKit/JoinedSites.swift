public import Foundation

/// Two sites of the program on loopback that know each other as `one` and `two`, with a tenant and a project at both.
public final class JoinedSites {
    public static let scope = ["--tenant", "bench", "--project", "jobs"]

    public let owner: ServingSite
    public let partner: ServingSite
    private let folder: URL

    private init(_ program: AtollProgram) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        owner = try ServingSite(program, folder.appending(path: "one").path, listening: true)
        partner = try ServingSite(program, folder.appending(path: "two").path, listening: false)
    }

    public static func with<Value>(_ body: (JoinedSites) async throws -> Value) async throws -> Value {
        guard let program = AtollProgram.find() else {
            throw BenchFailure("no program atoll beside the bench; set ATOLL_BINARY to its path")
        }
        let sites = try JoinedSites(program)
        defer { sites.stop() }
        try await sites.prepare()
        return try await body(sites)
    }

    private func prepare() async throws {
        for site in [owner, partner] { try await site.waitUntilReady() }
        let invited = try Self.json(owner.run(["peer", "invite", "--name", "two", "-o", "json"]))
        guard let code = invited["code"] as? String else { throw BenchFailure("`atoll peer invite` gave no code") }
        _ = try partner.run(["peer", "accept", code, "--name", "one"])
        for site in [owner, partner] { _ = try site.run(["apply", "-f", "-"], input: Self.places) }
        // The first job may meet a link that is still being made.
        let deadline = ContinuousClock.now + .seconds(60)
        while (try? submit("warm-up", task: Self.noop, waits: true)) == nil {
            guard ContinuousClock.now < deadline else { throw BenchFailure("the first job did not succeed") }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private static let places = """
        apiVersion: atoll.dev/v1alpha1
        kind: Tenant
        metadata: {name: bench}
        spec: {displayName: Bench}
        ---
        apiVersion: atoll.dev/v1alpha1
        kind: Project
        metadata: {name: jobs, tenant: bench}
        spec: {displayName: Jobs}
        """

    public static let noop = "operator: noop"

    public static func document(_ name: String, task: String, cores: Int = 1) -> String {
        """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata: {name: \(name), tenant: bench, project: jobs}
        spec:
          peers: [{peer: two}]
          limits: {memory: 512, cores: \(cores), seconds: 3600}
          tasks:
            - name: work
              \(task)

        """
    }

    /// - Returns: the job, as JSON says it.
    @discardableResult
    public func submit(_ name: String, task: String, waits: Bool) throws -> [String: Any] {
        let words = ["job", "submit", "-f", "-", "-o", "json"] + (waits ? ["--wait"] : [])
        return try Self.json(owner.run(words, input: Self.document(name, task: task)))
    }

    public static func json(_ data: Data) throws -> [String: Any] {
        guard let value = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw BenchFailure("a command did not print a JSON object")
        }
        return value
    }

    private func stop() {
        owner.stop()
        partner.stop()
        try? FileManager.default.removeItem(at: folder)
    }
}
