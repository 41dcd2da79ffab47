import CTables

/// Collects the profile of one column, chunk by chunk, in bounded memory. Profilers of parts of a column merge.
public struct ColumnProfiler: Sendable {
    /// Different values up to which everything is counted exactly.
    static let mostExact = 4096

    public let column: ColumnSchema
    private var count = 0
    private var missing = 0
    private var moments = Moments()
    private var lengths: ClosedRange<Int>?
    private var least: UInt64?
    private var greatest: UInt64?
    /// All values with their counts while they are few, else `nil`. Keys of texts are hashes.
    private var exact: CountTable? = CountTable()
    private var distinct = DistinctSketch()
    private var quantiles = QuantileSketch()
    private var frequent = FrequentItems()
    private var categories: [String: Int] = [:]

    public init(_ column: ColumnSchema) {
        self.column = column
    }

    /// Adds a chunk of the column; `categories` are the texts of its codes.
    public mutating func add(_ chunk: ColumnChunk, categories: [String] = []) {
        count += chunk.count
        missing += chunk.presence.missing
        switch chunk.values {
        case .integers(let list):
            addNumbers(list, chunk.presence, key: { ValueOrder.key($0) }, number: numbers(of: column.type))
        case .floats(let list): addNumbers(list, chunk.presence, key: { ValueOrder.key($0) }, number: { $0 })
        case .codes(let codes): addCodes(codes, chunk.presence, categories)
        case .texts(let texts):
            var hashes: [UInt64] = []
            hashes.reserveCapacity(chunk.count)
            for row in 0..<chunk.count where chunk.presence[row] {
                hashes.append(ProfileHash.text(texts[row]))
                addLength(texts.offsets[row + 1] - texts.offsets[row])
            }
            addRuns(of: sorted(hashes))
        }
    }

    /// The profiler of both parts together; the other one is of the same column.
    public mutating func merge(_ other: ColumnProfiler) {
        precondition(column == other.column)
        count += other.count
        missing += other.missing
        moments.merge(other.moments)
        if let lengths = other.lengths {
            addLength(lengths.lowerBound)
            addLength(lengths.upperBound)
        }
        addExtremes(other.least, other.greatest)
        categories.merge(other.categories, uniquingKeysWith: +)
        if let table = other.exact {
            guard exact != nil else { return absorb(table) }
            for entry in table.sorted { exact?.add(entry.key, entry.count) }
            giveUpExactIfMany()
        } else {
            giveUpExact()
            distinct.merge(other.distinct)
            quantiles.merge(other.quantiles)
            frequent.merge(other.frequent)
        }
    }

    public func profile() -> ColumnProfile {
        column.type == .category ? categoryProfile() : valueProfile()
    }

    private func numbers(of type: ColumnType) -> (Int64) -> Double {
        guard case .decimal(let scale) = type else { return { Double($0) } }
        let power = Double(NumberText.powers[scale])
        return { Double($0) / power }
    }

    private mutating func addNumbers<Value>(
        _ list: [Value], _ presence: Presence, key: (Value) -> UInt64, number: (Value) -> Double
    ) {
        var keys: [UInt64] = []
        keys.reserveCapacity(list.count)
        var values: [Double] = []
        values.reserveCapacity(list.count)
        for row in list.indices where presence[row] {
            keys.append(key(list[row]))
            values.append(number(list[row]))
        }
        if column.type.isNumeric { moments.add(values) }
        let sorted = sorted(keys)
        addExtremes(sorted.first, sorted.last)
        addRuns(of: sorted)
    }

    private mutating func addCodes(_ codes: [UInt32], _ presence: Presence, _ texts: [String]) {
        var counts = [Int](repeating: 0, count: texts.count)
        for row in codes.indices where presence[row] { counts[Int(codes[row])] += 1 }
        for (code, count) in counts.enumerated() where count > 0 {
            categories[texts[code], default: 0] += count
            addLength(texts[code].utf8.count)
        }
    }

    private mutating func addLength(_ length: Int) {
        lengths = lengths.map { min($0.lowerBound, length)...max($0.upperBound, length) } ?? length...length
    }

    private mutating func addExtremes(_ least: UInt64?, _ greatest: UInt64?) {
        if let least { self.least = min(self.least ?? least, least) }
        if let greatest { self.greatest = max(self.greatest ?? greatest, greatest) }
    }

    private func sorted(_ keys: [UInt64]) -> [UInt64] {
        var keys = keys
        var scratch = [UInt64](repeating: 0, count: keys.count)
        ct_sort(&keys, &scratch, keys.count)
        return keys
    }

