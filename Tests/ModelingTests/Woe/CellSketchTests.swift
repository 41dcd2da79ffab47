import Faults
import ResourcesTestKit
import Testing

@testable import Modeling

@Suite struct CellSketchTests {
    private func values(_ count: Int, using random: inout SeededGenerator) -> [Double] {
        (0..<count).map { _ in
            switch Int.random(in: 0..<12, using: &random) {
            case 0: .nan
            case 1: -7
            case 2: Bool.random(using: &random) ? 0.0 : -0.0
            case 3: Double(Int.random(in: -3...3, using: &random))
            default: Double.random(in: -9...9, using: &random) * Double.random(in: 0...3, using: &random)
            }
        }
    }

    @Test func partsInAnyOrderGiveTheSketchOfTheWhole() throws {
        var random = SeededGenerator.printed(for: "sketches")
        for _ in 0..<Effort.runs(20) {
            let values = values(300, using: &random)
            var whole = try CellSketch(specials: [-7])
            for value in values { try whole.add(value) }
            var parts: [CellSketch] = []
            for part in 0..<5 {
                var sketch = try CellSketch(specials: [-7])
                for value in values[part * 60..<part * 60 + 60] { try sketch.add(value) }
                parts.append(sketch)
            }
            parts.shuffle(using: &random)
            var sum = parts[0]
            for part in parts.dropFirst() { try sum.merge(part) }
            #expect(sum == whole && sum.rows == values.count { !$0.isNaN && $0 != -7 })
        }
    }

    /// Whole bits: quantiles differ from the exact ones only in that an edge is the upper value instead of the middle.
    @Test func withAllBitsBinsHoldTheSameRowsAsExactQuantiles() throws {
        var random = SeededGenerator.printed(for: "exact sketches")
        for _ in 0..<Effort.runs(20) {
            let values = values(400, using: &random)
            var sketch = try CellSketch(bits: 23)
            for value in values { try sketch.add(value) }
            let found = try sketch.edges(bins: 9, leastRows: 7)
            let exact = try BinEdges.quantiles(of: values, bins: 9, leastRows: 7)
            #expect(values.map(found.code) == values.map(exact.code))
        }
    }

    @Test func withFewerBitsEdgesAreOffByLittle() throws {
        var random = SeededGenerator.printed(for: "sketch accuracy")
        let values = (0..<20_000).map { _ in Double.random(in: 1...9, using: &random) }
        var sketch = try CellSketch(bits: 12)
        for value in values { try sketch.add(value) }
        let partition = try FinePartition(column: "x", sketch: sketch, bins: 10)
        #expect(partition.edges.bins == 10)
        for (place, edge) in partition.edges.values.enumerated() {
            // Ranks deviate by what one cell holds: 2^-12 of the value, of 8 in width.
            let rank = values.count { $0 < Double(edge) }
            #expect(abs(rank - (place + 1) * 2000) <= 40)
        }
        #expect(partition.missingBin == 10)
    }

    @Test func aSketchAndItsRowsGiveTheSamePartition() throws {
        var random = SeededGenerator.printed(for: "sketch partition")
        let values = (0..<2000).map { _ in Double(Int.random(in: 0..<40, using: &random)) } + [.nan, 99, 99]
        var sketch = try CellSketch(bits: 23, specials: [99])
        for value in values { try sketch.add(value) }
        let one = try FinePartition(column: "x", sketch: sketch, bins: 8, guard: .fine(100))
        let other = try FinePartition(
            column: "x", values: values, specials: [99], method: .quantiles(bins: 8), guard: .fine(100))
        #expect(values.map(one.bin) == values.map(other.bin) && one.missingBin == other.missingBin)
        #expect(one.missingBin < 8 && one.specialBins == [one.missingBin])
    }

    @Test func whatDoesNotFitIsRefused() throws {
        #expect(throws: Fault(ModelingFaults.finePartition)) { try CellSketch(bits: 3) }
        var sketch = try CellSketch()
        #expect(throws: Fault(ModelingFaults.value)) { try sketch.add(1e39) }
        #expect(throws: Fault(ModelingFaults.finePartition)) { try sketch.merge(CellSketch(bits: 13)) }
        #expect(throws: Fault(ModelingFaults.finePartition)) { try sketch.merge(CellSketch(specials: [1])) }
        for value in [Double(Float.greatestFiniteMagnitude), -Double(Float.greatestFiniteMagnitude), 0, -0.0] {
            try sketch.add(value)
        }
        #expect(try sketch.edges(bins: 3).values.count == 2)
    }
}
