public import Faults

/// Why something of a job does not go on: a fault as it is stored and told to other sites.
public struct JobProblem: Sendable, Hashable, Codable {
    /// Of the catalogue.
    public var number: UInt16
    /// One sentence of at most 500 characters. From another site: quote it, do not trust it.
    public var text: String
    /// What a person can do.
    public var fix: String

    public init(_ fault: Fault) {
        number = fault.number.rawValue
        text = String(Self.leaves(fault).joined(separator: " ").prefix(500))
        fix = String(fault.fix.prefix(500))
    }

    public var fault: Fault {
        guard let entry = FaultCatalogue.entry(FaultNumber(rawValue: number)) else {
            return Fault(JobFaults.malformed, "Another site told of number \(number): \(text)")
        }
        return Fault(entry, text, fix: fix)
    }

    /// Whether starting again from the last common checkpoint may help. Anything that is not listed ends the job.
    public var isPassing: Bool { Self.passing.contains(number) }

    private static let passing = Set(
        [
            JobFaults.workerCrashed, JobFaults.workerHung, JobFaults.restarted, JobFaults.noContact,
            JobFaults.reservationLost, GatewayFaults.oldEpoch, GatewayFaults.socketLost, GatewayFaults.refusedByPeer,
            GatewayFaults.unknownJob, GatewayFaults.jobClosed, GatewayFaults.tokenExpired, LinkFaults.lost,
            RunnerFaults.notStarted,
            TaskFaults.suspended, TaskFaults.peerEnded, TaskFaults.checkpointMissing, TaskFaults.checkpointVersion,
            TaskFaults.checkpointUnreadable,
        ].map(\.number.rawValue))

    /// Whether what is kept of the task is of no use: it begins again.
    var isOfCheckpoint: Bool {
        [TaskFaults.checkpointVersion, TaskFaults.checkpointUnreadable].contains { $0.number.rawValue == number }
    }

    private static func leaves(_ fault: Fault) -> [String] {
        let own =
            [fault.what] + [fault.place.map { "(\($0))" }, fault.wanted.map { "Wanted: \($0)." }].compactMap { $0 }
        return own + fault.parts.flatMap(leaves)
    }
}
