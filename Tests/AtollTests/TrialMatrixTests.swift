import Faults
import Foundation
import Resources
import ResourcesTestKit
import Testing

@testable import Jobs
@testable import Trials
@testable import atoll

/// The fault matrix: whatever is done to a trial, it ends in the stated state with the stated number, has the same model
/// when it is resumed or run again, and leaves nothing.
@Suite(.serialized) struct TrialMatrixTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isLong = environment["ATOLL_TEST_LONG"] != nil

    /// Cells in the ordinary run, by the printed seed; ATOLL_TEST_LONG runs all, and ATOLL_TEST_CELLS those whose name
    /// contains it.
    private static let count = 24

    @Test func theTableOfTheDocumentationIsThatOfTheTest() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/trials.md"), encoding: .utf8)
        for row in TrialCell.table { #expect(text.contains(row.markdown + "\n"), "\(row.markdown)") }
        #expect(text.contains("\(TrialCell.cells.count) cells"))
        #expect(Set(TrialCell.cells.map(\.description)).count == TrialCell.cells.count)
    }

    /// A cell of which nothing was seen has proven nothing, and what was seen in another phase neither.
    @Test func whatWasNotSeenIsNotProven() {
        let fromTheStart: Set<TrialCell.Kind> = [.clockWrong, .limitTooLow, .overCapacity]
        for cell in TrialCell.cells where !fromTheStart.contains(cell.kind) {
            #expect(!TrialMatrixProof().missing(of: cell).isEmpty, "\(cell)")
            var proof = TrialMatrixProof()
            (proof.phases, proof.epoch, proof.dropped, proof.ticks) = ([cell.phase, cell.phase], 2, 1, 100)
            (proof.isPaused, proof.isWaiting, proof.isAsked, proof.isFull) = (true, true, true, true)
            let kills = [.siteKilled, .workerKilled, .driverKilled].contains(cell.kind)
            // This process was not killed.
            if kills, let own = ProcessStatus(of: getpid()) { proof.killed = [own] }
            #expect(proof.missing(of: cell).count == (kills ? 1 : 0), "\(cell)")
            proof.phases[1] = nil
            #expect(proof.missing(of: cell).count == (kills ? 2 : 1), "\(cell)")
        }
    }

    /// Of the trial to which nothing is done; run once.
    private static let model = Task {
        let undisturbed = try TrialMatrixTrial(nil)
        let whole: TrialMatrixTrial.Outcome
        do {
            whole = try await undisturbed.run()
        } catch {
            await undisturbed.end()
            throw error
        }
        await undisturbed.end()
        #expect(whole.fault == nil, "\(whole.fault.map { "\($0)" } ?? "")")
        return try #require(whole.digest)
    }

    /// Whatever the seed chooses: the middle of the longest phase, and one without a job.
    @Test(.timeLimit(.minutes(20)), arguments: [TrialPhase.train, .upload])
    func aTrialGoesOnAfterItsDriverWasKilled(in phase: TrialPhase) async throws {
        let cell = TrialCell(kind: .driverKilled, victim: .driver, phase: phase, end: .left)
        try await Self.run(cell, model: try await Self.model.value, delay: .milliseconds(phase == .train ? 300 : 30))
    }

    @Test(.timeLimit(.minutes(60)))
    func everyFaultEndsAsStatedWithTheSameModelAndLeavesNothing() async throws {
        var generator = SeededGenerator.printed(for: "TrialMatrixTests")
        let cells = Self.chosen(&generator)
        print("TrialMatrixTests: \(cells.count) of \(TrialCell.cells.count) cells; ATOLL_TEST_LONG runs all")
        let model = try await Self.model.value
        let start = ContinuousClock.now
        var skipped: [TrialMatrixSkip: [TrialCell]] = [:]
        for (index, cell) in cells.enumerated() {
            let delay = Duration.milliseconds(Int.random(in: 0..<100, using: &generator))
            let before = ContinuousClock.now
            do {
                try await Self.run(cell, model: model, delay: delay)
            } catch let skip as TrialMatrixSkip {
                skipped[skip, default: []].append(cell)
                continue
            } catch {
                Issue.record("\(cell): \(error)")
            }
            let seconds = (ContinuousClock.now - before) / .seconds(1)
            print("cell \(index + 1) of \(cells.count), \(cell): \((seconds * 10).rounded() / 10) s")
        }
        let missed = skipped.values.map(\.count).reduce(0, +)
        print(
            "TrialMatrixTests: \(cells.count - missed) cells in \(ContinuousClock.now - start), \(missed) skipped")
        for (skip, cells) in skipped { print("skipped: \(skip.rawValue): \(cells)") }
        #expect(missed < cells.count, "every cell was skipped")
    }

    private static func chosen(_ generator: inout SeededGenerator) -> [TrialCell] {
        if let name = environment["ATOLL_TEST_CELLS"] {
            return TrialCell.cells.filter { $0.description.contains(name) }
        }
        let all = TrialCell.cells.shuffled(using: &generator)
        guard !isLong else { return all }
        // One of those that take most of a minute is enough here.
        return (all.filter { !$0.isSlow }.prefix(count - 1) + all.filter(\.isSlow).prefix(1)).shuffled(
            using: &generator)
    }

    private static func run(_ cell: TrialCell, model: String, delay: Duration) async throws {
        for attempt in 1...3 {
            do {
                return try await once(cell, model: model, delay: delay)
            } catch is TooLate where attempt < 3 {
                print("\(cell): the driver was faster than the signal; again")
            }
        }
    }

    /// The driver came to its end before it was killed in its last phase.
    private struct TooLate: Error {}

    private static func once(_ cell: TrialCell, model: String, delay: Duration) async throws {
        let trial = try TrialMatrixTrial(cell)
        var network: TrialMatrixNetwork?
        do {
            network = cell.victim == .link ? try await TrialMatrixNetwork(trial.folder) : nil
            let hand = TrialMatrixHand(cell, trial, delay: delay, network: network)
            try await prepare(cell, trial)
            try await end(cell, trial, hand, model: model, prefix: network?.prefix ?? [])
            #expect(hand.missing.isEmpty, "\(cell) was not met: \(hand.missing)")
            let left = try await hand.left()
            #expect(left.isEmpty, "\(cell): \(left)")
        } catch {
            network?.remove()
            await trial.end()
            throw error
        }
        network?.remove()
        let isUnused = await trial.end()
        #expect(isUnused, "\(cell): the disk is in use")
    }

    /// Brings the trial to its end as the cell says.
    private static func end(
        _ cell: TrialCell, _ trial: TrialMatrixTrial, _ hand: TrialMatrixHand, model: String, prefix: [String]
    ) async throws {
        func isWhole(_ outcome: TrialMatrixTrial.Outcome, resumed: Int = 0) throws {
            #expect(outcome.fault == nil, "\(cell): \(outcome.fault.map { "\($0)" } ?? "")")
            #expect(try #require(outcome.digest, "\(cell) has no model") == model, "\(cell)")
            #expect(outcome.resumed == resumed, "\(cell)")
        }
        func fails(_ outcome: TrialMatrixTrial.Outcome, _ entry: FaultEntry, _ because: FaultEntry?) {
            #expect(
                outcome.fails(entry, because: because),
                "\(cell) ended with \(outcome.fault.map { "\($0)" } ?? "everything held")")
        }
        /// Where it stands is where it was disturbed.
        func stands(_ state: TrialFolder.State) {
            let folder = TrialShelf(data: trial.data).list().first
            #expect(folder?.state == state && folder?.phase == cell.phase, "\(cell): \(folder?.phase?.rawValue ?? "")")
        }
        func run() async throws -> TrialMatrixTrial.Outcome {
            prefix.isEmpty ? try await trial.run(hand) : try await trial.command(prefix: prefix, hand)
        }
        switch cell.end {
        case .same: try isWhole(try await run())
        case .left:
            let killed = try await trial.command(hand)
            if !killed.isKilled, cell.phase == .tearDown { throw TooLate() }
            #expect(killed.isKilled, "\(cell)")
            stands(.left)
            try isWhole(try await trial.command(resumes: true, hand), resumed: 1)
        case .resumed(let entry, let because):
            let ended = try await trial.run(keeps: true, hand)
            fails(ended, entry, because)
            stands(.kept)
            if cell.kind == .diskFull { try FileManager.default.removeItem(atPath: trial.disk + "/filler") }
            try isWhole(try await trial.run(resumes: true, hand), resumed: 1)
        case .rerun(let entry, let because):
            fails(try await run(), entry, because)
            if let network = hand.network {
                try await hand.see(network)
                try await network.mend()
            }
            let left = try await hand.left()
            #expect(left.isEmpty, "\(cell): \(left)")
            // What it left would be in the way here.
            try trial.mend()
            try isWhole(try await run())
        }
    }

    // MARK: - Preparing

    private static func prepare(_ cell: TrialCell, _ trial: TrialMatrixTrial) async throws {
        let site = TrialMatrixTrial.sites[cell.victim == .host ? 1 : 0]
        switch cell.kind {
        case .limitTooLow: try trial.prepare(site, "export ATOLL_JOBS_MEMORY=128")
        case .overloaded:
            guard Platform.isExecutableFile("/usr/bin/taskset") else { throw TrialMatrixSkip.taskset }
            let core = try #require(CoreAllotment.current().allowed.first)
            try trial.prepare(site, "before=\"/usr/bin/taskset -c \(core)\"")
        case .clockWrong, .clockJumps:
            guard let library = ClockSkewTests.library else { throw TrialMatrixSkip.faketime }
            let clock = trial.folder + "/clock"
            try (cell.kind == .clockWrong ? "+120s\n" : "+0s\n").write(
                toFile: clock, atomically: false, encoding: .utf8)
            // The program itself must not be the first of its environment to load the library.
            try trial.prepare(
                site,
                "before=\"/usr/bin/env LD_PRELOAD=\(library) FAKETIME_TIMESTAMP_FILE=\(clock) FAKETIME_NO_CACHE=1 "
                    + "FAKETIME_DONT_FAKE_MONOTONIC=1 /usr/bin/env\"")
        case .diskFull:
            // The site's folder in the trial's is a link to a disk of its own.
            try FileManager.default.createDirectory(atPath: trial.disk, withIntermediateDirectories: true)
            let mounted = try await mount("size=64m", at: trial.disk)
            guard mounted.status == 0 else {
                guard try await mayMount() else { throw TrialMatrixSkip.mounts }
                throw MountFailed(why: mounted.error)
            }
            try trial.prepare(
                site,
                "mkdir -p -m 700 '\(trial.disk)/s'; ln -sfn '\(trial.disk)/s' \"$3\"; shift 3; set -- serve --data '\(trial.disk)/s' \"$@\""
            )
        default: break
        }
    }

    private struct MountFailed: Error {
        let why: String
    }

    private static func mount(_ options: String, at folder: String) async throws -> CommandOutcome {
        try await CommandOutcome.of(
            ["-t", "tmpfs", "-o", options, "atoll-test", folder], data: "", program: "/usr/bin/mount",
            patience: .seconds(30))
    }

    /// Whether anything can be mounted at all.
    private static func mayMount() async throws -> Bool {
        let folder = ClientFolder()
        guard try await mount("size=64k", at: folder.path).status == 0 else { return false }
        return try await CommandOutcome.of([folder.path], data: "", program: "/usr/bin/umount").status == 0
    }
}
