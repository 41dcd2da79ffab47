/// The most frequent values of a stream in bounded memory.
///
/// Counts are kept for at most `capacity` values; when there are more, the median count is taken off every one and those
/// at zero go (Misra and Gries 1982 in the form of Anderson and others, "A high-performance algorithm for identifying
/// frequent items in data streams", 2017). A count is never too high, and too low by at most `error`, which is below
/// 2 / `capacity` of all values. Summaries merge, their errors add up. Nothing is random.
public struct FrequentItems: Sendable {
    static let capacity = 2048

    private var table = CountTable(capacity: FrequentItems.capacity)
    /// No count is too low by more than this; a value that is not kept occurs at most so often.
    public private(set) var error = 0

    public init() {}

    @inline(__always)
    mutating func add(_ key: UInt64, _ count: Int) {
        table.add(key, count)
        if table.used > Self.capacity { purge() }
    }

    public mutating func merge(_ other: FrequentItems) {
        error += other.error
        for entry in other.table.sorted { add(entry.key, entry.count) }
    }

    /// The highest counts first, equal ones by key; only those that are above the error, so that none is there by chance.
    func top(_ most: Int) -> [(key: UInt64, count: Int)] {
        let entries = table.entries.filter { $0.count > error }
        return Array(entries.sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(most))
    }

    private mutating func purge() {
        let entries = table.entries
        let median = entries.map(\.count).sorted()[entries.count / 2]
        error += median
        table = CountTable(capacity: Self.capacity)
        for entry in entries where entry.count > median { table.add(entry.key, entry.count - median) }
    }
}
