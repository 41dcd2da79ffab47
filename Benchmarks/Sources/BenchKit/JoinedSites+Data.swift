import Foundation

extension JoinedSites {
    /// Uploads a table to a site under the given name and permits the other site to use it with operators.
    ///
    /// - Parameters:
    ///   - csv: with a line of names, the first of which is the id's.
    ///   - reveals: what the operators may tell besides.
    ///   - uses: how many jobs may read it.
    public func share(
        _ csv: String, as name: String, at site: ServingSite, for operators: String..., label: String? = nil,
        reveals: [String] = [], uses: Int = 1
    ) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "atoll-bench-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(csv.utf8).write(to: path)
        let columns = csv.prefix { !$0.isNewline }.split(separator: ",").map(String.init)
        let labelled = label.map { ["--label", $0] } ?? []
        _ = try site.run(
            ["data", "upload", path.path, "--name", name, "--id", columns.first ?? ""] + labelled + Self.scope)
        _ = try site.run(
            [
                "grant", "create", name, "--peer", site === owner ? "two" : "one", "--dataset", name, "--purpose",
                "bench", "--until", "2099-01-01T00:00:00Z", "--uses", "\(uses)",
            ] + operators.flatMap { ["--algorithm", $0] } + reveals.flatMap { ["--reveals", $0] }
                + columns.flatMap { ["--column", $0] } + Self.scope)
    }
}
