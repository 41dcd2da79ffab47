import Faults
import Ledger
import Logging
import Resources
import Synchronization

/// Keeps one route: makes its link, makes it again when it is lost, probes it, and writes what it sees to the status.
///
/// One loop does everything in turn, so that there is never more than one try to dial; only a link in use runs beside it.
final class RouteRunner: Sendable {
    /// What others tell the loop.
    private struct Orders {
        var plan: RoutePlan
        var isStopped = false
        /// The link dialled by this route while it is in use.
        var link: (any Link)?
        /// Who waits for the next probe to end.
        var askers: [CheckedContinuation<ProbeReport, any Error>] = []
        var tuning: LinkTuning

        mutating func ask(_ asker: CheckedContinuation<ProbeReport, any Error>) -> Bool {
            if isStopped { return false }
            askers.append(asker)
            return true
        }

        mutating func takeAskers() -> [CheckedContinuation<ProbeReport, any Error>] {
            defer { askers = [] }
            return askers
        }

        mutating func stop() -> [CheckedContinuation<ProbeReport, any Error>] {
            isStopped = true
            return takeAskers()
        }
    }

    private let orders: Mutex<Orders>
    private let bell = WakeUp()
    private let site: RouteSurroundings

    init(plan: RoutePlan, site: RouteSurroundings) {
        orders = Mutex(Orders(plan: plan, tuning: TuningChoice.applying(plan.spec, to: .standard)))
        self.site = site
    }

    var plan: RoutePlan { orders.withLock { $0.plan } }
    /// What the route's links use.
    var tuning: LinkTuning { orders.withLock { $0.tuning } }

    func follow(_ plan: RoutePlan) {
        let isNew = orders.withLock { orders in
            defer { orders.plan = plan }
            return orders.plan != plan
        }
        if isNew { bell() }
    }

    /// Something happened to the peer's links.
    func look() { bell() }

    func stop() {
        for asker in orders.withLock({ $0.stop() }) { asker.resume(throwing: Self.notKept(plan.name)) }
        bell()
    }

    /// Measures everything now.
    func probe() async throws -> ProbeReport {
        try await withCheckedThrowingContinuation { asker in
            if orders.withLock({ $0.ask(asker) }) {
                bell()
            } else {
                asker.resume(throwing: Self.notKept(plan.name))
            }
        }
    }

    static func notKept(_ name: String) -> Fault {
        Fault(RouteFaults.notKept, "The site keeps no route '\(name.prefix(63))'.")
    }

    /// Runs until it is stopped or cancelled; the link that it dialled is closed then.
    func run() async {
        await withDiscardingTaskGroup { group in
            var loop = Loop(plan: plan, runner: self)
            while !Task.isCancelled, !orders.withLock({ $0.isStopped }) {
                let pause = await loop.turn(in: &group)
                await bell.wait(atMost: pause)
            }
            stop()
            await orders.withLock({ $0.link })?.close(nil)
            group.cancelAll()
        }
    }

    /// The loop's own memory.
    private struct Loop {
        var plan: RoutePlan
        let runner: RouteRunner
        var progress: RouteProgress
        var backoff: Backoff
        /// Microseconds of the steady clock; nil while there is no link.
        var upSince: Int64?
        var nextProbe: Int64 = 0
        /// No try to dial before this time of the steady clock, unless somebody asks.
        var nextDial: Int64 = 0
        /// The link was closed here, to be made again in another way.
        var isRemaking = false

        init(plan: RoutePlan, runner: RouteRunner) {
            self.plan = plan
            self.runner = runner
            progress = RouteProgress(tuning: runner.tuning)
            backoff = runner.site.settings.backoff
        }

        private var site: RouteSurroundings { runner.site }

        private var isAsked: Bool { runner.orders.withLock { !$0.askers.isEmpty } }

        /// One step. Returns how long nothing is to be done unless something happens.
        mutating func turn(in group: inout DiscardingTaskGroup) async -> Duration? {
            await followPlan()
            guard let peer = plan.site else {
                return await refuse(Fault(RouteFaults.untrustedPeer, at: "Route \(plan.name)"), at: .policy)
            }
            if let link = liveLink(peer) {
                if upSince == nil { await comeUp(link) }
                return await probeIfDue(peer)
            }
            if upSince != nil { await goDown() }
            // Dialled, and the hub does not have it yet: it says so by `look`.
            if runner.orders.withLock({ $0.link }) != nil { return .milliseconds(100) }
            guard plan.spec.way == .direct, let address = plan.spec.address else {
                return await refuse(Fault(RouteFaults.noLink, wanted: "a link that the peer has dialled"), at: .tcp)
            }
            return await dial(address, peer, in: &group)
        }

        /// A direct route is its own link; a reverse one whatever the peer has dialled.
        private func liveLink(_ peer: SiteID) -> (any Link)? {
            let live = site.links.link(to: peer)
            if plan.spec.way == .direct { return live == nil ? nil : runner.orders.withLock { $0.link } }
            return live
        }

        private mutating func followPlan() async {
            let new = runner.plan
            guard new != plan else { return }
            let isSame = new.sharesLink(with: plan)
            plan = new
            progress.change(to: new.spec, sharesLink: isSame)
            publishTuning()
            backoff.reset()
            (nextDial, nextProbe) = (0, min(nextProbe, site.time.steady() + new.spec.probeEvery.microseconds))
            guard !isSame, let link = runner.orders.withLock({ $0.link }) else { return }
            isRemaking = upSince != nil
            runner.forget(link)
            await link.close(nil)
        }

