import Faults
import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Testing

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

    /// Whatever the seed chooses: the middle of the longest phase, and one without a job.
    @Test(.timeLimit(.minutes(20)), arguments: [TrialPhase.train, .upload])
    func aTrialGoesOnAfterItsDriverWasKilled(in phase: TrialPhase) async throws {
        let undisturbed = try TrialMatrixTrial(nil)
        let whole = try? await undisturbed.run()
        await undisturbed.end()
        let cell = TrialCell(kind: .driverKilled, victim: .driver, phase: phase, end: .left)
        try await Self.run(cell, model: try #require(whole?.digest), delay: .milliseconds(300))
    }

    @Test(.timeLimit(.minutes(60)))
    func everyFaultEndsAsStatedWithTheSameModelAndLeavesNothing() async throws {
        var generator = SeededGenerator.printed(for: "TrialMatrixTests")
        let cells = Self.chosen(&generator)
        print("TrialMatrixTests: \(cells.count) of \(TrialCell.cells.count) cells; ATOLL_TEST_LONG runs all")
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
        let model = try #require(whole.digest)
        let start = ContinuousClock.now
        // What leaves nothing cannot change what comes after it: here one of those that end so is run again.
        let repeated = cells.firstIndex { if case .rerun = $0.end { true } else { false } }
        for (index, cell) in cells.enumerated() {
            let delay = Duration.milliseconds(Int.random(in: 0..<100, using: &generator))
            let before = ContinuousClock.now
            do {
                try await Self.run(
                    cell, model: model, delay: delay, isRepeated: Self.isLong || index == repeated)
            } catch let skipped as Skipped {
                print("skipped: \(cell): \(skipped.why)")
                continue
            } catch {
                Issue.record("\(cell): \(error)")
            }
            let seconds = (ContinuousClock.now - before) / .seconds(1)
            print("cell \(index + 1) of \(cells.count), \(cell): \((seconds * 10).rounded() / 10) s")
        }
        print("TrialMatrixTests: all cells in \(ContinuousClock.now - start)")
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

    private struct Skipped: Error {
        let why: String
    }

    private static func run(
        _ cell: TrialCell, model: String, delay: Duration, isRepeated: Bool = true
    ) async throws {
        let trial = try TrialMatrixTrial(cell)
        do {
            let names = try await network(of: cell, trial)
            defer { names?.remove() }
            let hand = TrialMatrixHand(cell, trial, delay: delay, namespace: names?.site)
            try await prepare(cell, trial)
            try await end(
                cell, trial, hand, model: model,
                prefix: names.map { [Namespaces.program, "netns", "exec", $0.site] } ?? [], isRepeated: isRepeated)
            let left = hand.left()
            #expect(left.isEmpty, "\(cell): \(left)")
        } catch {
            await trial.end()
            throw error
        }
        await trial.end()
    }

    /// Brings the trial to its end as the cell says.
    private static func end(
        _ cell: TrialCell, _ trial: TrialMatrixTrial, _ hand: TrialMatrixHand, model: String, prefix: [String],
        isRepeated: Bool
    ) async throws {
        func isWhole(_ outcome: TrialMatrixTrial.Outcome, resumed: Int = 0) {
            #expect(outcome.fault == nil, "\(cell): \(outcome.fault.map { "\($0)" } ?? "")")
            #expect(outcome.digest == model, "\(cell)")
            #expect(outcome.resumed == resumed, "\(cell)")
        }
        func fails(_ outcome: TrialMatrixTrial.Outcome, _ entry: FaultEntry, _ because: FaultEntry?) {
            #expect(hand.isDone, "\(cell) was not met")
            #expect(
                outcome.fails(entry, because: because),
                "\(cell) ended with \(outcome.fault.map { "\($0)" } ?? "everything held")")
        }
        switch cell.end {
        case .same:
            isWhole(prefix.isEmpty ? try await trial.run(hand) : try await trial.command(prefix: prefix, hand))
            #expect(hand.isDone, "\(cell) was not met")
        case .left:
            let killed = try await trial.command(hand)
            // In its last phase a driver may be faster than the signal.
            if !killed.isKilled, cell.phase == .tearDown { return isWhole(killed) }
            #expect(killed.isKilled && trial.state == .left, "\(cell)")
            isWhole(try await trial.command(resumes: true, hand), resumed: 1)
        case .resumed(let entry, let because):
            let killed = try await trial.run(keeps: true, hand)
            fails(killed, entry, because)
            #expect(trial.state == .kept, "\(cell)")
            if cell.kind == .diskFull { #expect(killed.fault == Fault(TrialFaults.diskFull)) }
            try mend(cell, trial)
            isWhole(try await trial.run(resumes: true), resumed: 1)
        case .rerun(let entry, let because):
            fails(
                prefix.isEmpty ? try await trial.run(hand) : try await trial.command(prefix: prefix, hand), entry,
                because)
            let left = hand.left()
            #expect(left.isEmpty, "\(cell): \(left)")
            guard isRepeated else { return }
            let again = try TrialMatrixTrial(nil)
            do { isWhole(try await again.run()) } catch { Issue.record("\(cell), run again: \(error)") }
            await again.end()
        case .submitted(let entry):
            isWhole(try await trial.run(keeps: true, hand))
            try await approval(cell, trial, entry)
            try TrialShelf(data: trial.data).clean(TrialMatrixTrial.name)
        }
    }

    // MARK: - Preparing

    private static func prepare(_ cell: TrialCell, _ trial: TrialMatrixTrial) async throws {
        let site = TrialMatrixTrial.sites[cell.victim == .host ? 1 : 0]
        switch cell.kind {
        case .limitTooLow: try trial.prepare(site, "export ATOLL_JOBS_MEMORY=128")
        case .clockWrong, .clockJumps:
            guard let library = ClockSkewTests.library else { throw Skipped(why: "no libfaketime (package faketime)") }
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
            let mounted = try await CommandOutcome.of(
                ["-t", "tmpfs", "-o", "size=64m", "atoll-test", trial.disk], data: "", program: "/usr/bin/mount")
            guard mounted.status == 0 else { throw Skipped(why: "no disk can be mounted: \(mounted.error)") }
            try trial.prepare(
                site,
                "mkdir -p -m 700 '\(trial.disk)/s'; ln -sfn '\(trial.disk)/s' \"$3\"; shift 3; set -- serve --data '\(trial.disk)/s' \"$@\""
            )
        default: break
        }
    }

    /// A network of the trial's own, where its link is cut.
    private static func network(of cell: TrialCell, _ trial: TrialMatrixTrial) async throws -> Namespaces? {
        guard cell.victim == .link else { return nil }
        guard try await Namespaces.arePermitted(), Platform.isExecutableFile("/usr/sbin/nft") else {
            throw Skipped(why: "network namespaces need root, iproute2 and nftables")
        }
        return try await Namespaces()
    }

    /// Takes the fault away.
    private static func mend(_ cell: TrialCell, _ trial: TrialMatrixTrial) throws {
        if cell.kind == .diskFull { try FileManager.default.removeItem(atPath: trial.disk + "/filler") }
    }

    // MARK: - Approval

    /// Submits the training once more with an approval that is refused, and then without.
    private static func approval(_ cell: TrialCell, _ trial: TrialMatrixTrial, _ entry: FaultEntry) async throws {
        let scope = TrialMatrixTrial.scope
        let trained = try await trial.door(0).get(["jobs", "train"], scope)
        var spec = trained["spec"]?.object ?? [:]
        (spec["wanted"], spec["attempt"]) = (nil, nil)
        func submit(_ name: String, approval: Bool) async throws {
            spec["approval"] = .bool(approval)
            let document: JSONValue = [
                "apiVersion": "atoll.dev/v1alpha1", "kind": "Job",
                "metadata": ["name": .string(name), "tenant": "trial", "project": "trial"], "spec": .object(spec),
            ]
            _ = try await trial.door(0).post(["jobs", "submit"], scope, document)
        }
        func wait(_ name: String, _ states: Set<String>) async throws -> JSONValue {
            let deadline = ContinuousClock.now + .seconds(120)
            while true {
                let job = try await trial.door(0).get(["jobs", name], scope)
                if states.contains(job["status"]?["state"]?.string ?? "") { return job }
                guard ContinuousClock.now < deadline else { throw WaitedTooLong("\(name) is \(job)") }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        let final: Set = ["Succeeded", "Failed", "Cancelled"]
        try await submit("asked", approval: true)
        _ = try await wait("asked", final.union(["AwaitingApproval"]))
        if cell.victim == .guest {
            _ = try await trial.door(0).post(["jobs", "asked", "cancel"], scope, [:])
        } else {
            let partners = [("tenant", "partners"), ("project", "bank")]
            let mirrors = try await trial.door(1).get(["jobs"], partners)["items"]?.array ?? []
            let mirror = mirrors.first {
                $0["status"]?["state"]?.string == "Proposed" || $0["metadata"]?["name"]?.string == "asked"
            }
            let name = try #require(mirror?["metadata"]?["name"]?.string, "\(mirrors)")
            _ = try await trial.door(1).post(["jobs", name, "cancel"], partners, [:])
        }
        let refused = try await wait("asked", final)
        #expect(refused["status"]?["state"]?.string != "Succeeded", "\(cell)")
        #expect(refused["status"]?["reason"]?["number"]?.string == "\(entry.number)", "\(cell): \(refused)")
        try await submit("again", approval: false)
        let again = try await wait("again", final)
        #expect(
            again["status"]?["tasks"]?.array?.first?["digests"]
                == trained["status"]?["tasks"]?.array?.first?["digests"],
            "\(cell): \(again)")
    }
}
