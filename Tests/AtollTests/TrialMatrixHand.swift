import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Trials
@testable import atoll

/// Does to a trial what its cell says, once, when the trial is where the cell says; and notes what must not be left of it.
final class TrialMatrixHand: Sendable {
    private struct State {
        var driver: Int32 = 0
        var isDone = false
        var isOver = false
        var marks: Set<ProcessMark> = []
        var ports: Set<Int> = []
        var groups: Set<String> = []
        var helpers: [Int32] = []
    }

    let cell: TrialCell
    private let trial: TrialMatrixTrial
    /// Between the first moment at which it can be done and the deed.
    private let delay: Duration
    private let namespace: String?
    private let state = Mutex(State())

    /// - Parameter namespace: of the network in which the trial runs, where its link is cut.
    init(_ cell: TrialCell, _ trial: TrialMatrixTrial, delay: Duration, namespace: String? = nil) {
        (self.cell, self.trial, self.delay, self.namespace) = (cell, trial, delay, namespace)
    }

    /// The process that drives the trial, where it is one of its own.
    var driver: Int32 {
        get { state.withLock { $0.driver } }
        set { state.withLock { $0.driver = newValue } }
    }

    var isDone: Bool { state.withLock { $0.isDone } }

    /// The trial has ended: what waits for something of it gives up, and what was made for it goes.
    func over() {
        let helpers = state.withLock { state in
            state.isOver = true
            defer { state.helpers = [] }
            return state.helpers
        }
        for helper in helpers {
            kill(helper, SIGKILL)
            waitpid(helper, nil, 0)
        }
    }

    private var victim: Int { cell.victim == .host ? 1 : 0 }

    // MARK: - When

    /// In the driver's own step, so that the phase does not go on meanwhile.
    func told(_ event: TrialEvent) {
        note()
        guard event.isStart(of: cell.phase), !isDone else { return }
        switch cell.kind {
        case .siteKilled where !cell.phase.hasJob: done { self.kill(self.process(victim), SIGKILL) }
        case .diskFull where !cell.phase.hasJob: done { self.fill() }
        case .grantMissing: done { self.revokeAndWait() }
        default: break
        }
    }

