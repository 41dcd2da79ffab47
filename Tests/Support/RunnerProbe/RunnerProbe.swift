/// `runner-probe worker` behaves as its order says; `runner-probe site FOLDER MARK` is a site that starts workers until
/// it is killed.
@main struct RunnerProbe {
    static func main() async throws {
        switch CommandLine.arguments.dropFirst().first {
        case "worker": ProbeWorker.run()
        case "site": try await ProbeSite.run(folder: CommandLine.arguments[2], mark: CommandLine.arguments[3])
        default: fatalError("usage: runner-probe worker | site FOLDER MARK")
        }
    }
}