    private mutating func addRuns(of sorted: [UInt64]) {
        let isExact = exact != nil
        var start = 0
        while start < sorted.count {
            let key = sorted[start]
            var end = start + 1
            while end < sorted.count, sorted[end] == key { end += 1 }
            if isExact { exact?.add(key, end - start) } else { addToSketches(key, end - start) }
            start = end
        }
        if isExact {
            giveUpExactIfMany()
        } else if column.type != .text {
            quantiles.add(sorted: sorted)
        }
    }

    private mutating func giveUpExactIfMany() {
        if let used = exact?.used, used > Self.mostExact { giveUpExact() }
    }

    private mutating func addToSketches(_ key: UInt64, _ count: Int) {
        distinct.add(hash: ProfileHash.mixed(key))
        frequent.add(key, count)
    }

    /// Hands what was counted exactly to the sketches.
    private mutating func giveUpExact() {
        guard let table = exact else { return }
        exact = nil
        absorb(table)
    }

    /// Puts exact counts into the sketches.
    private mutating func absorb(_ table: CountTable) {
        let entries = table.sorted
        for entry in entries { addToSketches(entry.key, entry.count) }
        guard column.type != .text else { return }
        var piece: [UInt64] = []
        for entry in entries {
            var left = entry.count
            while left > 0 {
                let part = min(left, 65_536 - piece.count)
                piece.append(contentsOf: repeatElement(entry.key, count: part))
                left -= part
                if piece.count == 65_536 {
                    quantiles.add(sorted: piece)
                    piece.removeAll(keepingCapacity: true)
                }
            }
        }
        quantiles.add(sorted: piece)
    }
}

extension ColumnProfiler {
    private static let mostFrequent = 20
    private static let bins = 20
    private static let shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]

    private func categoryProfile() -> ColumnProfile {
        let top = categories.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.mostFrequent)
        return ColumnProfile(
            name: column.name, type: column.type.description, count: count, missing: missing,
            distinct: ColumnProfile.Distinct(count: categories.count, isExact: true, standardError: 0), least: nil,
            greatest: nil, shortest: lengths?.lowerBound, longest: lengths?.upperBound, mean: nil,
            standardDeviation: nil, quantiles: [], rankError: 0, histogram: [],
            frequent: top.map { ColumnProfile.Frequent(value: $0.key, count: $0.value, error: 0) })
    }

    private func valueProfile() -> ColumnProfile {
        let order = ValueOrder(type: column.type)
        let isText = column.type == .text
        let weighted = isText ? [] : ranked.map { ($0.key, $0.rows) }
        let ranks = WeightedRanks(weighted, least: least, greatest: greatest)
        let isNumeric = column.type.isNumeric && moments.count > 0
        let top: [(key: UInt64, count: Int)] =
            exact.map { Array($0.entries.sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(Self.mostFrequent)) }
            ?? frequent.top(Self.mostFrequent)
        let error = exact == nil ? frequent.error : 0
        return ColumnProfile(
            name: column.name, type: column.type.description, count: count, missing: missing, distinct: distinctCount,
            least: least.map(order.text), greatest: greatest.map(order.text), shortest: lengths?.lowerBound,
            longest: lengths?.upperBound, mean: isNumeric && moments.mean.isFinite ? moments.mean : nil,
            standardDeviation: isNumeric ? moments.standardDeviation : nil,
            quantiles: Self.shares.compactMap { share in
                ranks.quantile(share).map { ColumnProfile.Quantile(at: share, value: order.text($0)) }
            }, rankError: exact == nil && !isText ? quantiles.rankError : 0,
            histogram: isNumeric ? ranks.histogram(bins: Self.bins, order.number) : [],
            frequent: isText ? [] : top.map { .init(value: order.text($0.key), count: $0.count, error: error) })
    }

    /// Values of numbers and dates, ascending by `ValueOrder`, with how many rows each stands for; one value may be there
    /// several times when it comes of a sketch.
    var ranked: [(key: UInt64, rows: Int)] {
        exact.map { $0.sorted.map { ($0.key, $0.count) } } ?? quantiles.weighted.map { ($0.value, $0.weight) }
    }

    private var distinctCount: ColumnProfile.Distinct {
        if let exact { return .init(count: exact.used, isExact: true, standardError: 0) }
        let estimate = min(distinct.estimate.rounded(), Double(count - missing))
        return .init(count: Int(estimate), isExact: false, standardError: DistinctSketch.standardError)
    }
}
