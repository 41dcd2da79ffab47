import Faults
import Foundation
import Jobs
import Resources
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

    /// - Parameter data: an earlier trial's folder, where it is run again.
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

    /// Runs or resumes it in this process.
    func run(keeps: Bool = false, resumes: Bool = false, _ hand: TrialMatrixHand? = nil) async throws -> Outcome {
        let (events, input) = AsyncStream<TrialEvent>.makeStream()
        let tell: @Sendable (TrialEvent) -> Void = { event in
            hand?.told(event)
            input.yield(event)
        }
        var driver =
            resumes
            ? try TrialDriver(
                resuming: Self.name, data: data, program: program, doors: TrialDoors(), keeps: keeps, tell: tell)
            : TrialDriver(
                try await Trial.read(try FileInput.read(file), file: file), data: data, program: program,
                doors: TrialDoors(), keeps: keeps, tell: tell)
        if cell?.kind == .clockWrong { driver.patience = .seconds(8) }
        return try await withThrowingTaskGroup(of: TrialReport?.self) { group in
            group.addTask { [driver] in
                defer {
                    hand?.over()
                    input.finish()
                }
                return try await driver.run()
            }
            group.addTask {
                for await event in events { try await hand?.act(on: event) }
                return nil
            }
            var found: TrialReport?
            for try await report in group { found = report ?? found }
            let report = try #require(found)
            return Outcome(
                fault: report.failure, digest: report.learning?.digests.federated, resumed: report.resumed)
        }
    }

    /// Runs or resumes it by the program.
    ///
    /// - Parameter prefix: what the program is started with, such as a namespace.
    func command(resumes: Bool = false, prefix: [String] = [], _ hand: TrialMatrixHand? = nil) async throws -> Outcome {
        let (report, output) = (folder + "/report", folder + "/out")
        try Data().write(to: URL(filePath: output))
        let process = try Program.start(
            (resumes ? ["trial", "resume", Self.name] : ["trial", "run", file]) + ["--json", "--report", report],
            data: data, prefix: prefix, output: FileHandle(forWritingTo: URL(filePath: output)))
        hand?.driver = process.processIdentifier
        let deadline = ContinuousClock.now + .seconds(300)
        var seen = 0
        while true {
            let isOver = !process.isRunning
            let lines = try String(contentsOfFile: output, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false
            ).dropLast()
            for line in lines.dropFirst(seen) {
                if let event = TrialEvent(try JSONParser.parse(String(line))) { try await hand?.act(on: event) }
            }
            seen = lines.count
            if isOver { break }
            if ContinuousClock.now > deadline { kill(process.processIdentifier, SIGKILL) }
            try await Task.sleep(for: .milliseconds(5))
        }
        hand?.over()
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { return Outcome(isKilled: true) }
        let last = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").last ?? ""
        let failure = try JSONParser.parse(String(last))["report"]?["failure"]
        #expect((failure == nil) == (process.terminationStatus == 0))
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

    // MARK: - What there is

    var record: TrialRecord? { TrialRecord.read("\(data)/trials/\(Self.name)/trial.json") }
    var progress: TrialProgress? { try? TrialProgress.read("\(data)/trials/\(Self.name)") }
    func site(_ index: Int) -> String { "\(data)/trials/\(Self.name)/\(Self.sites[index])" }
    func door(_ index: Int) -> any SiteDoor { TrialDoors().door(of: site(index)) }
    var state: TrialFolder.State? { TrialShelf(data: data).list().first?.state }

    /// Ends and removes everything.
    func end() async {
        _ = record?.processMark.end()
        // A disk that a site was just killed on may be busy for a moment.
        if FileManager.default.fileExists(atPath: disk) {
            _ = try? await CommandOutcome.of([disk], data: "", program: "/usr/bin/umount")
        }
        try? FileManager.default.removeItem(atPath: folder)
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
