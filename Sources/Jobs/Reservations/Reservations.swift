/// What of a site's capacity is promised to which job: a value without a clock.
///
/// Jobs are served oldest first, by their ULIDs, which all sites order alike. Nothing is preempted once it is in use; but
/// what a younger job merely holds while its other parties still wait is given to an older one that asks. So of jobs that
/// want the same sites in different orders, the oldest always gets everything: none waits for another in a circle.
///
/// A call looks at the job, the head of the queue, and those that it gives to or takes from; never at everyone who waits.
public struct Reservations: Sendable {
    /// What a job has.
    public enum State: Sendable, Hashable {
        case waiting
        /// Promised; an older job may still take it.
        case held
        /// A worker may run.
        case inUse
    }

    public let capacity: WorkerCapacity
    public private(set) var free: WorkerCapacity
    private var asks: [String: (ask: WorkerCapacity, state: State)] = [:]
    /// Rising.
    private var waiting: [String] = []
    /// Rising; held, not in use.
    private var held: [String] = []

    public init(capacity: WorkerCapacity) {
        self.capacity = capacity
        free = capacity
    }

    public func state(of job: String) -> State? { asks[job]?.state }

    /// Jobs that wait.
    public var waitingCount: Int { waiting.count }

    /// Whether the ask could be met were nothing else there.
    public func couldEver(_ ask: WorkerCapacity) -> Bool { Self.fits(ask, capacity) }

    /// Nil unless the job waits.
    public func shortage(of job: String) -> CapacityShortage? {
        guard let (ask, state) = asks[job], state == .waiting else { return nil }
        return CapacityShortage(asked: ask, free: free, capacity: capacity, ahead: Self.place(of: job, in: waiting))
    }

    /// A job wants capacity. Asking again changes nothing.
    ///
    /// - Returns: other jobs whose state has changed.
    public mutating func ask(_ job: String, _ ask: WorkerCapacity) -> [String] {
        guard asks[job] == nil else { return [] }
        asks[job] = (ask, .waiting)
        Self.insert(job, into: &waiting)
        return settle().filter { $0 != job }
    }

    /// The job starts: from now on nobody takes it away.
    ///
    /// - Returns: false when it does not hold anything.
    public mutating func use(_ job: String) -> Bool {
        switch asks[job]?.state {
        case .held:
            asks[job]?.state = .inUse
            Self.remove(job, from: &held)
            return true
        case .inUse: return true
        case .waiting, nil: return false
        }
    }

    /// The job's workers have ended, and it wants to start again: an older one may take it.
    ///
    /// - Returns: other jobs whose state has changed.
    public mutating func rest(_ job: String) -> [String] {
        guard asks[job]?.state == .inUse else { return [] }
        asks[job]?.state = .held
        Self.insert(job, into: &held)
        return settle().filter { $0 != job }
    }

    /// The job wants nothing any more.
    ///
    /// - Returns: other jobs whose state has changed.
    public mutating func release(_ job: String) -> [String] {
        guard let (ask, state) = asks.removeValue(forKey: job) else { return [] }
        switch state {
        case .waiting: Self.remove(job, from: &waiting)
        case .held: Self.remove(job, from: &held)
        case .inUse: break
        }
        if state != .waiting { give(back: ask) }
        return settle()
    }

    /// Gives to the oldest that waits as long as there is enough, counting what younger jobs merely hold.
    private mutating func settle() -> [String] {
        var changed: Set<String> = []
        while let first = waiting.first, let ask = asks[first]?.ask {
            var available = free
            var givers: [String] = []
            for younger in held.reversed() {
                if Self.fits(ask, available) || younger < first { break }
                let theirs = asks[younger]!.ask
                available.cores += theirs.cores
                available.memory += theirs.memory
                givers.append(younger)
            }
            // Whoever comes later waits as well, or a large ask would never be met.
            guard Self.fits(ask, available) else { break }
            for giver in givers {
                give(back: asks[giver]!.ask)
                asks[giver]!.state = .waiting
                Self.remove(giver, from: &held)
                Self.insert(giver, into: &waiting)
                changed.formSymmetricDifference([giver])
            }
            waiting.removeFirst()
            free.cores -= ask.cores
            free.memory -= ask.memory
            asks[first]!.state = .held
            Self.insert(first, into: &held)
            changed.formSymmetricDifference([first])
        }
        return changed.sorted()
    }

    private mutating func give(back ask: WorkerCapacity) {
        free.cores += ask.cores
        free.memory += ask.memory
    }

    private static func fits(_ ask: WorkerCapacity, _ room: WorkerCapacity) -> Bool {
        ask.cores <= room.cores && ask.memory <= room.memory
    }

    /// How many of a rising list come before the job.
    private static func place(of job: String, in list: [String]) -> Int {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle] < job { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func insert(_ job: String, into list: inout [String]) {
        list.insert(job, at: place(of: job, in: list))
    }

    private static func remove(_ job: String, from list: inout [String]) {
        let index = place(of: job, in: list)
        if index < list.count, list[index] == job { list.remove(at: index) }
    }
}
