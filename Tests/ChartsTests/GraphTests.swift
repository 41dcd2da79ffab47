import Testing

@testable import Charts

/// Graphs of tasks, as layers.
@Suite struct GraphTests {
    private static func random(_ count: Int, seed: UInt64) -> [[Int]] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        return (0..<count).map { index in index == 0 ? [] : (0..<next(4)).map { _ in next(index) } }
    }

    @Test(arguments: 1..<40)
    func nodesStandBelowWhatTheyComeAfterAndApart(seed: Int) {
        let after = Self.random(1 + seed, seed: UInt64(seed))
        let layout = LayeredLayout(after: after)
        for (index, earlier) in after.enumerated() {
            let above = earlier.map { layout.layer[$0] }.max() ?? -1
            #expect(layout.layer[index] == above + 1)
        }
        // Two nodes of a layer do not touch, and no line runs through a box it passes.
        for one in layout.layer.indices {
            for other in layout.layer.indices where other > one && layout.layer[one] == layout.layer[other] {
                #expect(abs(layout.place[one] - layout.place[other]) > 0.999, "\(after)")
            }
            for line in layout.lines {
                for point in line.dropFirst().dropLast() where point.layer == layout.layer[one] {
                    #expect(abs(point.place - layout.place[one]) > 0.5, "\(after)")
                }
            }
        }
        #expect(layout.lines.count == after.map { Set($0).count }.reduce(0, +))
        #expect(layout.lines.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $1.layer == $0.layer + 1 } })
        #expect(layout.place.allSatisfy { (0...layout.breadth).contains($0) })
    }

    @Test func aChainIsStraight() {
        let layout = LayeredLayout(after: [[], [0], [1], [2], [3]])
        #expect(layout.breadth == 0 && layout.layer == [0, 1, 2, 3, 4])
    }

    @Test func arrowsThatLeadNowhereAreLeftOut() {
        let graph = GraphDiagram(
            "t", summary: "s", item: "Task",
            nodes: [
                .init("a", tone: .good, state: "done", after: [0, 1, -3]),
                .init("b", tone: .bad, state: "failed", detail: "3 s", after: [0, 0, 9]),
            ])
        #expect(graph.nodes.map(\.after) == [[], [0]])
        #expect(graph.table.rows.map { $0[3].english } == [Figures.none, "a"])
        let drawn = graph.svg(id: "g")
        #expect(drawn.matches(of: /class="head"/).count == 1 && drawn.contains(">failed · 3 s<"))
    }

    @Test func aLongGraphIsCutAndSaysHowMuch() {
        let nodes = (0..<400).map {
            GraphDiagram.Node(Phrase("\($0)"), tone: .neutral, state: "waiting", after: $0 > 0 ? [$0 - 1, 0] : [])
        }
        let graph = GraphDiagram("t", summary: "s", item: "Task", nodes: nodes)
        #expect(graph.svg(id: "g").contains(">+ 250<") && graph.table.rows.count == 400)
    }
}
