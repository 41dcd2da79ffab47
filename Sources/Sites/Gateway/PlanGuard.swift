import Faults
import Ledger

/// Decides what may cross, by the declared plan alone.
struct PlanGuard: Sendable {
    let plan: DeclaredPlan
    private let messages: [String: [String: [MessageDeclaration]]]

    /// One type may be declared for several pairs and, for one pair, for several ranges of steps; where those overlap, the
    /// first counts.
    init(_ plan: DeclaredPlan) {
        self.plan = plan
        messages = plan.tasks.mapValues { Dictionary(grouping: $0, by: \.type) }
    }

    /// A channel of the job between two sites.
    ///
    /// - Throws: `GatewayFaults.oldEpoch`, `.undeclaredTask`, `.undeclaredParty` for a peer that is not of the job.
    func check(_ channel: ChannelID, with peer: SiteID) throws {
        guard channel.epoch == plan.epoch else {
            throw Fault(
                GatewayFaults.oldEpoch, "A channel belongs to start \(channel.epoch) of job \(plan.job).",
                wanted: "start \(plan.epoch)"
            )
        }
        guard messages[channel.task] != nil else {
            throw Fault(GatewayFaults.undeclaredTask, wanted: plan.tasks.keys.sorted().joined(separator: ", "))
        }
        guard plan.peers.contains(peer) else {
            throw Fault(GatewayFaults.undeclaredParty, "Site \(peer.short) is not a party of job \(plan.job).")
        }
    }

    /// One message within a channel that was checked.
    ///
    /// - Throws: `.undeclaredType`, `.undeclaredParty`, `.undeclaredStep`, `.undeclaredSize`. No fault names more than
    ///   what the plan says.
    func check(
        task: String, type: String, step: UInt32, bytes: Int, from sender: SiteID, to receiver: SiteID
    ) throws -> MessageDeclaration {
        guard let declarations = messages[task]?[type] else {
            let types = messages[task]?.keys.sorted() ?? []
            throw Fault(GatewayFaults.undeclaredType, at: "task \(task)", wanted: types.joined(separator: ", "))
        }
        let ofPair = declarations.filter { $0.senders.contains(sender) && $0.receivers.contains(receiver) }
        guard !ofPair.isEmpty else {
            throw Fault(
                GatewayFaults.undeclaredParty, "Site \(sender.short) may not send \(type) to \(receiver.short).",
                at: "task \(task)"
            )
        }
        guard let declaration = ofPair.first(where: { $0.steps.contains(step) }) else {
            let steps = ofPair.map { "\($0.steps.lowerBound) to \($0.steps.upperBound)" }
            throw Fault(
                GatewayFaults.undeclaredStep, "Step \(step) does not have \(type).", at: "task \(task)",
                wanted: steps.joined(separator: ", ")
            )
        }
        guard bytes <= min(declaration.maximumBytes, 4 << 20) else {
            throw Fault(
                GatewayFaults.undeclaredSize, "A payload of \(declaration.type) has \(bytes) bytes.",
                at: "task \(task)", wanted: "at most \(declaration.maximumBytes)"
            )
        }
        return declaration
    }
}
