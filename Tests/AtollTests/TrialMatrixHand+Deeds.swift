import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Trials
@testable import atoll

/// What the hand does, and whether it took effect.
extension TrialMatrixHand {
    /// Partners keep a job in the tenant of their partners.
    private static let partners = [("tenant", "partners"), ("project", TrialMatrixTrial.sites[0])]

    func kill(_ processes: [Int32]) {
        let found = processes.filter { $0 > 1 }.compactMap { ProcessStatus(of: $0) }.filter { !$0.hasEnded }
        for process in found { _ = Foundation.kill(process.id, SIGKILL) }
        state.withLock { $0.proof.killed += found }
    }

    /// Until those that were killed have ended, for some seconds. Blocks.
    func waitForDead() {
        let killed = state.withLock { $0.proof.killed }
        for _ in 0..<5_000 where killed.contains(where: { ProcessStatus(of: $0.id)?.hasEnded == false }) {
            usleep(1_000)
        }
    }

    /// Kills the victim's workers, of which there is at least one, and sees the job begin again.
    func killWorkers() async throws {
        let site = process(victim)
        guard try await waitForWorkers() else { return }
        done { kill(ProcessStatus.children(of: site)) }
        let name = try #require(cell.job)
        _ = try await wait {
            let job = try? await trial.door(0).get(["jobs", name], TrialMatrixTrial.scope)
            let epoch = job?["status"]?["epoch"]?.integer ?? 0
            state.withLock { $0.proof.epoch = max($0.proof.epoch, epoch) }
            return epoch >= 2
        }
    }

    /// Stops a site for 18 s, and longer where the other has not yet found out that it says nothing.
    func freeze() async throws {
        let site = process(victim)
        done { _ = Foundation.kill(site, SIGSTOP) }
        defer { _ = Foundation.kill(site, SIGCONT) }
        try await sleep(.seconds(18)) { try await seePause(at: 1 - victim) }
    }

    /// Writes until nothing more fits.
    func fill() {
        let file = open(trial.disk + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        for size in [1 << 16, 1 << 9, 1] {
            let block = [UInt8](repeating: 1, count: size)
            while write(file, block, size) > 0 {}
        }
        let isFull = errno == ENOSPC
        state.withLock { $0.proof.isFull = isFull }
    }

    func jump() async throws {
        try "+120s\n".write(toFile: trial.folder + "/clock", atomically: false, encoding: .utf8)
        // It has jumped when the site itself says so.
        guard try await wait({ isAhead(by: 100_000) }) else { return }
        done {}
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
    func revokeAndWait() {
        let other = TrialMatrixTrial.sites[1 - victim]
        command(["grant", "revoke", "to-\(other)", "--tenant", "trial", "--project", "trial"], at: victim)
    }

    /// Has another job take the only core that the victim may use, without the phase going on meanwhile.
    func takeCores() {
        let file = trial.folder + "/other.yaml"
        let document = """
            apiVersion: atoll.dev/v1alpha1
            kind: Job
            metadata: {name: other, tenant: trial, project: trial}
            spec:
              peers: [{peer: \(TrialMatrixTrial.sites[1])}]
              tasks:
                - name: verify
                  operator: verify
                  parameters: {rounds: 2, frames: 2, largestFrame: 65536, kernelSeconds: 3, diskMiB: 0}
              limits: {memory: 256, cores: 1, seconds: 60}
            """
        #expect(throws: Never.self) { try document.write(toFile: file, atomically: false, encoding: .utf8) }
        command(["job", "submit", "-f", file], at: 0)
    }

    /// Runs the program on a site, for at most a minute. Blocks.
    private func command(_ arguments: [String], at index: Int) {
        let process = try? Program.start(arguments, data: trial.site(index))
        let deadline = ContinuousClock.now + .seconds(60)
        while process?.isRunning == true, ContinuousClock.now < deadline { usleep(5_000) }
        if process?.isRunning == true { process.map { _ = Foundation.kill($0.processIdentifier, SIGKILL) } }
        process?.waitUntilExit()
        #expect(process?.terminationStatus == 0, "\(cell): atoll \(arguments.prefix(2))")
    }

    /// Refuses the approval that the job of the phase waits for: at the owner's site, or at its partner's.
    func refuse() async throws {
        let name = try #require(cell.job)
        let isThere = try await wait {
            let job = try? await trial.door(0).get(["jobs", name], TrialMatrixTrial.scope)
            return job?["status"]?["state"]?.string == "AwaitingApproval"
        }
        guard isThere else { return }
        state.withLock { $0.proof.isAsked = true }
        done {}
        if cell.victim == .guest {
            _ = try await trial.door(0).post(["jobs", name, "cancel"], TrialMatrixTrial.scope, [:])
            return
        }
        let mirrors = try await trial.door(1).get(["jobs"], Self.partners)["items"]?.array ?? []
        let mirror = mirrors.first { !["Succeeded", "Failed", "Cancelled"].contains($0["status"]?["state"]?.string) }
        let mirrored = try #require(mirror?["metadata"]?["name"]?.string, "\(mirrors)")
        _ = try await trial.door(1).post(["jobs", mirrored, "cancel"], Self.partners, [:])
    }

    /// Drops every packet of the link between the sites, and lets them pass again.
    func cut() async throws {
        guard let network, let port = trial.progress?.sites.first?.port else { return }
        try await network.cut(port)
        done {}
        switch cell.kind {
        case .linkLost: _ = try await wait { try await seePause(at: 0) }
        case .linkCut:
            try await sleep(.seconds(18)) {
                let isPaused = (try await seePause(at: 0), try await seePause(at: 1))
                return isPaused.0 && isPaused.1
            }
        default: try await sleep(.seconds(3)) { true }
        }
        try await see(network)
        if cell.kind != .linkLost { try await network.mend() }
    }

    /// Takes down what the cut has dropped so far.
    func see(_ network: TrialMatrixNetwork) async throws {
        let dropped = try await network.dropped
        state.withLock { $0.proof.dropped = max($0.proof.dropped, dropped) }
    }

    /// For so long, and as much longer as it takes to see what has to come, at most another half minute.
    private func sleep(_ time: Duration, until isSeen: () async throws -> Bool) async throws {
        let start = ContinuousClock.now
        var hasCome = false
        while ContinuousClock.now < start + time || !hasCome && ContinuousClock.now < start + time + .seconds(30) {
            if isOver { return }
            if !hasCome { hasCome = try await isSeen() }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Whether a site says that a job is paused.
    private func seePause(at index: Int) async throws -> Bool {
        let query = index == 0 ? TrialMatrixTrial.scope : Self.partners
        let jobs = (try? await trial.door(index).get(["jobs"], query))?["items"]?.array ?? []
        let isPaused = jobs.contains { $0["status"]?["state"]?.string == "Paused" }
        if isPaused { state.withLock { $0.proof.isPaused = true } }
        return isPaused
    }

    /// Somebody else's work on the same processors.
    func spin() throws {
        try help(ChildStart(program: "/bin/sh", arguments: ["-c", "while :; do :; done"], environment: [:]))
    }
}
