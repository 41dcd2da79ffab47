import Faults
import GRPCCore
import Ledger
import Logging
import Resources

/// The accepting side's part of a session: from the first message to the farewell.
struct AcceptedSession: Sendable {
    let service: FederationService
    let proof: ConnectionProof
    let budget: ByteBudget
    let messages: RPCAsyncSequence<Envelope, any Error>

    func run(_ writer: RPCWriter<Packet>) async {
        let end = Latch<LinkEnd>()
        let link = Latch<GRPCLink>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await read(writer, link, end) }
            group.addTask {
                // What happens with a link runs beside its reading; whoever dials and stays silent is left.
                guard let link = await wait(for: link, end) else { return }
                await service.acceptor.accept(link)
                await link.close(nil)
            }
            group.addTask {
                if await service.stopping.wait() != nil {
                    end.set(LinkEnd(reason: Fault(LinkFaults.closed, "The site stops."), isLocal: true))
                }
            }
            // One task that is not cancelled until the end is known says farewell.
            if let ended = await end.wait() {
                link.value?.finish(ended)
                if ended.isLocal { await farewell(ended, writer) }
            }
            group.cancelAll()
        }
        link.value?.finish(LinkEnd(reason: Fault(LinkFaults.lost), isLocal: false))
        link.value?.over.set(())
    }

    private func wait(for link: Latch<GRPCLink>, _ end: Latch<LinkEnd>) async -> GRPCLink? {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await link.wait() }
            group.addTask { try? await Task.sleep(for: LinkLimits.opening) }
            await group.next()
            group.cancelAll()
        }
        if link.value == nil { end.set(LinkEnd(reason: Fault(LinkFaults.silent), isLocal: true)) }
        return link.value
    }

    private func read(_ writer: RPCWriter<Packet>, _ link: Latch<GRPCLink>, _ end: Latch<LinkEnd>) async {
        var rest = messages.makeAsyncIterator()
        do {
            let first = try await rest.next(isolation: #isolation)
            let opened = try await open(first, writer, end)
            link.set(opened)
            await opened.read(&rest)
        } catch let fault as Fault {
            refuse(fault)
            end.set(LinkEnd(reason: fault, isLocal: true))
        } catch {
            end.set(.broken(by: error))
        }
    }

    /// - Throws: `JoiningFaults.peerUnknown`, `.leafReplaced`; `LinkFaults.noVersion`, `.malformed`, `.lost`.
    private func open(
        _ first: Envelope?, _ writer: RPCWriter<Packet>, _ end: Latch<LinkEnd>
    ) async throws -> GRPCLink {
        guard let first else { throw Fault(LinkFaults.lost, "The other side hung up without a greeting.") }
        guard case .hello(let hello) = first else { throw malformed("message", wanted: "a greeting first") }
        guard let identity = proof.identity else { throw Fault(LinkFaults.handshake) }
        // Strangers learn their number and nothing else: no greeting, no version, no program.
        _ = try service.directory.admit(identity)
        let own = Hello(
            versions: service.terms.versions, build: service.terms.build,
            clock: UInt64(clamping: service.now().milliseconds))
        let packet = try EnvelopeCodec.packet(.hello(own))
        try await writer.write(packet)
        let version = try service.terms.agree(with: hello.versions)
        return GRPCLink(
            peer: identity.site, version: version, isDialled: false, writer: writer, budget: budget, end: end)
    }

    private func refuse(_ fault: Fault) {
        LinkMeters.refused(fault)
        service.logger.notice(
            "link refused",
            metadata: [
                "peer": "\(proof.identity?.site.text ?? "unknown")", "fault": "\(fault.number)",
                "reason": "\(fault.what)",
            ])
    }

    /// Says why, where the other side still reads; waits for it a second.
    private func farewell(_ ended: LinkEnd, _ writer: RPCWriter<Packet>) async {
        guard let packet = try? EnvelopeCodec.packet(ended.farewell) else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await writer.write(packet) }
            group.addTask { try? await Task.sleep(for: .seconds(1)) }
            await group.next()
            group.cancelAll()
        }
    }
}
