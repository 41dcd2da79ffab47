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
        var shown: (line: String, state: String) = ("", "")
        var job = first
        while true {
            let text = JobText(job)
            let line = Terminal.output.isTerminal ? text.line : JSONLine.text(job)
            if isLive, line != shown.line {
                try Console.write(Self.redraw(line, over: text.state == shown.state, Terminal.output))
                shown = (line, text.state)
            }
            if text.isFinal { return job }
            try await Task.sleep(for: .milliseconds(500))
            job = try await client.get(path)
        }
    }

    /// On a terminal a line of the same state is written over the last one, which is therefore no longer than a row.
    static func redraw(_ line: String, over isOver: Bool, _ terminal: Terminal) -> String {
        guard let columns = terminal.columns else { return line }
        let row = TerminalText.cut(line, columns: max(1, columns - 1))
        return isOver ? "\u{1B}[1A\u{1B}[2K" + row : row
    }
}
