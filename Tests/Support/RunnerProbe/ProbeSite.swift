import Jobs
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Starts a worker that sleeps after every other, without end, and prints a line for each that runs.
enum ProbeSite {
    static func run(folder: String, mark: String) async throws {
        var options = ChildProcessOptions(
            program: CommandLine.arguments[0], arguments: ["worker"], folder: folder)
        options.environment["ATOLL_PROBE"] = mark
        options.controlGroups = CommandLine.arguments.contains("--groups") ? .automatic : .off
        options.capacity = WorkerCapacity(memory: 1 << 40, cores: 64)
        let runner = try ChildProcessRunner(options, logger: Logger(label: "probe"))
        for epoch in 1...40 as ClosedRange<UInt64> {
            let id = WorkerID(job: "01J000000000000000000000JB", task: "sleep", epoch: epoch)
            let order = epoch % 3 == 0 ? "family" : "sleep"
            try await runner.start(
                WorkerLaunch(id: id, order: Array(order.utf8), limits: WorkerLimits(memory: 1 << 30, cores: 1)))
            let line = "started \(epoch)\n"
            _ = write(1, line, line.utf8.count)
        }
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}
