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
    let files: String
    let began = ContinuousClock.now
    var findings = LearningFindings()
    private(set) var sites: [TrialSite] = []
    var report: TrialReport

    init(
        _ spec: TrialSpec, folder: TrialFolder, program: String, doors: any SiteDoors, patience: Duration,
        files: String, tell: @escaping @Sendable (TrialEvent) -> Void
    ) {
        self.spec = spec
        self.folder = folder
        self.program = program
        self.doors = doors
        self.patience = patience
        self.files = files
        self.tell = tell
        report = TrialReport(spec.name)
    }

    /// Until the end or the first fault, which is in the report.
    func go() async {
        do {
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
            report.fault = Task.isCancelled ? Fault(TrialFaults.interrupted) : Self.fault(error)
        }
    }

    func door(_ index: Int) -> any SiteDoor { doors.door(of: folder.site(spec.sites[index].name)) }

    private func phase(_ phase: TrialPhase, _ body: () async throws -> Void) async throws {
        tell(.began(phase))
        let start = ContinuousClock.now
        let (busy, bytes) = (meter.seconds(), await payload())
        let watch = MemoryWatch(meter)
        defer { watch.stop() }
        try await body()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        report.phases.append(
            .init(
                phase: phase, start: (start - began) / .seconds(1), seconds: seconds,
                cpuSeconds: meter.seconds() - (phase == .deploy ? 0 : busy), memory: Double(watch.stop()),
                bytes: await payload() - bytes))
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

    private static func fault(_ error: any Error) -> Fault {
        error as? Fault ?? Fault(ProgramFaults.unexpected, "The trial failed: \(error).")
    }

    // MARK: - Deploy

    /// All sites at once; every one but the last listens for the others.
    private func deploy() async throws {
        for site in spec.sites.dropLast() { sites.append(try start(site.name, listens: true)) }
        sites.append(try start(spec.sites[spec.sites.count - 1].name, listens: false))
        for index in sites.indices {
            try await waitUntilReady(index)
            tell(.progress(.deploy, "\(sites[index].name) is ready (\(index + 1) of \(sites.count))"))
        }
    }

    private func start(_ name: String, listens: Bool) throws(Fault) -> TrialSite {
        try TrialSite(name, in: folder, program: program, port: listens ? try FreePort.find() : nil)
    }

    private func waitUntilReady(_ index: Int) async throws {
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
                sites[index] = try start(sites[index].name, listens: true)
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
