public import Ledger
public import Resources

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What of a job never changes at a site.
public struct JobEntry: Sendable, Hashable {
    /// The job's ULID: the uid of the resource at its owner.
    public let job: String
    /// Of the resource at this site.
    public let name: String
    public let scope: Scope
    public let owner: SiteID
    /// Who asked for it at this site; nil when another site did.
    public let requester: String?
    public let created: Timestamp
    /// As its owner encoded it.
    public let plan: [UInt8]
    /// SHA-256 of it.
    public let digest: [UInt8]

    public init(
        job: String, name: String, scope: Scope, owner: SiteID, requester: String?, created: Timestamp, plan: [UInt8],
        digest: [UInt8]
    ) {
        self.job = job
        self.name = name
        self.scope = scope
        self.owner = owner
        self.requester = requester
        self.created = created
        self.plan = plan
        self.digest = digest
    }

    public var id: ResourceID { ResourceID(kind: "Job", scope: scope, name: name) }

    /// Where a job is seen at a site.
    public struct Place: Sendable, Hashable {
        public let name: String
        public let scope: Scope

        public init(name: String, scope: Scope) {
            self.name = name
            self.scope = scope
        }
    }
}

/// What of a job changes and must survive.
public struct JobState: Sendable, Hashable {
    public var participant: JobParticipant.Record
    /// At the owner's site.
    public var coordinator: JobCoordinator.Record?

    public init(participant: JobParticipant.Record = .init(), coordinator: JobCoordinator.Record? = nil) {
        self.participant = participant
        self.coordinator = coordinator
    }

    func texts() throws -> (participant: String, coordinator: String?) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (
            String(decoding: try encoder.encode(participant), as: UTF8.self),
            try coordinator.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        )
    }

    init(participant: String, coordinator: String?) throws {
        let decoder = JSONDecoder()
        self.participant = try decoder.decode(JobParticipant.Record.self, from: Data(participant.utf8))
        self.coordinator = try coordinator.map {
            try decoder.decode(JobCoordinator.Record.self, from: Data($0.utf8))
        }
    }
}

/// What a task of a job left at this site.
public struct JobOutput: Sendable, Hashable {
    public let task: String
    /// SHA-256 of the output in hexadecimal.
    public let digest: String
    /// As the worker handed it over: output and figures.
    public let result: [UInt8]
    public let time: Timestamp

    public init(task: String, digest: String, result: [UInt8], time: Timestamp) {
        self.task = task
        self.digest = digest
        self.result = result
        self.time = time
    }
}

/// A line of a job's log.
public struct JobLine: Sendable, Hashable {
    /// Rises within a site; 0 before it is stored.
    public var number: Int64 = 0
    public var time: Timestamp
    /// 0 (trace) to 6 (critical).
    public var level: UInt8
    /// Empty for lines of the job itself.
    public var task: String
    public var epoch: UInt64
    public var text: String
}
