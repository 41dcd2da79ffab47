public import Ledger
import Resources

/// What people see of a job at one site: the owner's decision, every party's view side by side, and who waits for whom.
public struct JobSummary: Sendable, Hashable {
    /// As people name it.
    public enum State: String, Sendable, Hashable, Codable {
        case proposed = "Proposed"
        case awaitingApproval = "AwaitingApproval"
        case reserved = "Reserved"
        case running = "Running"
        case paused = "Paused"
        case succeeded = "Succeeded"
        case failed = "Failed"
        case cancelled = "Cancelled"

        public var isFinal: Bool { self == .succeeded || self == .failed || self == .cancelled }
    }

    public struct Party: Sendable, Hashable {
        public let site: SiteID
        public let role: String
        /// Nil when nothing was heard of it yet.
        public let view: PartyView?
        public let state: State
        /// One sentence: what it does or waits for.
        public let message: String
        /// The site that it waits for; nil for none, or for this site's own people.
        public let waitsFor: SiteID?
        /// Whole seconds since it was last heard of, in steps of 5; 0 for this site.
        public let silence: Int
    }

    public let state: State
    public let epoch: UInt64
    public let decision: JobDecision?
    public let parties: [Party]
    private let own: SiteID
    public let reason: JobProblem?
    /// How long it was paused in all, in seconds, a pause that goes on not counted; nil where only the owner knows.
    public let pausedSeconds: Double?

    /// - Parameter views: at a partner only its own is known.
    init(
        plan: JobPlan, site: SiteID, decision: JobDecision?, views: [SiteID: PartyView], silence: [SiteID: Double],
        lost: Double, pausedSeconds: Double? = nil
    ) {
        self.pausedSeconds = pausedSeconds
        self.decision = decision
        own = site
        epoch = decision?.epoch ?? 0
        reason = decision?.reason
        let phase = decision?.phase ?? .propose
        var parties: [Party] = []
        for party in plan.parties {
            let view = views[party.site]
            let quiet = silence[party.site] ?? 0
            let isKnown = site == plan.owner || party.site == site
            let (state, message, waitsFor) =
                isKnown
                ? Self.words(party.site, view, decision, owner: plan.owner, isLost: quiet >= lost, quiet)
                : Self.unseen(phase, plan.owner)
            parties.append(
                Party(
                    site: party.site, role: party.role, view: view, state: state, message: message,
                    waitsFor: waitsFor, silence: Int(quiet) / 5 * 5))
        }
        self.parties = parties
        let known = parties.filter { $0.view != nil }
        switch phase {
        case .propose:
            let isApproved = known.count == plan.parties.count || site != plan.owner
            let waiting = known.filter { $0.state == .awaitingApproval }
            let others = known.contains { $0.state == .proposed && $0.view?.consent != .accepted }
            state = isApproved && !waiting.isEmpty && !others ? .awaitingApproval : .proposed
        case .reserve:
            let isHeld = known.allSatisfy { $0.view?.reservation == .held } && !known.isEmpty
            state = (decision?.epoch ?? 0) > 1 ? .reserved : isHeld ? .reserved : .proposed
        case .run:
            state = known.contains { $0.view?.interruption != nil && $0.site == site } ? .paused : .running
        case .pause: state = .paused
        case .cancelled: state = .cancelled
        case .failed: state = .failed
        case .succeeded: state = .succeeded
        }
    }

    /// One sentence: why it stands where it does.
    ///
    /// - Parameter name: the peer's name of a site here.
    public func message(_ name: (String) -> String? = { _ in nil }) -> String {
        let phase = decision?.phase ?? .propose
        if let reason { return phase.isFinal || phase == .pause ? reason.text : "starts again: \(reason.text)" }
        let waiting = parties.filter { !$0.message.isEmpty && ($0.waitsFor != nil || $0.state == .awaitingApproval) }
        return waiting.map { party in
            let site = party.site == own ? "this site" : name(party.site.text) ?? party.site.short
            return "\(site): \(party.message)"
        }.joined(separator: "; ")
    }

    /// A party of which this site knows nothing: partners speak with the owner alone.
    private static func unseen(_ phase: JobPhase, _ owner: SiteID) -> (State, String, SiteID?) {
        switch phase {
        case .succeeded: (.succeeded, "", nil)
        case .failed: (.failed, "", nil)
        case .cancelled: (.cancelled, "", nil)
        case .pause: (.paused, "only the owner knows", owner)
        case .run: (.running, "only the owner knows", nil)
        case .propose, .reserve: (.proposed, "only the owner knows", owner)
        }
    }

    private static func words(
        _ site: SiteID, _ view: PartyView?, _ decision: JobDecision?, owner: SiteID, isLost: Bool, _ silence: Double
    ) -> (State, String, SiteID?) {
        let phase = decision?.phase ?? .propose
        // A site that was started again has not heard of the parties of a job that is over, and will not.
        guard let view else { return phase.isFinal ? unseen(phase, owner) : (.proposed, "has not answered yet", site) }
        if isLost, !phase.isFinal, site != owner || phase != .propose {
            return (.paused, "nothing was heard for \(Int(silence) / 5 * 5) s", site)
        }
        if let problem = view.interruption { return (.paused, problem.text, owner) }
        switch phase {
        case .propose:
            switch view.consent {
            case .considering: return (.proposed, "considers the plan", site)
            case .awaitingApproval(let why): return (.awaitingApproval, "waits for an approval: \(why)", nil)
            case .accepted: return (.proposed, "agrees", nil)
            case .refused(let problem): return (.failed, problem.text, nil)
            }
        case .reserve:
            switch view.reservation {
            case .held:
                let isReady = view.isQuiet && view.tasks.allSatisfy { $0.units != nil }
                return (.reserved, isReady ? "holds capacity" : "ends its workers", isReady ? nil : site)
            case .waiting(let shortage): return (.proposed, "waits for capacity: \(shortage.text)", site)
            case .none: return (.proposed, "has not asked for capacity yet", owner)
            }
        case .run:
            let running = view.tasks.filter { $0.state == .running }.map(\.name)
            return (.running, running.isEmpty ? "" : "runs \(running.joined(separator: ", "))", nil)
        case .pause: return (.paused, view.isQuiet ? "" : "ends its workers", nil)
        case .cancelled: return (.cancelled, view.isClosed ? "" : "clears up", nil)
        case .failed: return (.failed, view.isClosed ? "" : "clears up", nil)
        case .succeeded: return (.succeeded, view.isClosed ? "" : "clears up", nil)
        }
    }
}
