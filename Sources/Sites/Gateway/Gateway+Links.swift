import Faults
import Ledger
import Logging
import Metrics
import Synchronization

/// What arrives over links.
extension Gateway: ChannelTraffic {
    public func linkUp(_ link: any Link) async {
        let (isCut, channels) = state.withLock { state in
            if state.cut.contains(link.peer) { return (true, [] as [ReceivingChannel]) }
            state.links[link.peer, default: []].append(link)
            return (false, state.receiving.values.filter { $0.key.peer == link.peer })
        }
        if isCut { return await link.close(Fault(GatewayFaults.peerCut)) }
        for channel in channels { channel.use(link) }
    }

    public func linkDown(_ link: any Link) async {
        let (sending, receiving, other) = state.withLock { state in
            state.links[link.peer]?.removeAll { $0 === link }
            state.early = state.early.filter { $0.value.link !== link }
            return (
                state.sending.values.filter { $0.key.peer == link.peer },
                state.receiving.values.filter { $0.key.peer == link.peer }, state.links[link.peer]?.last
            )
        }
        if let reason = link.ending, Self.isCut(reason) { return end(sending, receiving, cutBy: link.peer, reason) }
        for channel in sending { channel.lost(link) }
        for channel in receiving {
            channel.lost(link)
            if let other { channel.use(other) }
        }
    }

    /// Whether a link ended because one of the two sites wants nothing to do with the other any more.
    private static func isCut(_ reason: Fault) -> Bool {
        reason.is(GatewayFaults.peerCut) || reason.is(JoiningFaults.peerRevoked)
    }

    /// The peer cut this site off: no other link will come, so nobody waits for one.
    private func end(
        _ sending: [SendingChannel], _ receiving: [ReceivingChannel], cutBy peer: SiteID, _ reason: Fault
    ) {
        let fault = Fault(GatewayFaults.refusedByPeer, "Site \(peer.short) cut this site off: \(reason.what)")
        for channel in sending { channel.fail(fault) }
        for channel in receiving { channel.fail(fault) }
    }

    public func receive(_ message: LinkMessage, on link: any Link) async {
        switch message {
        case .frame(let frame): await receive(frame, on: link)
        case .ready(let id, let next, let credit): ready(id, on: link, next: next, credit: credit)
        case .acknowledge(let id, let next, let credit):
            guard let channel = sending(id, link) else { return }
            refusing(id, link) { try channel.acknowledge(on: link, next: next, credit: credit) }
        case .end(let id, let next):
            guard let channel = receiving(id, link) else { return }
            refusing(id, link) { try channel.end(at: next, on: link) }
        case .refuse(let id, let number, let text): refused(id, link, number, text)
        case .request, .response: break
        }
    }

    func ready(_ channel: SendingChannel, on link: any Link, next: UInt64, credit: UInt64) {
        refusing(channel.key.id, link) { try channel.ready(on: link, next: next, credit: credit) }
    }

    private func ready(_ id: ChannelID, on link: any Link, next: UInt64, credit: UInt64) {
        let key = ChannelKey(peer: link.peer, id: id)
        let found = state.withLock { state -> Result<SendingChannel?, any Error> in
            guard !state.cut.contains(link.peer) else { return .failure(Fault(GatewayFaults.peerCut)) }
            if let channel = state.sending[key] { return .success(channel) }
            if let plan = state.jobs[id.job], id.epoch <= plan.plan.epoch {
                let checked = Result { try plan.check(id, with: link.peer) }
                if case .failure(let error) = checked { return .failure(error) }
            }
            // The worker here, or the job, comes later.
            guard state.keep(.init(link: link, next: next, credit: credit), for: key) else {
                return .failure(Fault(GatewayFaults.unknownJob))
            }
            return .success(nil)
        }
        refusing(id, link) {
            if let channel = try found.get() { ready(channel, on: link, next: next, credit: credit) }
        }
    }

    private func receive(_ frame: Frame, on link: any Link) async {
        let id = frame.channel
        let key = ChannelKey(peer: link.peer, id: id)
        let (plan, channel, isCut) = state.withLock { state in
            (state.jobs[id.job], state.receiving[key], state.cut.contains(link.peer))
        }
        do {
            guard !isCut else { throw Fault(GatewayFaults.peerCut) }
            guard let plan else { throw Fault(GatewayFaults.unknownJob) }
            try plan.check(id, with: link.peer)
            let declaration = try plan.check(
                task: id.task, type: frame.messageType, step: frame.step, bytes: frame.payload.count,
                from: link.peer, to: context.site
            )
            guard frame.salt.count == PayloadDigest.saltLength, frame.attempt >= id.firstAttempt else {
                throw Fault(GatewayFaults.malformedMessage, "A frame has no salt, or no attempt of its epoch.")
            }
            // Nothing was asked for before there is a channel here.
            guard let channel else { throw Fault(GatewayFaults.creditExceeded) }
            try channel.receive(frame, declaration, on: link)
        } catch {
            let fault = error as? Fault ?? Fault(GatewayFaults.unexpectedMessage)
            let refusal = RefusalRecord(
                direction: .received, peer: link.peer, job: plan == nil ? "" : id.job, task: id.task,
                step: frame.step, sequence: frame.sequence, messageType: frame.messageType,
                number: fault.number.rawValue
            )
            channel?.fail(fault)
            context.tell(fault, of: id, on: link)
            await context.refused(refusal, fault)
        }
    }

    /// The peer gives a channel up, whichever direction of it.
    private func refused(_ id: ChannelID, _ link: any Link, _ number: UInt32, _ text: String) {
        context.meters(link.peer).refusals.increment()
        let name = UInt16(exactly: number).map { "\(FaultNumber(rawValue: $0))" } ?? "an unknown number"
        let fault = Fault(
            GatewayFaults.refusedByPeer, "Site \(link.peer.short) refuses task \(id.task) with \(name): \(text)",
            at: "job \(id.job)"
        )
        context.logger.warning(
            "a peer refuses a channel",
            metadata: ["fault": "\(name)", "job": "\(id.job)", "task": "\(id.task)", "peer": "\(link.peer)"])
        sending(id, link)?.fail(fault)
        receiving(id, link)?.fail(fault)
    }

    /// Gives the channel up, here and at the peer, when the body throws.
    private func refusing(_ id: ChannelID, _ link: any Link, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            let fault = error as? Fault ?? Fault(GatewayFaults.unexpectedMessage)
            context.meters(link.peer).refusals.increment()
            context.logger.warning(
                "refused a channel",
                metadata: [
                    "fault": "\(fault.number)", "job": "\(id.job)", "task": "\(id.task)", "peer": "\(link.peer)",
                ])
            context.tell(fault, of: id, on: link)
            sending(id, link)?.fail(fault)
            receiving(id, link)?.fail(fault)
        }
    }

    private func sending(_ id: ChannelID, _ link: any Link) -> SendingChannel? {
        state.withLock { $0.sending[ChannelKey(peer: link.peer, id: id)] }
    }

    private func receiving(_ id: ChannelID, _ link: any Link) -> ReceivingChannel? {
        state.withLock { $0.receiving[ChannelKey(peer: link.peer, id: id)] }
    }
}
