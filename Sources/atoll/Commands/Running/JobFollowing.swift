import Faults
import Resources

/// Follows a job to its end: a line for every change, for people on a terminal, as JSON elsewhere.
struct JobFollowing {
    private let client: APIClient
    private let first: JSONValue
    private let isLive: Bool

    /// - Parameter isLive: whether changes are written at all.
    init(_ client: APIClient, _ job: JSONValue, isLive: Bool) {
        self.client = client
        first = job
        self.isLive = isLive
    }

    /// - Returns: the job's resource at its end.
    func toEnd() async throws -> JSONValue {
        let metadata = first["metadata"]
        let path = APIPath(
            ["jobs", metadata?["name"]?.string ?? ""],
            query: [("tenant", metadata?["tenant"]?.string), ("project", metadata?["project"]?.string)])
        var shown = ""
        var job = first
        while true {
            let text = JobText(job)
            let line = Terminal.output.isTerminal ? text.line : JSONLine.text(job)
            if isLive, line != shown {
                try Console.write(line)
                shown = line
            }
            if text.isFinal { return job }
            try await Task.sleep(for: .milliseconds(500))
            job = try await client.get(path)
        }
    }
}