        /// Nothing can be tried: says why, answers who asked, and waits for a change.
        private mutating func refuse(_ fault: Fault, at layer: ProbeLayer) async -> Duration? {
            upSince = nil
            var report = ProbeReport(at: site.time.wall())
            if plan.spec.way == .reverse, layer > .name { report.add(Self.unusedName) }
            report.fail(fault, at: layer)
            progress.failed(report)
            await publish()
            return nil
        }

        private static let unusedName = ProbeStep(.name, .unused, found: "The peer dials; no name is looked up.")

        private mutating func dial(
            _ text: String, _ peer: SiteID, in group: inout DiscardingTaskGroup
        ) async -> Duration? {
            let wait = nextDial - site.time.steady()
            if wait > 0, !isAsked { return .microseconds(wait) }
            var report = ProbeReport(at: site.time.wall())
            do {
                let address = try HostAndPort.read(text, at: "Route \(plan.name), spec.address")
                let found = try await site.names.find(address.host)
                report.add(
                    ProbeStep(
                        .name, .pass, found: "\(address.host) is \(found.map(\.description).joined(separator: ", "))."))
                let link = try await site.transport.dial(text, peer: peer, tuning: progress.tuning)
                runner.use(link, in: &group)
                return .zero
            } catch {
                if Task.isCancelled { return nil }
                let fault = (error as? Fault) ?? Fault(LinkFaults.lost, "Dialling failed: \(type(of: error)).")
                let layer = ProbeLayer(fault)
                for step in Self.linkSteps(text, nil) where step.layer < layer && report[step.layer] == nil {
                    report.add(step)
                }
                report.fail(fault, at: layer)
                if isRemaking {
                    // The link was closed here to be made anew, and the peer went meanwhile: that is a loss too.
                    isRemaking = false
                    progress.linkLost(report)
                } else {
                    progress.failed(report)
                }
                await publish()
                let pause = backoff.next()
                nextDial = site.time.steady() + pause.microseconds
                return pause
            }
        }

        /// What a link proves by being there.
        private static func linkSteps(_ address: String?, _ link: (any Link)?) -> [ProbeStep] {
            [
                address.map { ProbeStep(.name, .pass, found: "\($0) was found.") } ?? unusedName,
                ProbeStep(.tcp, .pass, found: address.map { "\($0) accepts connections." } ?? "The peer has dialled."),
                ProbeStep(.tls, .pass, found: "TLS 1.3, proven by both sides."),
                ProbeStep(
                    .identity, .pass,
                    found: link.map { "The other end is the site \($0.peer.short)." } ?? "It is the peer."),
                ProbeStep(
                    .version, .pass,
                    found: link.map { "Both speak version \($0.version)." } ?? "Both speak one version."),
            ]
        }

        private func linkReport(_ link: (any Link)?) -> ProbeReport {
            var report = ProbeReport(at: site.time.wall())
            for step in Self.linkSteps(plan.spec.address, link) { report.add(step) }
            return report
        }

        private mutating func comeUp(_ link: any Link) async {
            upSince = site.time.steady()
            nextProbe = 0
            progress.linkUp(linkReport(link))
            isRemaking = false
            site.logger.info(
                "link up",
                metadata: ["route": "\(plan.name)", "peer": "\(link.peer.short)", "way": "\(plan.spec.way.rawValue)"])
        }

        private mutating func goDown() async {
            let now = site.time.steady()
            // A link that stood is dialled again at once; one that soon goes each time is not, over and over.
            if now - (upSince ?? 0) > 5_000_000 {
                backoff.reset()
            } else {
                nextDial = now + backoff.next().microseconds
            }
            upSince = nil
            if isRemaking { return }
            var report = linkReport(nil)
            report.fail(
                Fault(
                    LinkFaults.lost, "The link to the peer is lost.",
                    fix: plan.spec.way == .direct
                        ? "Nothing: it is dialled again at once." : "Nothing: the peer dials again by itself."))
            progress.linkLost(report)
            site.logger.warning("link lost", metadata: ["route": "\(plan.name)"])
            await publish(answering: false)
        }

        private mutating func probeIfDue(_ peer: SiteID) async -> Duration? {
            let now = site.time.steady()
            let isAsked = isAsked
            guard isAsked || now >= nextProbe else { return .microseconds(nextProbe - now) }
            let depth: Prober.Depth =
                isAsked || progress.isWholeDue(at: site.time.wall(), every: site.settings.wholeProbeEvery)
                ? .whole : .quick
            let link = liveLink(peer)
            var report = linkReport(link)
            do {
                try await site.prober.measure(peer, depth: depth, into: &report)
            } catch {
                return nil
            }
            let isRetuned = progress.probed(report, depth: depth, spec: plan.spec)
            // What failed over a live link is looked at again soon.
            let pause = report.failing == nil ? plan.spec.probeEvery : min(plan.spec.probeEvery, .seconds(5))
            nextProbe = site.time.steady() + pause.microseconds
            publishTuning()
            await publish()
            if isRetuned, plan.spec.way == .direct, let link {
                isRemaking = true
                await link.close(nil)
            }
            return pause
        }

        private func publishTuning() {
            let tuning = progress.tuning
            runner.orders.withLock { $0.tuning = tuning }
        }

        /// Writes the status, and answers who asked for a probe.
        private func publish(answering: Bool = true) async {
            await site.write(progress, of: plan)
            guard answering, let report = progress.report else { return }
            for asker in runner.orders.withLock({ $0.takeAskers() }) { asker.resume(returning: report) }
        }
    }

    /// Has the link used beside the loop, and wakes the loop when it is gone.
    private func use(_ link: any Link, in group: inout DiscardingTaskGroup) {
        orders.withLock { $0.link = link }
        group.addTask {
            await self.site.links.use(link)
            self.forget(link)
            self.bell()
        }
    }

    private func forget(_ link: any Link) {
        orders.withLock { if $0.link === link { $0.link = nil } }
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
