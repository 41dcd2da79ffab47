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
    public let spec: TrialSpec
    private let data: String
    private let program: String
    private let doors: any SiteDoors
    private let keeps: Bool
    private let files: String
    private let reproduce: String
    /// Goes on where another driver was killed.
    private let resumes: Bool
    /// How long a site may take to answer, a route to work, and a job to end after its own limit.
    var patience = Duration.seconds(120)
    private let tell: @Sendable (TrialEvent) -> Void

    /// - Parameters:
    ///   - data: the data directory under which the trial has its folder.
    ///   - program: absolute path of the program that the sites run.
    ///   - keeps: leaves sites and folder in the end.
    ///   - files: the folder to which paths of data are relative.
    ///   - reproduce: the command that runs the trial again, for its report.
    public init(
        _ spec: TrialSpec, data: String, program: String, doors: any SiteDoors, keeps: Bool,
        files: String = ".", reproduce: String = "", tell: @escaping @Sendable (TrialEvent) -> Void
    ) {
        self.spec = spec
        self.data = data
        self.program = program
        self.doors = doors
        self.keeps = keeps
        self.files = files
        self.reproduce = reproduce
        resumes = false
        self.tell = tell
    }

    /// Goes on with a trial whose driver was killed, or that was kept after it had failed: sites that still run are taken
    /// over, others started, phases that are done skipped.
    ///
    /// - Throws: `TrialFaults.unknown`, `.notResumable`, `.progressUnreadable`; more comes from `run`.
    public init(
        resuming name: String, data: String, program: String, doors: any SiteDoors, keeps: Bool,
        tell: @escaping @Sendable (TrialEvent) -> Void
    ) throws(Fault) {
        let progress = try TrialProgress.read(try TrialShelf(data: data).folder(of: name).path)
        spec = try progress.spec()
        self.data = data
        self.program = program
        self.doors = doors
        self.keeps = keeps
        files = progress.files
        reproduce = progress.reproduce
        resumes = true
        self.tell = tell
    }

    /// Cancelled, it tears everything down before it returns.
    ///
    /// - Returns: what was found, with the fault that ended it early.
    /// - Throws: `TrialFaults.exists`, `.folder`, and of one that is resumed `.running`, `.notResumable`,
    ///   `.progressUnreadable`; nothing was started then, and nothing removed.
    public func run() async throws(Fault) -> TrialReport {
        let (folder, progress) = try place()
        let run = TrialRun(
            spec, folder: folder, progress: progress, program: program, doors: doors, patience: patience, tell: tell)
        await run.go(resumes: resumes)
        var report = await run.report
        let start = ContinuousClock.now
        if keeps, !Task.isCancelled, await run.canBeKept {
            do throws(Fault) {
                try folder.keep()
                report.kept = folder.path
            } catch {
                report.fault = report.fault ?? error
            }
        } else {
            await run.beginTearDown(keeps: keeps)
            if let fault = await tearDown(folder, await run.sites) { report.fault = report.fault ?? fault }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            report.phases.append(
                .init(phase: .tearDown, start: await run.seconds(at: start), seconds: seconds))
            tell(.ended(.tearDown, seconds: seconds))
        }
        if report.fault == nil {
            let figures = report.figures
            report.expectations = spec.expectations.map { ($0.description, $0.check(figures)) }
        }
        return report
    }

    /// The folder, made or taken over, and how far the trial is.
    private func place() throws(Fault) -> (TrialFolder, TrialProgress) {
        guard !resumes else { return try TrialShelf(data: data).folder(of: spec.name).takeOver() }
        let folder = try TrialFolder.make(spec.name, in: data)
        let progress = TrialProgress(spec, files: files, reproduce: reproduce, began: .now)
        do throws(Fault) {
            try progress.write(to: folder.path)
        } catch {
            try? folder.clear()
            TrialShelf(data: data).tidy(after: folder)
            throw error
        }
        return (folder, progress)
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
