import Faults
import Ledger
import Logging
import Sites

/// The owner's calls to the other parties.
extension JobCarrier {
    /// Whether there is still something to hear from a partner.
    func mustAsk(_ partner: Partner) -> Bool {
        guard let coordinator else { return false }
        let decision = coordinator.decision
        if decision.phase.isFinal, partner.knows(decision) { return false }
        // Who waits for capacity at its own site bothers nobody else: a long queue costs no calls.
        if decision.phase == .reserve, !coordinator.record.hasRun {
            let own = desk.state(of: plan.job).0
            return own == .held || own == .inUse
        }
        return true
    }

    func duePartners() -> [SiteID] {
        let now = ContinuousClock.now
        return partners.filter { !$0.value.isAsked && mustAsk($0.value) && ($0.value.isNews || $0.value.due <= now) }
            .map(\.key)
    }

    /// Tells a partner the decision, and keeps its answer.
    func ask(_ peer: SiteID) async {
        guard let decision = coordinator?.decision else { return }
        partners[peer]!.isNews = false
        do {
            let body = try JobMessages.encode(JobMessages.Sync(plan: entry.digest.hexadecimal, decision: decision))
            var answer: [UInt8]
            do {
                answer = try await around.calls.call(JobMessages.sync, body, of: peer)
            } catch let fault as Fault where fault.is(JobFaults.unknownJob) {
                // What has run there and ended is not begun again, without anything that its tasks left. Who never took it hears
                // of its end.
                if decision.phase.isFinal, coordinator?.record.hasRun == true {
                    forgot(peer)
                    return bell.ring()
                }
                _ = try await around.calls.call(JobMessages.offer, entry.plan, of: peer)
                answer = try await around.calls.call(JobMessages.sync, body, of: peer)
            }
            let view = try JobMessages.decode(PartyView.self, answer)
            guard view.tasks.map(\.name) == plan.tasks.map(\.name) else { throw Fault(JobFaults.malformed) }
            answered(peer, view)
        } catch {
            failed(peer, error)
        }
        bell.ring()
    }

    private func answered(_ peer: SiteID, _ view: PartyView) {
        guard var partner = partners[peer], let decision = coordinator?.decision else { return }
        partner.isAsked = false
        partner.hasForgotten = false
        partner.failures = 0
        partner.answered = .now
        if let known = partner.view, (view.epoch, view.sequence) < (known.epoch, known.sequence) {
            partners[peer] = partner
            return
        }
        partner.view = view
        let period: Duration =
            switch decision.phase {
            case .run: around.pace.active
            case .propose: around.pace.idle
            case .reserve, .pause: min(around.pace.active * 3, around.pace.idle)
            case .cancelled, .failed, .succeeded: around.pace.active
            }
        partner.due = .now + period
        partners[peer] = partner
    }

    private func forgot(_ peer: SiteID) {
        partners[peer]?.isAsked = false
        partners[peer]?.hasForgotten = true
        partners[peer]?.answered = .now
    }

    private func failed(_ peer: SiteID, _ error: any Error) {
        guard var partner = partners[peer] else { return }
        partner.isAsked = false
        partner.failures += 1
        partner.due = .now + min(around.pace.active * (1 << min(partner.failures - 1, 8)), around.pace.mostPause)
        let fault = error as? Fault
        if let fault, !Self.isOfTheWay(fault), coordinator?.decision.phase == .propose {
            // It is there and does not take the job.
            var view = PartyView(tasks: plan.tasks.map { TaskView(name: $0.name) })
            view.consent = .refused(JobProblem(fault))
            partner.view = view
            partner.answered = .now
        }
        partners[peer] = partner
        logger.debug(
            "a party did not answer",
            metadata: ["peer": "\(peer.short)", "fault": "\(fault.map { "\($0.number)" } ?? "\(type(of: error))")"])
    }

    /// Whether a call failed on its way, so that the peer may never have seen it.
    static func isOfTheWay(_ fault: Fault) -> Bool {
        [
            LinkFaults.lost, LinkFaults.noAnswer, LinkFaults.unreachable, LinkFaults.busy, LinkFaults.closed,
            LinkFaults.silent, LinkFaults.callFailed, JobFaults.restarted, JobFaults.oldCommand,
        ].contains { fault.is($0) }
    }

    /// The partner has news, or a link to it came up.
    func nudged(by peer: SiteID) {
        guard partners[peer] != nil else { return }
        partners[peer]!.isNews = true
        partners[peer]!.failures = 0
        bell.ring()
    }
}
