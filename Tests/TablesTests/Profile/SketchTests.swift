import CTables
import ResourcesTestKit
import Testing

@testable import Tables

/// The bounds that docs/tables.md states, on random data of several shapes.
@Suite struct SketchTests {
    @Test func countsOfDifferentValuesKeepTheirError() {
        var random = SeededGenerator.printed(for: "countsOfDifferentValuesKeepTheirError")
        for truth in [0, 1, 2, 10, 100, 1000, 5000, 20_000, 60_000, Effort.isLong ? 2_000_000 : 100_000] {
            var sketch = DistinctSketch()
            let start = random.next()
            for place in 0..<truth { sketch.add(hash: ProfileHash.mixed(start &+ UInt64(place))) }
            // Five standard errors: fails by chance less than once in a million runs.
            let error = abs(sketch.estimate - Double(truth))
            #expect(error <= max(0.5, 5 * DistinctSketch.standardError * Double(truth)), "\(truth): \(sketch.estimate)")
        }
    }

    @Test func sketchesOfDifferentValuesMergeToTheVerySketchOfBoth() {
        var random = SeededGenerator.printed(for: "sketchesOfDifferentValuesMergeToTheVerySketchOfBoth")
        var (a, b, both) = (DistinctSketch(), DistinctSketch(), DistinctSketch())
        for place in 0..<20_000 {
            let hash = ProfileHash.mixed(UInt64.random(in: 0..<10_000, using: &random))
            if place % 3 == 0 { a.add(hash: hash) } else { b.add(hash: hash) }
            both.add(hash: hash)
        }
        a.merge(b)
        #expect(a == both)
    }

    @Test(arguments: ["random", "ascending", "descending", "few", "skewed"])
    func ranksKeepTheErrorThatTheSketchStates(shape: String) {
        var random = SeededGenerator.printed(for: "ranksKeepTheErrorThatTheSketchStates \(shape)")
        let count = Effort.isLong ? 2_000_000 : 150_000
        let values = (0..<count).map { place -> UInt64 in
            switch shape {
            case "ascending": UInt64(place)
            case "descending": UInt64(count - place)
            case "few": UInt64.random(in: 0..<50, using: &random)
            case "skewed": random.next() >> UInt64.random(in: 0...63, using: &random)
            default: random.next()
            }
        }
        var whole = QuantileSketch()
        var parts = (0..<3).map { _ in QuantileSketch() }
        var start = 0
        while start < count {
            let piece = Array(values[start..<min(count, start + Int.random(in: 1...20_000, using: &random))].sorted())
            whole.add(sorted: piece)
            parts[Int.random(in: 0..<3, using: &random)].add(sorted: piece)
            start += piece.count
        }
        var merged = parts[0]
        merged.merge(parts[1])
        merged.merge(parts[2])
        let sorted = values.sorted()
        for sketch in [whole, merged] {
            #expect(sketch.count == count)
            #expect(sketch.rankError < count / 100, "\(sketch.rankError) of \(count)")
            let weighted = sketch.weighted
            #expect(weighted.reduce(0) { $0 + $1.weight } == count)
            // The rank of every tenth value that is kept.
            var total = 0
            for (place, entry) in weighted.enumerated() {
                total += entry.weight
                guard place % 10 == 0, place + 1 == weighted.count || weighted[place + 1].value > entry.value else {
                    continue
                }
                let truth = sorted.partitioningIndex { $0 > entry.value }
                #expect(abs(truth - total) <= sketch.rankError, "value \(place)")
            }
        }
    }

    @Test func frequentValuesKeepTheErrorThatIsStated() {
        var random = SeededGenerator.printed(for: "frequentValuesKeepTheErrorThatIsStated")
        var truth: [UInt64: Int] = [:]
        var (a, b) = (FrequentItems(), FrequentItems())
        let count = 200_000
        for _ in 0..<count {
            // Zipf-like over a long tail.
            let key = random.next() >> UInt64.random(in: 34...63, using: &random)
            truth[key, default: 0] += 1
            if Bool.random(using: &random) { a.add(key, 1) } else { b.add(key, 1) }
        }
        a.merge(b)
        #expect(a.error > 0 && a.error <= 2 * count / FrequentItems.capacity)
        let top = a.top(20)
        #expect(top.count == 20)
        #expect(top.map(\.count) == top.map(\.count).sorted(by: >))
        for entry in top {
            let right = truth[entry.key] ?? 0
            #expect(entry.count <= right && right <= entry.count + a.error)
        }
        // Whatever is twice as frequent as the error must be found.
        let found = Set(a.top(.max).map(\.key))
        #expect(truth.filter { $0.value > 2 * a.error }.keys.allSatisfy(found.contains))
    }

    @Test func momentsOfPartsAreThoseOfTheWhole() throws {
        var random = SeededGenerator.printed(for: "momentsOfPartsAreThoseOfTheWhole")
        let values = (0..<5000).map { _ in 1e9 + Double.random(in: 0...1, using: &random) }
        var whole = Moments()
        whole.add(values)
        var parts = Moments()
        for start in stride(from: 0, to: 5000, by: 700) { parts.add(values[start..<min(5000, start + 700)]) }
        let mean = 1e9 + values.map { $0 - 1e9 }.reduce(0, +) / 5000
        let deviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4999).squareRoot()
        for moments in [whole, parts] {
            // A thousand units in the last place of 10^9: each of 5,000 steps rounds.
            #expect(abs(moments.mean - mean) < 1e-4)
            #expect(abs(try #require(moments.standardDeviation) / deviation - 1) < 1e-6)
        }
        var huge = Moments()
        huge.add([.greatestFiniteMagnitude, .greatestFiniteMagnitude])
        #expect(huge.mean.isFinite)
        #expect(Moments().standardDeviation == nil)
    }

    @Test func theKernelSorts() {
        var random = SeededGenerator.printed(for: "theKernelSorts")
        for count in [0, 1, 2, 47, 48, 49, 1000, 5000] {
            for shift: UInt64 in [0, 20, 56, 63] {
                let values = (0..<count).map { _ in random.next() >> shift }
                #expect(Self.sorted(values) == values.sorted())
            }
        }
    }

    private static func sorted(_ values: [UInt64]) -> [UInt64] {
        var (values, scratch) = (values, values)
        ct_sort(&values, &scratch, values.count)
        return values
    }
}

extension Array {
    /// The first place from which on the condition holds; it holds nowhere before.
    fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
