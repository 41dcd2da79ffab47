import Faults
import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Trials
@testable import atoll

/// A trial of two sites with 600 common rows and three trees, in a folder of its own.
final class TrialMatrixTrial: Sendable {
    struct Outcome: Sendable {
        /// Nil when everything held.
        var fault: Fault?
        /// Of the model between the sites.
        var digest: String?
        var resumed = 0
        /// The driver was killed.
        var isKilled = false

        /// Whether it is an occurrence of the entry, and names the other one.
        func fails(_ entry: FaultEntry, because: FaultEntry?) -> Bool {
            guard let fault, fault.is(entry) else { return false }
            guard let because else { return true }
            return fault.leaves.contains { $0.is(because) } || "\(fault)".contains("\(because.number)")
        }
    }

    static let name = "t"
    static let sites = ["bank", "partner"]
    static let scope = [("tenant", "trial"), ("project", "trial")]

    let folder: String
    let cell: TrialCell?
    var data: String { folder + "/d" }
    private var file: String { folder + "/t.yaml" }
    /// Starts a site as the cell wants it.
    private var program: String { folder + "/site" }
    /// The disk of one site, where a cell fills it.
    var disk: String { folder + "/disk" }

    init(_ cell: TrialCell?) throws {
        self.cell = cell
        folder = FileManager.default.temporaryDirectory.appending(path: "am-\(ULID.make())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.document(of: cell).write(toFile: file, atomically: false, encoding: .utf8)
        // What comes before a site's program is in a file of the site's name.
        try """
        #!/bin/sh
        name=$5
        [ -e "$0.$name" ] && . "$0.$name"
        exec $before '\(Program.path)' "$@"

        """.write(toFile: program, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }

    /// Takes what is wrong from the start away: the trial runs as if nothing had ever been done to it.
    func mend() throws {
        isMended.withLock { $0 = true }
        try Self.document(of: nil).write(toFile: file, atomically: false, encoding: .utf8)
        for site in Self.sites { try prepare(site, nil) }
    }

    private let isMended = Mutex(false)

    /// Takes a moment; nothing is measured where nothing is done to it.
    private static let verify =
        "operator: verify, parameters: {rounds: 50, frames: 64, frameBytes: 65536, largestFrame: 1048576, "
        + "kernelSeconds: 0, diskMiB: 1}"

    private static func document(of cell: TrialCell?) -> String {
        let seconds = cell?.kind == .linkLost ? 30 : 600
        let cores = cell?.kind == .overCapacity ? 256 : 1
        return """
            apiVersion: atoll.dev/v1alpha1
            kind: Trial
            metadata: {name: \(name)}
            spec:
              sites: [{name: bank, data: {generate: bank}}, {name: partner, data: {generate: partner}}]
              job:
                limits: {memory: 512, cores: 1, seconds: 600}
                tasks: [{name: first, \(cell?.phase == .measure ? verify : "operator: noop")}]
              learn:
                merchants: {bank: 600, partner: 700, overlap: 1, seed: 3}
                limits: {memory: 1024, cores: \(cores), seconds: \(seconds)}
                parameters: {trees: 3, depth: 2, keyBits: "2048", profile: dedicated}
              expect: [digest equals centralised, trees >= 3]
            """
    }

    /// Shell for the start of a site from now on; `before` stands before its program.
    func prepare(_ site: String, _ shell: String?) throws {
        let path = "\(program).\(site)"
        if let shell {
            try (shell + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        } else {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    // MARK: - Running

    /// How long one run may take; a trial that hangs is told with what it said.
    private static let limit = Duration.seconds(300)

    /// Runs or resumes it in this process.
    func run(keeps: Bool = false, resumes: Bool = false, _ hand: TrialMatrixHand? = nil) async throws -> Outcome {
        try await beside(hand) { [self] tell in
            let (isWrong, doors) = (!isMended.withLock { $0 }, doors)
            var driver =
                resumes
                ? try TrialDriver(
                    resuming: Self.name, data: data, program: program, doors: doors, keeps: keeps, tell: tell)
                : TrialDriver(
                    try await Trial.read(try FileInput.read(file), file: file), data: data, program: program,
                    doors: doors, keeps: keeps, tell: tell)
            if isWrong, cell?.kind == .clockWrong { driver.patience = .seconds(8) }
            let report = try await driver.run()
            return Outcome(
                fault: report.failure, digest: report.learning?.digests.federated, resumed: report.resumed)
        }
    }

    /// Those of the sites; a job whose approval is to be refused asks for one.
    private var doors: any SiteDoors {
        guard cell?.kind == .approvalRefused, !isMended.withLock({ $0 }), let job = cell?.job else {
            return TrialDoors()
        }
        return ApprovalDoors(job: job)
    }

    /// Runs or resumes it by the program.
    ///
    /// - Parameter prefix: what the program is started with, such as a namespace.
    func command(resumes: Bool = false, prefix: [String] = [], _ hand: TrialMatrixHand? = nil) async throws -> Outcome {
        let (report, output) = (folder + "/report", folder + "/out")
        try Data().write(to: URL(filePath: output))
        let words = resumes ? ["trial", "resume", Self.name] : ["trial", "run", file]
        let process = try Program.start(
            words + ["--json", "--report", report], data: data, prefix: prefix,
            output: FileHandle(forWritingTo: URL(filePath: output)))
        let id = process.processIdentifier
        hand?.driver = id
        do {
            try await beside(hand) { tell in
                var seen = 0
                while true {
                    let isOver = ProcessStatus(of: id)?.hasEnded ?? true
                    let lines = try String(contentsOfFile: output, encoding: .utf8).split(
                        separator: "\n", omittingEmptySubsequences: false
                    ).dropLast()
                    for line in lines.dropFirst(seen) {
                        if let event = TrialEvent(try JSONParser.parse(String(line))) { tell(event) }
                    }
                    seen = lines.count
                    if isOver { return }
                    try await Task.sleep(for: .milliseconds(3))
                }
            }
        } catch {
            kill(id, SIGKILL)
            process.waitUntilExit()
            let said = try String(contentsOfFile: output, encoding: .utf8).suffix(2_000)
            throw WaitedTooLong("the end of \(words): \(error)\n\(said)")
        }
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { return Outcome(isKilled: true) }
        return try outcome(of: process.terminationStatus, output: output, report: report)
    }

    private func outcome(of status: Int32, output: String, report: String) throws -> Outcome {
        let last = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").last ?? ""
        let failure = try JSONParser.parse(String(last))["report"]?["failure"]
        #expect((failure == nil) == (status == 0))
        let document = try JSONDecoder().decode(
            TrialDocument.self, from: try Data(contentsOf: URL(filePath: report + "/report.json")))
        var outcome = Outcome(digest: document.learning?.digests.federated, resumed: document.resumed ?? 0)
        if let number = failure?["number"]?.string.flatMap({ UInt16($0.drop { !$0.isNumber }) }),
            let entry = FaultCatalogue.entry(FaultNumber(rawValue: number))
        {
            outcome.fault = Fault(
                entry, (failure?["what"]?.string ?? "") + " " + (document.failure ?? ""), at: failure?["where"]?.string)
        }
        return outcome
    }

    /// Runs the body, which tells what happens, with the hand beside it.
    ///
    /// - Throws: `WaitedTooLong` after the limit, with the last that was told.
    private func beside<Result: Sendable>(
        _ hand: TrialMatrixHand?,
        _ body: @escaping @Sendable (@escaping @Sendable (TrialEvent) -> Void) async throws -> Result
    ) async throws -> Result {
        let (events, input) = AsyncStream<TrialEvent>.makeStream()
        let last = Last()
        hand?.begin()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                defer {
                    hand?.over()
                    input.finish()
                }
                return try await body { event in
                    last.event.withLock { $0 = event }
                    hand?.told(event)
                    input.yield(event)
                }
            }
            group.addTask {
                for await event in events { try await hand?.act(on: event) }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: Self.limit)
                let told = last.event.withLock { $0.map { "\($0)" } ?? "nothing" }
                throw WaitedTooLong("the end of the trial; it told \(told) last")
            }
            defer { group.cancelAll() }
            var found: Result?
            for _ in 0..<2 {
                if let next = try await group.next(), let result = next { found = result }
            }
            return try #require(found)
        }
    }

    private final class Last: Sendable {
        let event = Mutex<TrialEvent?>(nil)
    }

    // MARK: - What there is

    var record: TrialRecord? { TrialRecord.read("\(data)/trials/\(Self.name)/trial.json") }
    var progress: TrialProgress? { try? TrialProgress.read("\(data)/trials/\(Self.name)") }
    func site(_ index: Int) -> String { "\(data)/trials/\(Self.name)/\(Self.sites[index])" }
    func door(_ index: Int) -> any SiteDoor { TrialDoors().door(of: site(index)) }
    var state: TrialFolder.State? { TrialShelf(data: data).list().first?.state }

    /// What is on the disk of its own of a site whose folder is gone, but the site's data, in words.
    func leftOnDisk() -> [String] {
        let files = FileManager.default.enumerator(atPath: disk)
        return (files?.allObjects as? [String] ?? []).filter { path in
            guard let kind = FileFacts("\(disk)/\(path)")?.kind, kind != .directory else { return false }
            return !path.hasPrefix("s/") || kind != .regular || path.hasPrefix("s/workers/")
                || path.hasPrefix("s/scratch/")
        }.map { "on the disk \($0)" }
    }

    /// Ends and removes everything.
    ///
    /// - Returns: whether a disk of its own could be taken away: nobody used it.
    @discardableResult
    func end() async -> Bool {
        _ = record?.processMark.end()
        var isUnused = true
        if FileManager.default.fileExists(atPath: disk) {
            // A site that was just killed on it may keep it busy for a moment.
            for _ in 0..<50 {
                let ended = try? await CommandOutcome.of(
                    [disk], data: "", program: "/usr/bin/umount", patience: .seconds(30))
                isUnused = ended?.status == 0
                if isUnused { break }
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        try? FileManager.default.removeItem(atPath: folder)
        return isUnused
    }
}

extension TrialEvent {
    /// As `--json` writes it; nil for the report.
    init?(_ json: JSONValue) {
        guard let phase = json["phase"]?.string.flatMap(TrialPhase.init(rawValue:)) else { return nil }
        switch json["event"]?.string {
        case "began": self = .began(phase)
        case "progress": self = .progress(phase, json["text"]?.string ?? "")
        case "ended": self = .ended(phase, seconds: json["seconds"]?.number ?? 0)
        default: return nil
        }
    }
}

/// Doors through which one job of a trial is submitted with the wish that somebody approve it.
private struct ApprovalDoors: SiteDoors {
    let job: String

    func door(of folder: String) -> any SiteDoor { Door(door: TrialDoors().door(of: folder), job: job) }

    private struct Door: SiteDoor {
        let door: any SiteDoor
        let job: String

        func get(_ path: [String], _ query: [(String, String)]) async throws -> JSONValue {
            try await door.get(path, query)
        }

        func post(_ path: [String], _ query: [(String, String)], _ body: JSONValue) async throws -> JSONValue {
            guard path == ["jobs", "submit"], body["metadata"]?["name"]?.string == job,
                var document = body.object, var spec = document["spec"]?.object
            else { return try await door.post(path, query, body) }
            spec["approval"] = true
            document["spec"] = .object(spec)
            return try await door.post(path, query, .object(document))
        }

        func upload(_ file: String, _ query: [(String, String)], as wanted: DatasetWish) async throws -> JSONValue {
            try await door.upload(file, query, as: wanted)
        }

        func export(_ dataset: String, _ query: [(String, String)], to file: String) async throws {
            try await door.export(dataset, query, to: file)
        }
    }
}
