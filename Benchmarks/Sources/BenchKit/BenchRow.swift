/// One row of a bench: what is measured, in what unit, beside whom, and what is wanted of it.
public struct BenchRow: Sendable {
    /// Dotted and stable, lower case: `paillier2048.encrypt.owner`. Scripts compare rows of different days by this name.
    public let name: String
    /// Unit of `value`, `min` and `max`: `ns`, `ms`, `rows/s`, `bytes`, `products`, `times`.
    public let unit: String
    /// One or two sentences: what one unit of work is, which clock, and what `ratio` means where there is one.
    public let doc: String
    /// Which of the runs `value` is.
    public let statistic: Statistic
    /// The peer or the baseline the row stands beside; a measurement may replace it by one taken in the same run.
    public let against: Against?
    /// How `ratio` comes about.
    public let ratio: Ratio
    /// What is wanted, or nil for a row that only informs.
    public let goal: Goal?
    /// Takes the runs. Set-up that several rows share belongs into a lazy value of the bench program.
    public let measure: @Sendable (BenchContext) async throws -> Measurement

    public init(
        _ name: String,
        unit: String,
        doc: String,
        statistic: Statistic = .median,
        against: Against? = nil,
        ratio: Ratio = .none,
        goal: Goal? = nil,
        measure: @escaping @Sendable (BenchContext) async throws -> Measurement
    ) {
        self.name = name
        self.unit = unit
        self.doc = doc
        self.statistic = statistic
        self.against = against
        self.ratio = ratio
        self.goal = goal
        self.measure = measure
    }

    /// Which of the runs `value` is: the median, or the worst where a tail is what matters (`least` and `most` say
    /// which side is bad).
    public enum Statistic: Sendable {
        case median
        case worstIsMost
        case worstIsLeast
    }

    /// How `ratio` comes about; the row's `doc` says in words what it means.
    public enum Ratio: Sendable {
        /// There is none.
        case none
        /// `against.value / value`: how many times less than the peer.
        case againstOverValue
        /// `value / against.value`: how many times the baseline.
        case valueOverAgainst
        /// The measurement brings its own.
        case measured
    }
}

/// A peer's or a baseline's figure in the unit of the row.
public struct Against: Sendable, Equatable, Codable {
    public let name: String
    public let value: Double
    /// Where the figure is from: a document, a version and machine, or `measured in this run`.
    public let source: String

    public init(name: String, value: Double, source: String) {
        self.name = name
        self.value = value
        self.source = source
    }
}

/// What is wanted: a bound on the value or on the ratio, from above or from below.
public struct Goal: Sendable, Equatable {
    public enum Quantity: String, Sendable {
        case value
        case ratio
    }

    public enum Direction: String, Sendable {
        case atLeast = "at least"
        case atMost = "at most"
    }

    public let quantity: Quantity
    public let direction: Direction
    public let bound: Double

    public static func value(_ direction: Direction, _ bound: Double) -> Goal {
        Goal(quantity: .value, direction: direction, bound: bound)
    }

    public static func ratio(_ direction: Direction, _ bound: Double) -> Goal {
        Goal(quantity: .ratio, direction: direction, bound: bound)
    }

    /// Whether the goal is met; nil when the ratio it speaks of is not there.
    public func isMet(value: Double, ratio: Double?) -> Bool? {
        guard let subject = quantity == .value ? value : ratio else { return nil }
        switch direction {
        case .atLeast: return subject >= bound
        case .atMost: return subject <= bound
        }
    }
}

/// What a row's measurement brings home.
public struct Measurement: Sendable {
    /// One figure per run, in the row's unit, in the order taken; never empty.
    public let runs: [Double]
    /// For `Ratio.measured`.
    public let ratio: Double?
    /// A peer measured beside it; replaces the row's `against`.
    public let against: Against?
    /// False when the goal does not apply on this machine (a kernel is missing and the goal is defined by it);
    /// `met` is then null.
    public let goalApplies: Bool

    public init(_ runs: [Double], ratio: Double? = nil, against: Against? = nil, goalApplies: Bool = true) {
        precondition(!runs.isEmpty, "a measurement needs at least one run")
        self.runs = runs
        self.ratio = ratio
        self.against = against
        self.goalApplies = goalApplies
    }
}
