import Faults
public import Resources

/// What one person asks for and another one decides: the second pair of eyes. Made by the site alone, so that nobody asks
/// in another's name.
public enum Approval {
    /// What can need one, where a tenant says so.
    public enum About: String, Sendable, CaseIterable {
        /// A job begins.
        case job
        /// A peer learns from a dataset by a grant.
        case dataUse
        /// Somebody takes results of jobs out of the site.
        case resultRelease
    }

    public enum State: String, Sendable {
        case waiting = "Waiting"
        case approved = "Approved"
        case refused = "Refused"
        /// Nobody decided in time, or what was approved was not used in time.
        case expired = "Expired"
        /// What it was about is not waited for any more.
        case void = "Void"
    }

    public static let kind = KindDefinition(
        "Approval",
        plural: "approvals",
        shortNames: ["ap"],
        scope: .project,
        summary: "What one person asks for and another decides: what, why, at what cost, and who learns what by it.",
        fields: [
            Field("about", .choice(About.allCases.map(\.rawValue)), required: true, "A job, data use, or a release."),
            Field("subject", .text(1...200, form: .line), required: true, "What it is about: `jobs/train`."),
            Field(
                "binding", .text(1...128, form: .line), required: true,
                "The exact thing: a plan's, dataset's or model's digest, or a grant's uid. Another needs another approval."
            ),
            Field("requester", .text(1...200, form: .line), required: true, "Who asks, and cannot decide."),
            Field("what", .text(1...500, form: .line), required: true, "What would be done."),
            Field("why", .text(0...1000), default: "", "What for, in the requester's words."),
            Field(
                "cost",
                .group([
                    Field("seconds", .number(0...1e12), "Expected time here."),
                    Field("bytes", .integer(0...Int64.max), "What leaves this site, in bytes."),
                    Field("memory", .integer(0...Int64.max), "Memory here, in bytes."),
                ]), default: [:], "What it costs this site, as far as it is known before."),
            Field(
                "leaks", .list(of: .text(1...1000, form: .line), count: 0...256), default: [],
                "Who learns what by it."),
            Field("until", .text(20...30, form: .timestamp), required: true, "Until when it can be decided."),
        ],
        isImmutable: true,
        isMadeBySite: true,
        columns: [
            .init("ABOUT", "spec", "about"), .init("SUBJECT", "spec", "subject"),
            .init("REQUESTER", "spec", "requester"), .init("STATE", "status", "state"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Approval
            metadata:
              name: job-train-9f86d08188
              tenant: retail-risk
              project: cards
            spec:
              about: job
              subject: jobs/train
              binding: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              requester: user ana
              what: Job train with partner
              why: Scoring of common merchants
              leaks: ["host learns: the number of common ids"]
              until: "2026-12-31T00:00:00Z"
            """
    )

    public static func id(_ name: String, in scope: Scope) -> ResourceID {
        ResourceID(kind: kind.name, scope: scope, name: name)
    }

    /// How long a release that was approved can be taken out, in milliseconds.
    public static let releaseTime: Int64 = 86_400_000
    /// How long a request waits, in milliseconds.
    public static let patience: Int64 = 7 * 86_400_000

    /// How it stands at a time; what is written in the status may be older.
    public static func state(of approval: Resource, at now: Timestamp) -> State {
        let written = approval.status["state"]?.string.flatMap(State.init(rawValue:)) ?? .waiting
        let end: Timestamp? =
            switch written {
            case .waiting: approval.spec["until"]?.string.flatMap { Timestamp($0) }
            case .approved where approval.spec["about"]?.string == About.resultRelease.rawValue:
                approval.status["decided"]?.string.flatMap { Timestamp($0) }
                    .map { Timestamp(milliseconds: $0.milliseconds + releaseTime) }
            default: nil
            }
        return end.map { now > $0 } ?? false ? .expired : written
    }
}

extension Tenant {
    /// Whether the tenant wants two pairs of eyes on such things.
    public static func wants(_ about: Approval.About, in scope: Scope, _ store: any ResourceStore) async throws -> Bool
    {
        guard let tenant = scope.tenant, let found = try await store.find(id(tenant)) else { return false }
        return found.spec["approvals"]?.array?.contains(.string(about.rawValue)) ?? false
    }
}
