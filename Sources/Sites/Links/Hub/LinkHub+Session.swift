import Faults
import Ledger
import Logging
import Synchronization

extension LinkHub {
    /// Works for a link until it is gone: the route keeper calls this with each link that it dialled, the listener with
    /// each that came. Cancelling the calling task ends the link.
    public func use(_ link: any Link) async {
        let entry: LinkTable.Entry
        do {
            entry = try state.withLock { try $0.table.add(link) }
        } catch {
            let fault = (error as? Fault) ?? Fault(LinkFaults.busy)
            LinkMeters.refused(fault)
            await link.close(fault)
            return
        }
        if let standing = state.withLock({ $0.standing }), !standing.isPeer(link.peer) {
            let fault = Fault(JoiningFaults.peerRevoked)
            LinkMeters.refused(fault)
            drop(entry)
            await link.close(fault)
            return
        }
        let traffic = state.withLock { $0.traffic }
        LinkMeters.opened(isDialled: link.isDialled)
        announce(.up, link, nil)
        log(.info, "link up", link)
        await traffic?.linkUp(link)
        await withDiscardingTaskGroup { group in
            let running = SharedCount()
            for await message in link.messages {
                switch message {
                case .request(let id, let method, let body):
                    let count = running.increment()
                    guard count <= 2 * LinkLimits.callsPerPeer else {
                        await link.close(Fault(LinkFaults.busy, "The site asked without waiting for answers."))
                        continue
                    }
                    group.addTask {
                        await self.answer(id, method, body, on: link, isBusy: count > LinkLimits.callsPerPeer)
                        running.decrement()
                    }
                case .response(let id, let number, let body):
                    take(id, number, body, from: entry)
                case .frame, .ready, .acknowledge, .end, .refuse:
                    await traffic?.receive(message, on: link)
                }
            }
            group.cancelAll()
        }
        await link.close(nil)
        let reason = link.ending
        drop(entry)
        LinkMeters.closed(isDialled: link.isDialled)
        announce(.down, link, reason)
        log(.info, "link down", link, reason)
        await traffic?.linkDown(link)
    }

    /// Takes a link out of the table; who waits for an answer on it learns that none will come.
    private func drop(_ entry: LinkTable.Entry) {
        for answer in state.withLock({ $0.table.remove(entry) }) {
            answer.set(.fault(Fault(LinkFaults.lost, "The link broke before the peer answered.")))
        }
    }

    /// Answers in a task of its own, so that a peer that does not read its answers cannot stop what it sends.
    private func answer(
        _ id: UInt64, _ method: String, _ body: [UInt8], on link: any Link, isBusy: Bool
    ) async {
        let response: LinkMessage
        do {
            guard let served = state.withLock({ $0.handlers[method] }) else {
                throw Fault(LinkFaults.noMethod, at: method)
            }
            guard !isBusy else { throw Fault(LinkFaults.busy, at: method) }
            let body = try await served.handler(link.peer, body)
            response = .response(id: id, number: 0, body: body)
        } catch is CancellationError where Task.isCancelled {
            // The link ends: who calls is told so by its own end, not by an answer that may overtake it.
            return
        } catch {
            if !(error is Fault) {
                logger.error("call failed", metadata: ["peer": "\(link.peer)", "method": "\(method)"])
            }
            response = Self.refusal(id, error)
        }
        do {
            try await link.send(response)
        } catch let fault as Fault where fault.is(LinkFaults.tooLarge) {
            try? await link.send(Self.refusal(id, fault))
        } catch {
            // The link is gone, and the caller has been told so by its own end.
        }
    }

    private static func refusal(_ id: UInt64, _ error: any Error) -> LinkMessage {
        let (number, text) = RemoteFault.told(error)
        return .response(id: id, number: number, body: Array(text.utf8))
    }

    private func take(_ id: UInt64, _ number: UInt32, _ body: [UInt8], from entry: LinkTable.Entry) {
        guard let answer = state.withLock({ $0.table.answered(id, on: entry) }) else { return }
        if number == 0 {
            answer.set(.body(body))
        } else {
            let text = String(decoding: body.prefix(LinkLimits.text), as: UTF8.self)
            answer.set(.fault(RemoteFault.fault(number: number, text: text, at: "peer \(entry.link.peer.short)")))
        }
    }

    private func announce(_ kind: LinkChange.Kind, _ link: any Link, _ reason: Fault?) {
        let change = LinkChange(kind: kind, peer: link.peer, isDialled: link.isDialled, reason: reason)
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(change) }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ link: any Link, _ reason: Fault? = nil) {
        var metadata: Logger.Metadata = [
            "peer": "\(link.peer)", "way": link.isDialled ? "dialled" : "accepted", "version": "\(link.version)",
        ]
        if let reason {
            metadata["fault"] = "\(reason.number)"
            metadata["reason"] = "\(reason.what)"
        }
        logger.log(level: level, message, metadata: metadata)
    }
}
