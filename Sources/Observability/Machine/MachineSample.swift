public import Resources

/// What is used of something, and what there is of it at most.
public struct Share: Sendable, Hashable {
    public var used: Double
    public var total: Double

    public init(used: Double, total: Double) {
        self.used = used
        self.total = total
    }
}

/// How a machine was used at one moment, or on average over a period. What the system does not tell is nil.
public struct MachineSample: Sendable, Hashable {
    /// The moment, or the period's beginning.
    public var time: Timestamp
    /// Processor cores: of the machine, or what the site's control group may have of it where that is less.
    public var cpu: Share?
    /// Bytes: of the machine without what it can give back at once, or of the control group where its limit is less.
    public var memory: Share?
    /// Bytes of the file system with the site's data.
    public var storage: Share?
    /// Processes that ran or wanted to, on average over a minute.
    public var load: Double?
    /// Bytes that came in from other machines, each second.
    public var received: Double?
    /// Bytes that went out to other machines, each second.
    public var sent: Double?
    /// Graphics processors: how many are busy, a half-busy one as a half.
    public var gpu: Share?
    /// Bytes of memory of all graphics processors.
    public var gpuMemory: Share?

    public init(time: Timestamp) {
        self.time = time
    }
}

/// One graphics processor, as its driver tells.
public struct GraphicsCard: Sendable, Hashable {
    public let index: Int
    public let name: String
    /// From 0 to 1; nil where the driver does not say.
    public let busy: Double?
    /// Bytes.
    public let memory: Share?
}

/// What is known of a machine now.
public struct MachineState: Sendable {
    /// As the system calls it.
    public let name: String
    /// The last sample; nil until there is one.
    public let sample: MachineSample?
    public let cards: [GraphicsCard]

    public init(name: String, sample: MachineSample?, cards: [GraphicsCard]) {
        self.name = name
        self.sample = sample
        self.cards = cards
    }
}
