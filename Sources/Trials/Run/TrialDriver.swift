public import Faults
import Resources
import WorkerSocket

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs a trial from its first process to the removal of its last file.
public struct TrialDriver: Sendable {
    private let spec: TrialSpec
    private let data: String
    private let program: String
    private let doors: any SiteDoors
    private let keeps: Bool
    private let files: String
    /// How long a site may take to answer, a route to work, and a job to end after its own limit.
    var patience = Duration.seconds(120)
    private let tell: @Sendable (TrialEvent) -> Void

    /// - Parameters:
    ///   - data: the data directory under which the trial has its folder.
    ///   - program: absolute path of the program that the sites run.
    ///   - keeps: leaves sites and folder in the end.
    ///   - files: the folder to which paths of data are relative.
    public init(
        _ spec: TrialSpec, data: String, program: String, doors: any SiteDoors, keeps: Bool,
        files: String = ".", tell: @escaping @Sendable (TrialEvent) -> Void
    ) {
        self.spec = spec
        self.data = data
        self.program = program
        self.doors = doors
        self.keeps = keeps
        self.files = files
        self.tell = tell
    }

    /// Cancelled, it tears everything down before it returns.
    ///
    /// - Returns: what was found, with the fault that ended it early.
    /// - Throws: `TrialFaults.exists`, `.folder`; nothing was started then.
    public func run() async throws(Fault) -> TrialReport {
        let folder = try TrialFolder.make(spec.name, in: data)
        let run = TrialRun(spec, folder: folder, program: program, doors: doors, patience: patience, files: files,
            tell: tell)
        await run.go()
        var report = await run.report
        let start = ContinuousClock.now
        if keeps, !Task.isCancelled {
            do throws(Fault) {
                try folder.keep()
                report.kept = folder.path
            } catch {
                report.fault = report.fault ?? error
            }
        } else {
            tell(.began(.tearDown))
            if let fault = await tearDown(folder, await run.sites) { report.fault = report.fault ?? fault }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            report.phases.append(
                .init(phase: .tearDown, start: (start - run.began) / .seconds(1), seconds: seconds))
            tell(.ended(.tearDown, seconds: seconds))
        }
        if report.fault == nil {
            let figures = report.figures
            report.expectations = spec.expectations.map { ($0.description, $0.check(figures)) }
        }
        return report
    }

    /// On a thread of its own: it goes on when the task was cancelled. Sites are asked, and ended after five seconds.
    private func tearDown(_ folder: TrialFolder, _ sites: [TrialSite]) async -> Fault? {
        await withCheckedContinuation { reply in
            _ = PlainThread {
                for site in sites { site.ask() }
                let deadline = ContinuousClock.now + .seconds(5)
                var left = sites
                while ContinuousClock.now < deadline {
                    left.removeAll { $0.hasEnded() }
                    if left.isEmpty { break }
                    usleep(20_000)
                }
                do throws(Fault) {
                    try folder.clear()
                    TrialShelf(data: data).tidy(after: folder)
                    reply.resume(returning: nil)
                } catch {
                    reply.resume(returning: error)
                }
            }
        }
    }
}