    /// Beside the driver.
    func act(on event: TrialEvent) async throws {
        note()
        guard event.isStart(of: cell.phase), !isDone else { return }
        switch cell.kind {
        case .siteKilled, .workerKilled:
            guard cell.phase.hasJob, try await waitForWorkers() else { return }
            let targets = cell.kind == .siteKilled ? [process(victim)] : Self.children(of: process(victim))
            done { for target in targets { self.kill(target, SIGKILL) } }
        case .driverKilled:
            if cell.phase != .tearDown { try await Task.sleep(for: delay) }
            done { self.kill(driver, SIGKILL) }
        case .linkInterrupted, .linkCut, .linkLost: try await cut()
        case .siteFrozen:
            guard try await waitForWorkers() else { return }
            done { self.kill(process(victim), SIGSTOP) }
            try await Task.sleep(for: .seconds(18))
            self.kill(process(victim), SIGCONT)
        case .diskFull:
            guard cell.phase.hasJob, try await waitForWorkers() else { return }
            done { self.fill() }
        case .clockJumps:
            guard try await waitForWorkers() else { return }
            try "+120s\n".write(toFile: trial.folder + "/clock", atomically: false, encoding: .utf8)
            // It has jumped when the site itself says so.
            while !isAhead(by: 100_000) {
                if state.withLock({ $0.isOver }) { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            done {}
        case .grantRevoked:
            guard try await waitForWorkers() else { return }
            try await revoke()
        case .grantMissing: break
        case .busy:
            for _ in 0..<4 { try spin() }
            done {}
        case .clockWrong, .limitTooLow, .overCapacity, .approvalRefused: done {}
        }
    }

    private func done(_ deed: () -> Void) {
        note()
        state.withLock { $0.isDone = true }
        deed()
    }

    /// Until the victim has a worker.
    ///
    /// - Returns: false when the trial has ended before.
    private func waitForWorkers() async throws -> Bool {
        while Self.children(of: process(victim)).isEmpty {
            if state.withLock({ $0.isOver }) { return false }
            try await Task.sleep(for: .milliseconds(2))
        }
        try await Task.sleep(for: delay)
        return true
    }

    // MARK: - What

    private func kill(_ process: Int32, _ signal: Int32) {
        if process > 1 { _ = Foundation.kill(process, signal) }
    }

    /// The process of a site; 0 while it is not known.
    private func process(_ index: Int) -> Int32 {
        trial.progress?.sites.first { $0.name == TrialMatrixTrial.sites[index] }?.process ?? 0
    }

    private static func children(of process: Int32) -> [Int32] {
        guard process > 1 else { return [] }
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return tasks.flatMap { task -> [Int32] in
            let text = (try? String(contentsOfFile: "/proc/\(process)/task/\(task)/children", encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Writes until nothing more fits.
    private func fill() {
        let file = open(trial.disk + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        for size in [1 << 16, 1 << 9, 1] {
            let block = [UInt8](repeating: 1, count: size)
            while write(file, block, size) > 0 {}
        }
    }

    /// Whether the newest line of the victim's log is so many milliseconds ahead of this process's clock.
    private func isAhead(by milliseconds: Int64) -> Bool {
        let text = (try? String(contentsOfFile: trial.site(victim) + ".log", encoding: .utf8)) ?? ""
        let last = text.split(separator: "\n").last.flatMap { try? JSONParser.parse(String($0)) }
        guard let time = last?["time"]?.string.flatMap({ Timestamp($0) }) else { return false }
        return time.milliseconds - Timestamp.now.milliseconds >= milliseconds
    }

    /// Takes back what the victim has granted to the other.
    func revoke() async throws {
        let other = TrialMatrixTrial.sites[1 - victim]
        done {}
        _ = try await trial.door(victim).post(["grants", "to-\(other)", "revoke"], TrialMatrixTrial.scope, [:])
    }

    /// The same by the program, without the phase going on meanwhile.
    private func revokeAndWait() {
        let other = TrialMatrixTrial.sites[1 - victim]
        let process = try? Program.start(
            ["grant", "revoke", "to-\(other)", "--tenant", "trial", "--project", "trial"], data: trial.site(victim))
        process?.waitUntilExit()
        #expect(process?.terminationStatus == 0)
    }

    /// Drops every packet of the link between the sites, and lets them pass again.
    private func cut() async throws {
        guard try await waitForWorkers(), let namespace, let port = state.withLock({ $0.ports.first }) else { return }
        let rules = trial.folder + "/cut.nft"
        try """
        table inet cut {
            chain in {
                type filter hook input priority 0;
                tcp dport \(port) drop
                tcp sport \(port) drop
            }
        }
        """.write(toFile: rules, atomically: false, encoding: .utf8)
        let nft = ["netns", "exec", namespace, "/usr/sbin/nft"]
        let isCut = try await CommandOutcome.of(nft + ["-f", rules], data: "", program: Namespaces.program)
        #expect(isCut.status == 0, "\(isCut.error)")
        done {}
        if cell.kind == .linkLost { return }
        try await Task.sleep(for: .seconds(cell.kind == .linkCut ? 18 : 3))
        _ = try await CommandOutcome.of(nft + ["flush", "ruleset"], data: "", program: Namespaces.program)
    }

    /// Somebody else's work on the same processors.
    private func spin() throws {
        let start = ChildStart(program: "/bin/sh", arguments: ["-c", "while :; do :; done"], environment: [:])
        let (process, failure) = start.start()
        try #require(failure == 0)
        state.withLock { $0.helpers.append(process) }
    }

    // MARK: - What must not be left

    private func note() {
        let mark = trial.record?.processMark
        let ports = (trial.progress?.sites ?? []).compactMap(\.port)
        let groups = [0, 1].flatMap { index -> [String] in
            let workers = trial.site(index) + "/workers"
            return ((try? FileManager.default.contentsOfDirectory(atPath: workers)) ?? []).flatMap { file -> [String] in
                let text = (try? String(contentsOfFile: "\(workers)/\(file)", encoding: .utf8)) ?? ""
                return ((try? JSONParser.parse(text))?["groups"]?.array ?? []).compactMap(\.string)
            }
        }
        state.withLock { state in
            if let mark { state.marks.insert(mark) }
            state.ports.formUnion(ports)
            state.groups.formUnion(groups)
        }
    }

    /// Everything of the trial that is still there, in words.
    func left() -> [String] {
        let (marks, ports, groups) = state.withLock { ($0.marks, $0.ports, $0.groups) }
        var left = marks.flatMap { $0.processes() }.map { "process \($0)" }
        if marks.isEmpty { left.append("no trial was seen") }
        if FileManager.default.fileExists(atPath: trial.data) { left.append("folder \(trial.data)") }
        left += groups.filter { FileManager.default.fileExists(atPath: $0) }.map { "control group \($0)" }
        let sockets = (try? String(contentsOfFile: "/proc/net/unix", encoding: .utf8)) ?? ""
        for line in sockets.split(separator: "\n") where line.contains(trial.folder) { left.append("socket \(line)") }
        let listeners = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
        for line in listeners.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 3, fields[3] == "0A", let digits = fields[1].split(separator: ":").last,
                let port = Int(digits, radix: 16), ports.contains(port)
            else { continue }
            left.append("port \(port)")
        }
        return left
    }
}

extension TrialPhase {
    fileprivate var hasJob: Bool { [.measure, .align, .train, .evaluate].contains(self) }
}

extension TrialEvent {
    /// The moment in a phase from which on a fault can hit it.
    fileprivate func isStart(of phase: TrialPhase) -> Bool {
        // Before that there is no site.
        if phase == .deploy, case .progress(.deploy, _) = self { return true }
        if phase != .deploy, case .began(phase) = self { return true }
        return false
    }
}
