import Jobs

@testable import Trials

/// What was seen of a fault. A cell whose fault did not happen, or not in its phase, proves nothing and fails.
struct TrialMatrixProof: Sendable {
    /// The phase that was under way just before and just after it was done.
    var phases: [TrialPhase?] = []
    /// Processes that were killed, as they were before.
    var killed: [ProcessStatus] = []
    /// How often the job of the phase was begun, after its worker was killed.
    var epoch: Int64 = 0
    /// Packets that the cut link has dropped.
    var dropped = 0
    /// A site said that the job is paused.
    var isPaused = false
    /// A site said that the job waits for capacity there.
    var isWaiting = false
    /// A site said that the job waits for an approval.
    var isAsked = false
    /// The disk took nothing more.
    var isFull = false
    /// Processor time of those who only keep processors busy, in clock ticks.
    var ticks: UInt64 = 0

    /// What should have been seen, in words; empty when the fault is proven.
    func missing(of cell: TrialCell) -> [String] {
        var missing: [String] = []
        func need(_ holds: Bool, _ what: String) { if !holds { missing.append(what) } }
        let running = killed.filter { process in
            guard let now = ProcessStatus(of: process.id) else { return false }
            return now.start == process.start && !now.hasEnded
        }
        // What is so from the start has no moment; its number is the proof.
        if ![.clockWrong, .limitTooLow, .overCapacity].contains(cell.kind) {
            need(
                !phases.isEmpty && phases.allSatisfy { $0 == cell.phase },
                "it was done in \(phases.map { $0?.rawValue ?? "no phase" })")
        }
        switch cell.kind {
        case .siteKilled, .workerKilled, .driverKilled:
            need(!killed.isEmpty, "there was no process to kill")
            need(running.isEmpty, "\(running.map(\.id)) were killed and run")
            if cell.kind == .workerKilled { need(epoch >= 2, "the job was begun \(epoch) times") }
        case .linkInterrupted: need(dropped > 0, "no packet was dropped")
        case .linkCut, .linkLost:
            need(dropped > 0, "no packet was dropped")
            need(isPaused, "the job was not seen paused")
        case .siteFrozen: need(isPaused, "the job was not seen paused")
        case .diskFull: need(isFull, "the disk had room")
        case .approvalRefused: need(isAsked, "no approval was asked for")
        case .overloaded: need(isWaiting, "the job did not wait for capacity")
        case .busy: need(ticks >= 10, "the processors were busy for \(ticks) ticks")
        case .clockWrong, .clockJumps, .grantMissing, .grantRevoked, .limitTooLow, .overCapacity: break
        }
        return missing
    }
}
