import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Synchronization
import Testing

@testable import Trials
@testable import atoll

/// Does to a trial what its cell says, once, when the trial is where the cell says; sees whether it took effect, and notes
/// what must not be left of the trial.
final class TrialMatrixHand: Sendable {
    struct State {
        var driver: Int32 = 0
        /// The phase that is under way.
        var phase: TrialPhase?
        var isDone = false
        var isOver = false
        var proof = TrialMatrixProof()
        var helpers: [Int32] = []
        var remains = TrialMatrixRemains()
    }

    let cell: TrialCell
    let trial: TrialMatrixTrial
    /// Between the first moment at which it can be done and the deed.
    private let delay: Duration
    let network: TrialMatrixNetwork?
    let state = Mutex(State())

    /// - Parameter network: in which the trial runs, where its link is cut.
    init(_ cell: TrialCell, _ trial: TrialMatrixTrial, delay: Duration, network: TrialMatrixNetwork? = nil) {
        (self.cell, self.trial, self.delay, self.network) = (cell, trial, delay, network)
    }

    /// The process that drives the trial, where it is one of its own.
    var driver: Int32 {
        get { state.withLock { $0.driver } }
        set { state.withLock { $0.driver = newValue } }
    }

    var isDone: Bool { state.withLock { $0.isDone } }
    var isOver: Bool { state.withLock { $0.isOver } }

    /// What should have been seen of the fault and was not.
    var missing: [String] {
        isDone ? state.withLock { $0.proof }.missing(of: cell) : ["it was not done"]
    }

    /// The trial begins, or goes on.
    func begin() {
        state.withLock { ($0.isOver, $0.phase) = (false, nil) }
    }

    /// The trial has ended: what waits for something of it gives up, and what was made for it goes.
    func over() {
        let helpers = state.withLock { state in
            state.isOver = true
            defer { state.helpers = [] }
            return state.helpers
        }
        for helper in helpers {
            let ticks = ProcessStatus(of: helper)?.ticks ?? 0
            state.withLock { $0.proof.ticks += ticks }
            _ = Foundation.kill(helper, SIGKILL)
            waitpid(helper, nil, 0)
        }
    }

    /// One that ends with the trial; none is started for a trial that has ended.
    func help(_ start: ChildStart) throws {
        let failure = state.withLock { state -> Int32 in
            if state.isOver { return 0 }
            let (process, failure) = start.start()
            if failure == 0 { state.helpers.append(process) }
            return failure
        }
        try #require(failure == 0)
    }

    var victim: Int { cell.victim == .host ? 1 : 0 }

    // MARK: - When

    /// In the driver's own step where it is in this process, so that the phase does not go on meanwhile.
    func told(_ event: TrialEvent) {
        switch event {
        case .began(let phase): state.withLock { $0.phase = phase }
        case .ended: state.withLock { $0.phase = nil }
        case .progress: break
        }
        note()
        guard isMoment(event) else { return }
        switch cell.kind {
        case .siteKilled where cell.job == nil:
            done { kill([process(victim)]) }
            waitForDead()
        case .diskFull where cell.job == nil: done { fill() }
        case .grantMissing: done { revokeAndWait() }
        case .overloaded: done { takeCores() }
        default: break
        }
    }

    /// Beside the driver.
    func act(on event: TrialEvent) async throws {
        note()
        if cell.kind == .overloaded { state.withLock { $0.proof.isWaiting = $0.proof.isWaiting || waits(event) } }
        guard isMoment(event) else { return }
        switch cell.kind {
        case .siteKilled:
            guard cell.job != nil, try await waitForWorkers() else { return }
            done { kill([process(victim)]) }
        case .workerKilled: try await killWorkers()
        case .driverKilled:
            if cell.phase == .deploy {
                // Before that nothing of it is there.
                guard try await wait({ [trial] in trial.progress?.sites.isEmpty == false }) else { return }
            } else if cell.phase != .tearDown {
                // Only a training is sure to last longer than that.
                try await Task.sleep(for: cell.phase == .train ? delay : delay / 4)
            }
            done { kill([driver]) }
        case .linkInterrupted, .linkCut, .linkLost:
            if cell.job != nil { guard try await waitForWorkers() else { return } }
            try await cut()
        case .siteFrozen:
            guard try await waitForWorkers() else { return }
            try await freeze()
        case .diskFull:
            guard cell.job != nil, try await waitForWorkers() else { return }
            done { fill() }
        case .clockJumps:
            guard try await waitForWorkers() else { return }
            try await jump()
        case .grantRevoked:
            guard try await waitForWorkers() else { return }
            try await revoke()
        case .approvalRefused: try await refuse()
        case .busy:
            done {}
            for _ in 0..<4 { try spin() }
        case .clockWrong, .limitTooLow, .overCapacity: done {}
        case .grantMissing, .overloaded: break
        }
    }

    /// Whether it is the first moment of the cell's phase at which its fault can hit.
    private func isMoment(_ event: TrialEvent) -> Bool {
        guard !isDone else { return false }
        // Before a phase of sites has told something there is none; a driver is there from the start.
        if cell.phase == .deploy, cell.kind != .driverKilled, case .progress(.deploy, _) = event { return true }
        if cell.phase != .deploy || cell.kind == .driverKilled, case .began(cell.phase) = event { return true }
        return false
    }

    private func waits(_ event: TrialEvent) -> Bool {
        if case .progress(cell.phase, let text) = event { text.contains("waits for capacity") } else { false }
    }

    /// The deed, with the phase before and after it.
    func done(_ deed: () -> Void) {
        note()
        state.withLock { state in
            state.isDone = true
            state.proof.phases.append(state.phase)
        }
        deed()
        state.withLock { $0.proof.phases.append($0.phase) }
    }

    /// Until the victim has a worker, and for the delay.
    ///
    /// - Returns: false when the phase has ended before.
    func waitForWorkers() async throws -> Bool {
        let site = process(victim)
        guard try await wait({ !ProcessStatus.children(of: site).isEmpty }) else { return false }
        // Other workers may have ended by then.
        try await Task.sleep(for: cell.phase == .train ? delay : delay / 20)
        return true
    }

    /// - Returns: false when the phase of the cell has ended before.
    func wait(_ condition: () async throws -> Bool) async throws -> Bool {
        while try await !condition() {
            if state.withLock({ $0.isOver || $0.phase != cell.phase }) { return false }
            try await Task.sleep(for: .milliseconds(2))
        }
        return true
    }

    /// The process of a site; 0 while it is not known.
    func process(_ index: Int) -> Int32 {
        trial.progress?.sites.first { $0.name == TrialMatrixTrial.sites[index] }?.process ?? 0
    }
}
