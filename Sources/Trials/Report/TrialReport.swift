public import Faults
public import Resources

/// What a trial has found.
public struct TrialReport: Sendable, Codable {
    public struct PhaseTime: Sendable, Hashable, Codable {
        public let phase: TrialPhase
        /// Since the trial's begin.
        public let start: Double
        public let seconds: Double
        /// Of all sites and workers; nil where nobody looked.
        public var cpuSeconds: Double?
        public var memory: Double?
        /// Payload between the sites.
        public var bytes: Double?
    }

    /// A route as its probe found it.
    public struct RouteResult: Sendable, Hashable, Codable {
        public let from: String
        public let to: String
        /// `pass` or `warn`.
        public let outcome: String
        /// Layers that were looked at.
        public let layers: Int
    }

    /// What one site measured: names of figures as its operator gave them.
    public struct SiteResult: Sendable, Hashable, Codable {
        public let name: String
        public let figures: [String: Double]
    }

    /// What a pair of sites measured, seen from the first.
    public struct PairResult: Sendable, Hashable, Codable {
        public let from: String
        public let to: String
        public let figures: [String: Double]
    }

    public let name: String
    /// When it began, and the command that runs it again.
    public internal(set) var began = Timestamp.now
    public internal(set) var reproduce = ""
    /// How often another process took it over; times are those of the processes that brought a phase to its end.
    public internal(set) var resumed = 0
    public internal(set) var phases: [PhaseTime] = []
    public internal(set) var routes: [RouteResult] = []
    public internal(set) var sites: [SiteResult] = []
    public internal(set) var pairs: [PairResult] = []
    /// Seconds that the job took, and what it was predicted to take: with what is known before it, and with what it has
    /// measured itself.
    public internal(set) var actual: Double?
    public internal(set) var predictedBefore: Double?
    public internal(set) var predicted: Double?
    /// Figures of what was learnt, by the names that expectations use.
    public internal(set) var learned: [String: Double] = [:]
    public internal(set) var learning: TrialDocument.Learning?
    public internal(set) var ledgers: [TrialDocument.Ledger] = []
    public internal(set) var expectations: [(text: String, failure: Fault?)] = []
    /// Why it did not come to its end.
    public internal(set) var fault: Fault?
    /// The folder of a trial whose sites were kept.
    public internal(set) var kept: String?

    init(_ name: String) {
        self.name = name
    }

    /// What is kept for another process that goes on: everything but the end.
    private enum CodingKeys: String, CodingKey {
        case name, resumed, phases, routes, sites, pairs, actual, predictedBefore, predicted, learned, learning, ledgers
    }

    /// The first thing that is wrong; nil when everything held.
    public var failure: Fault? { fault ?? expectations.lazy.compactMap(\.failure).first }

    /// Every figure by the name that expectations use. Beside those of single sites (`SITE.NAME`) and pairs
    /// (`FROM.TO.NAME`) there is the worst of each: largest round trips, smallest of everything else.
    public var figures: [String: Double] {
        var figures: [String: Double] = [:]
        for phase in phases { figures["seconds.\(phase.phase.rawValue)"] = phase.seconds }
        figures["seconds"] = phases.map(\.seconds).reduce(0, +)
        for site in sites {
            for (name, value) in site.figures {
                figures["\(site.name).\(name)"] = value
                figures[name] = min(figures[name] ?? value, value)
            }
        }
        for pair in pairs {
            for (name, value) in pair.figures {
                figures["\(pair.from).\(pair.to).\(name)"] = value
                let isRoundTrip = name.hasPrefix("round_trip")
                let worst = figures[name] ?? value
                figures[name] = isRoundTrip ? max(worst, value) : min(worst, value)
                if name.hasPrefix("bandwidth") { figures["bandwidth"] = min(figures["bandwidth"] ?? value, value) }
            }
        }
        figures.merge(learned) { $1 }
        if let actual { figures["actual"] = actual }
        if let predictedBefore { figures["predicted_before"] = predictedBefore }
        if let predicted { figures["predicted"] = predicted }
        if let predicted, let actual, actual > 0 { figures["predicted_over_actual"] = predicted / actual }
        return figures
    }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "held": .bool(failure == nil),
            "phases": .array(
                phases.map { ["phase": .string($0.phase.rawValue), "seconds": .number($0.seconds)] }),
            "routes": .array(
                routes.map {
                    [
                        "from": .string($0.from), "to": .string($0.to), "outcome": .string($0.outcome),
                        "layers": .integer(Int64($0.layers)),
                    ]
                }),
            "figures": .object(figures.mapValues { .number($0) }),
            "expectations": .array(
                expectations.map { ["text": .string($0.text), "holds": .bool($0.failure == nil)] }),
        ]
        if let failure {
            members["failure"] = [
                "number": .string(failure.number.description), "what": .string(failure.what),
                "where": .string(failure.place ?? ""), "fix": .string(failure.fix),
            ]
        }
        if let kept { members["folder"] = .string(kept) }
        if resumed > 0 { members["resumed"] = .integer(Int64(resumed)) }
        return .object(members)
    }
}
