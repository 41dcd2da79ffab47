import Faults
import Resources

/// The phases of one trial up to its last measure; afterwards whoever made it tears down.
actor TrialRun {
    /// Ports are tried so often before a site counts as not started.
    static let portTries = 5

    let spec: TrialSpec
    let folder: TrialFolder
    let doors: any SiteDoors
    let patience: Duration
    let tell: @Sendable (TrialEvent) -> Void
    private let program: String
    /// The folder to which paths of data are relative.
    var files: String { progress.files }
    let began = ContinuousClock.now
    /// Seconds from the trial's begin to this process's part of it.
    private let before: Double
    var progress: TrialProgress
    /// Those that were started, in the order of the spec.
    var sites: [TrialSite] = []

    init(
        _ spec: TrialSpec, folder: TrialFolder, progress: TrialProgress, program: String, doors: any SiteDoors,
        patience: Duration, tell: @escaping @Sendable (TrialEvent) -> Void
    ) {
        self.spec = spec
        self.folder = folder
        self.program = program
        self.doors = doors
        self.patience = patience
        self.tell = tell
        self.progress = progress
        before = max(0, Double(Timestamp.now.milliseconds - progress.began) / 1_000)
    }

    var report: TrialReport {
        get { progress.report }
        _modify { yield &progress.report }
    }

    var findings: LearningFindings {
        get { progress.findings }
        _modify { yield &progress.findings }
    }

    /// Whether another process drove it before.
    var isResumed: Bool { report.resumed > 0 }

    /// Keeps how far it is.
    ///
    /// - Throws: `TrialFaults.folder`.
    func save() throws(Fault) {
        // Of one that was not started again yet the port is still wanted.
        progress.sites = spec.sites.compactMap { site in
            sites.first { $0.name == site.name }?.known ?? progress.sites.first { $0.name == site.name }
        }
        try progress.write(to: folder.path)
    }

    /// Since the trial's begin.
    func seconds(at time: ContinuousClock.Instant) -> Double { before + (time - began) / .seconds(1) }

    /// Until the end or the first fault, which is in the report. Phases that are done are skipped.
    func go(resumes: Bool) async {
        do {
            if resumes { try await takeOver() }
            try await phase(.deploy) { try await deploy() }
            try await phase(.check) { try await check() }
            try await phase(.measure) { try await measure() }
            guard let learning = spec.learning else { return }
            try await phase(.upload) { try await upload(learning) }
            try await phase(.align) { try await align(learning) }
            try await phase(.train) { try await train(learning) }
            try await phase(.evaluate) { try await evaluate(learning) }
            try await phase(.report) { try await compare(learning) }
        } catch {
            report.fault = Task.isCancelled ? Fault(TrialFaults.interrupted) : await cause(of: error)
        }
    }

    /// A trial that came to its end can be kept as long as all its sites run and its removal has not begun.
    var canBeKept: Bool {
        guard progress.isComplete(spec), isResumed else { return true }
        return progress.isBeingRemoved != true && sites.count == spec.sites.count
    }

    /// - Parameter keeps: whether it was to be kept.
    func beginTearDown(keeps: Bool) {
        tell(.began(.tearDown))
        if keeps, !canBeKept { tell(.progress(.tearDown, "its removal had begun: it cannot be kept")) }
        progress.isBeingRemoved = true
        // A disk without room for it has none to go on either.
        try? save()
    }

    func door(_ index: Int) -> any SiteDoor { doors.door(of: folder.site(spec.sites[index].name)) }

    private func phase(_ phase: TrialPhase, _ body: () async throws -> Void) async throws {
        guard !progress.isDone(phase) else { return }
        tell(.began(phase))
        let start = ContinuousClock.now
        let (busy, bytes) = (meter.seconds(), await payload())
        let watch = MemoryWatch(meter)
        defer { watch.stop() }
        try await body()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        report.phases.append(
            .init(
                phase: phase, start: self.seconds(at: start), seconds: seconds,
                cpuSeconds: meter.seconds() - (phase == .deploy ? 0 : busy), memory: Double(watch.stop()),
                bytes: await payload() - bytes))
        try save()
        tell(.ended(phase, seconds: seconds))
    }

    private var meter: ProcessMeter { ProcessMeter(sites: sites.map(\.process)) }

    /// Payload that has left the sites so far, in bytes, as their ledgers say.
    private func payload() async -> Double {
        var bytes = 0.0
        for index in sites.indices {
            let chains = (try? await door(index).get(["ledger"], []))?["items"]?.array ?? []
            for flow in chains.flatMap({ $0["flows"]?.array ?? [] }) where flow["direction"]?.string == "sent" {
                bytes += flow["bytes"]?.number ?? 0
            }
        }
        return bytes
    }

    /// A site that has ended is the reason, and not what its door or the others say then.
    private func cause(of error: any Error) async -> Fault {
        let fault = error as? Fault ?? Fault(ProgramFaults.unexpected, "The trial failed: \(error).")
        guard !fault.is(TrialFaults.siteNotStarted), !fault.is(TrialFaults.diskFull) else { return fault }
        // The door of a site that is being killed closes a moment before the site is gone.
        for attempt in 0..<(fault.is(ProgramFaults.notRunning) ? 20 : 1) {
            for site in sites where site.hasEnded() { return site.notStarted("has ended") }
            if attempt > 0 { try? await Task.sleep(for: .milliseconds(50)) }
        }
        return fullDisk(fault) ?? fault
    }

    /// - Throws: `TrialFaults.siteNotStarted` when a site has ended: nothing that waits for it need wait longer.
    func expectAllRun() throws(Fault) {
        for site in sites where site.hasEnded() { throw site.notStarted("has ended") }
    }

    /// What is wrong where the disk of a site is full.
    ///
    /// - Parameter fault: what it did to the trial.
    func fullDisk(_ fault: Fault? = nil) -> Fault? {
        sites.first { $0.isDiskFull }.map { site in
            let what = fault.map { ": \($0.number) \($0.what)" } ?? "; its job can neither go on nor end."
            return Fault(TrialFaults.diskFull, "The disk of the site '\(site.name)' is full\(what)", at: site.folder)
        }
    }

    // MARK: - Deploy

    /// All sites at once; every one but the last listens for the others.
    private func deploy() async throws {
        try startMissing()
        try await waitUntilAllAreReady()
        // One that was ready first may have ended since.
        try expectAllRun()
    }

    private func waitUntilAllAreReady() async throws {
        for index in sites.indices {
            try await waitUntilReady(index)
            tell(.progress(.deploy, "\(sites[index].name) is ready (\(index + 1) of \(sites.count))"))
        }
    }

    /// Starts every site that is not among those known to run, on the port that it had.
    ///
    /// - Returns: the indices of those that were started.
    @discardableResult
    func startMissing() throws -> [Int] {
        var started: [Int] = []
        for (index, site) in spec.sites.enumerated() where !sites.contains(where: { $0.name == site.name }) {
            let known = progress.sites.first { $0.name == site.name }
            let port = index < spec.sites.count - 1 ? try known?.port ?? FreePort.find() : nil
            // Those before it are there.
            sites.insert(try start(site.name, port), at: index)
            started.append(index)
            // Known before anything else is done with it.
            try save()
        }
        return started
    }

    private func start(_ name: String, _ port: Int?) throws(Fault) -> TrialSite {
        try TrialSite(name, in: folder, program: program, port: port)
    }

    func waitUntilReady(_ index: Int) async throws {
        let deadline = ContinuousClock.now + patience
        var tries = 1
        while true {
            if sites[index].hasEnded() {
                // Somebody else has taken its port meanwhile.
                let lostPort = sites[index].lastLines().contains {
                    $0.contains(ProgramFaults.listen.number.description)
                }
                let listens = index < sites.count - 1
                guard lostPort, listens, tries < Self.portTries else { throw sites[index].notStarted("has ended") }
                tries += 1
                sites[index] = try start(sites[index].name, try FreePort.find())
                try save()
            }
            do {
                _ = try await door(index).get(["site"], [])
                return
            } catch let fault as Fault where fault.is(ProgramFaults.notRunning) {
                guard ContinuousClock.now < deadline else { throw sites[index].notStarted("does not answer") }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
