public import Faults
public import Resources

/// What one probe of a route found: a step for every layer that was reached, in order, and the figures behind them.
public struct ProbeReport: Sendable, Hashable {
    public private(set) var steps: [ProbeStep] = []
    public var figures = ProbeFigures()
    public let time: Timestamp

    public init(at time: Timestamp) {
        self.time = time
    }

    /// Adds the next layer's step. Nothing is added after a failure; a layer below the last one is a mistake of the
    /// caller.
    ///
    /// - Returns: whether the probe may go on.
    @discardableResult
    public mutating func add(_ step: ProbeStep) -> Bool {
        guard failing == nil else { return false }
        precondition(steps.last.map { $0.layer < step.layer } ?? true, "layers come in order")
        steps.append(step)
        return step.outcome != .fail
    }

    /// The probe ends with this fault. What stood at its layer or above is taken back: it holds no longer.
    ///
    /// - Parameter layer: the fault's own when nil.
    public mutating func fail(_ fault: Fault, at layer: ProbeLayer? = nil) {
        let layer = layer ?? ProbeLayer(fault)
        steps.removeAll { $0.layer >= layer || $0.outcome == .fail }
        steps.append(ProbeStep(failed: layer, fault))
    }

    /// The layer that failed, which is always the last one reached.
    public var failing: ProbeStep? { steps.last { $0.outcome == .fail } }

    public var warnings: [ProbeStep] { steps.filter { $0.outcome == .warn } }

    public subscript(_ layer: ProbeLayer) -> ProbeStep? {
        steps.first { $0.layer == layer }
    }

    /// Steps of an earlier probe stand in for those that this one left out, so a quick probe keeps what a whole one
    /// measured. Nothing is taken over behind a failure.
    public mutating func fillIn(from earlier: ProbeReport) {
        guard failing == nil else { return }
        for step in earlier.steps where self[step.layer] == nil && step.outcome != .fail {
            let place = steps.firstIndex { step.layer < $0.layer } ?? steps.endIndex
            steps.insert(step, at: place)
        }
        figures.fillIn(from: earlier.figures)
    }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "time": .string(time.description), "steps": .array(steps.map(\.json)), "figures": figures.json,
            "outcome": .string((failing != nil ? .fail : warnings.isEmpty ? ProbeStep.Outcome.pass : .warn).rawValue),
        ]
        if let failing { members["failing"] = .string(failing.layer.rawValue) }
        return .object(members)
    }

    /// Reads what `json` writes; steps that this program does not know are left out. Nil without a time.
    public init?(_ json: JSONValue) {
        guard let time = json["time"]?.string.flatMap(Timestamp.init(_:)) else { return nil }
        self.init(at: time)
        figures = ProbeFigures(json["figures"] ?? [:])
        for step in (json["steps"]?.array ?? []).compactMap(ProbeStep.init(_:)) {
            guard steps.last.map({ $0.layer < step.layer }) ?? true else { return nil }
            add(step)
        }
    }
}

/// What a probe measured; nil where it did not come so far.
public struct ProbeFigures: Sendable, Hashable {
    /// Median of the round trips of a small message, in microseconds.
    public var roundTrip: Int64?
    /// Bits per second that a bulk transfer reached.
    public var bandwidth: Int64?
    /// Bytes of the largest message that came through.
    public var largestMessage: Int64?
    /// How much longer a small message takes than one with enough behind it to fill a buffer, in microseconds.
    public var held: Int64?
    /// The peer's clock minus this site's, in milliseconds.
    public var clock: Int64?

    public init() {}

    mutating func fillIn(from earlier: ProbeFigures) {
        roundTrip = roundTrip ?? earlier.roundTrip
        bandwidth = bandwidth ?? earlier.bandwidth
        largestMessage = largestMessage ?? earlier.largestMessage
        held = held ?? earlier.held
        clock = clock ?? earlier.clock
    }

    var json: JSONValue {
        let members = [
            "roundTripMicroseconds": roundTrip, "bandwidthBitsPerSecond": bandwidth,
            "largestMessageBytes": largestMessage, "heldMicroseconds": held, "clockMilliseconds": clock,
        ]
        return .object(members.compactMapValues { $0.map { .integer($0) } })
    }

    init(_ json: JSONValue) {
        roundTrip = json["roundTripMicroseconds"]?.integer
        bandwidth = json["bandwidthBitsPerSecond"]?.integer
        largestMessage = json["largestMessageBytes"]?.integer
        held = json["heldMicroseconds"]?.integer
        clock = json["clockMilliseconds"]?.integer
    }
}
