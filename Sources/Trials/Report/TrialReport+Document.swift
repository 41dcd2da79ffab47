import Faults

extension TrialReport {
    /// The report as it is written down.
    ///
    /// - Parameters:
    ///   - began: when, as RFC 3339.
    ///   - reproduce: the command that runs it again.
    public func document(
        began: String, environment: [String: String], reproduce: String, roles: [String: String]
    ) -> TrialDocument {
        let figures = figures
        var document = TrialDocument(name: name, began: began, held: failure == nil, reproduce: reproduce)
        document.failure = failure.map { "\($0.number) \($0.what)" }
        document.phases = phases.map {
            .init(
                name: $0.phase.rawValue, start: $0.start, seconds: $0.seconds, cpuSeconds: $0.cpuSeconds,
                memory: $0.memory, bytes: $0.bytes)
        }
        document.sites = sites.map { .init(name: $0.name, role: roles[$0.name] ?? "member", figures: $0.figures) }
        document.routes = routes.map { route in
            .init(
                from: route.from, to: route.to, outcome: route.outcome, layers: route.layers,
                figures: pairs.first { $0.from == route.from && $0.to == route.to }?.figures ?? [:])
        }
        document.expectations = expectations.map {
            .init(text: $0.text, holds: $0.failure == nil, found: figures[String($0.text.prefix { $0 != " " })])
        }
        document.figures = figures
        document.learning = learning
        document.ledgers = ledgers
        document.resumed = resumed > 0 ? resumed : nil
        document.environment = environment
        return document
    }
}
