import Faults
import Trials

/// The fault matrix of trials: what is done to which part of a small trial in which phase, and how it must end.
struct TrialCell: Sendable, CustomStringConvertible {
    enum Kind: String, Sendable {
        case siteKilled = "site killed"
        case workerKilled = "worker killed"
        case driverKilled = "driver killed"
        case linkInterrupted = "link cut for 3 s"
        case linkCut = "link cut for 18 s"
        case linkLost = "link cut for good"
        case siteFrozen = "site stopped for 18 s"
        case diskFull = "disk full"
        case clockWrong = "clock 120 s ahead"
        case clockJumps = "clock jumps by 120 s"
        case grantMissing = "grant revoked before"
        case grantRevoked = "grant revoked meanwhile"
        case approvalRefused = "approval refused"
        case limitTooLow = "`jobs.memory` below what is asked"
        case overCapacity = "more cores asked than there are"
        case overloaded = "cores taken by another job"
        case busy = "processors busy with other things"
    }

    enum Victim: String, Sendable {
        case guest, host, driver, link, both
        case machine = "whole machine"
    }

    enum End: Sendable {
        /// The trial goes on by itself to its end, with the same model.
        case same
        /// The trial fails with a number, and its sites are kept; `resume` brings it to its end with the same model.
        case resumed(FaultEntry, because: FaultEntry? = nil)
        /// The driver is gone and the trial is `left`; `resume` brings it to its end with the same model.
        case left
        /// The trial fails with a number; run again in the same place it has the same model.
        case rerun(FaultEntry, because: FaultEntry? = nil)
    }

    let kind: Kind
    let victim: Victim
    let phase: TrialPhase
    let end: End

    var description: String { "\(kind.rawValue), \(victim.rawValue), \(phase.rawValue)" }

    /// Whether it takes most of a minute: something has to be silent for longer than sites wait.
    var isSlow: Bool { [.linkCut, .linkLost, .siteFrozen, .clockWrong].contains(kind) }

    /// Several cells that end alike; as a line of the table in docs/trials.md.
    struct Row: Sendable {
        let kind: Kind
        let victims: [Victim]
        let phases: [TrialPhase]
        let end: End

        init(_ kind: Kind, _ victims: [Victim], _ phases: [TrialPhase], _ end: End) {
            (self.kind, self.victims, self.phases, self.end) = (kind, victims, phases, end)
        }

        var cells: [TrialCell] {
            victims.flatMap { victim in
                phases.map { TrialCell(kind: kind, victim: victim, phase: $0, end: end) }
            }
        }

        var markdown: String {
            func names(_ names: [String]) -> String { names.joined(separator: ", ") }
            return
                "| \(kind.rawValue) | \(names(victims.map(\.rawValue))) | \(names(phases.map(\.rawValue))) | \(ends) |"
        }

        private var ends: String {
            func number(_ entry: FaultEntry, _ because: FaultEntry?) -> String {
                "\(entry.number)" + (because.map { ", which names \($0.number)" } ?? "")
            }
            return switch end {
            case .same: "goes on by itself, same model"
            case .resumed(let entry, let because): "\(number(entry, because)); resumed: same model"
            case .left: "`left`; resumed: same model"
            case .rerun(let entry, let because): "\(number(entry, because)); run again: same model"
            }
        }
    }

    private static let withJobs: [TrialPhase] = [.measure, .align, .train, .evaluate]
    private static let all = TrialPhase.allCases.filter { $0 != .tearDown }
    private static let sites: [Victim] = [.guest, .host]

    static let table: [Row] = [
        Row(.siteKilled, sites, all, .resumed(TrialFaults.siteNotStarted)),
        // Its sites are on their way out then.
        Row(.siteKilled, sites, [.tearDown], .same),
        // In the other phases a site has no worker.
        Row(.workerKilled, sites, withJobs, .same),
        Row(.driverKilled, [.driver], TrialPhase.allCases, .left),
        Row(.linkInterrupted, [.link], [.check, .measure, .upload, .align, .train, .evaluate], .same),
        Row(.linkCut, [.link], [.train], .same),
        Row(.linkLost, [.link], [.train], .rerun(TrialFaults.jobFailed, because: JobFaults.overtime)),
        Row(.siteFrozen, sites, [.train], .same),
        Row(.diskFull, sites, [.upload, .align, .train, .evaluate], .resumed(TrialFaults.diskFull)),
        Row(.clockWrong, sites, [.check], .rerun(TrialFaults.routeFailed, because: RouteFaults.clockDifference)),
        Row(.clockJumps, sites, [.align, .train], .same),
        Row(.grantMissing, [.guest], [.align], .rerun(JobFaults.refused, because: GrantFaults.revoked)),
        // How many rows the host has is asked before the job is proposed.
        Row(.grantMissing, [.host], [.align], .rerun(GrantFaults.revoked)),
        Row(.grantMissing, sites, [.train, .evaluate], .rerun(JobFaults.refused, because: GrantFaults.revoked)),
        Row(.grantRevoked, sites, [.train], .rerun(TrialFaults.jobFailed, because: GrantFaults.revoked)),
        Row(.approvalRefused, sites, [.train], .rerun(TrialFaults.jobFailed, because: JobFaults.cancelled)),
        Row(.limitTooLow, sites, [.measure], .rerun(JobFaults.refused, because: JobFaults.notAllowed)),
        Row(.overCapacity, [.both], [.align], .rerun(JobFaults.refused, because: JobFaults.overCapacity)),
        Row(.overloaded, sites, [.align, .train], .same),
        Row(.busy, [.machine], [.measure, .train], .same),
    ]

    static let cells = table.flatMap(\.cells)

    /// The name of the job that runs in its phase, where there is one.
    var job: String? {
        switch phase {
        case .measure: TrialMatrixTrial.name
        case .align: "align-1"
        case .train: "train"
        case .evaluate: "score"
        case .deploy, .check, .upload, .report, .tearDown: nil
        }
    }
}
