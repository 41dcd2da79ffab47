import Modeling
import Resources
import TaskRuntime
import Testing

@testable import Models

/// Trees node by node, as far as each party knows them.
@Suite struct ModelTreesTests {
    private typealias Example = ModelShelfTests

    private func content(_ output: [UInt8]) throws -> ModelContent {
        try ModelContent(result: try TaskResult(output: output, figures: [:]).encoded())
    }

    @Test func aGuestKnowsItsOwnColumnsAndWhoseTheOthersAre() throws {
        let trees = try content(Example.guest.bytes).trees(from: 1, atMost: 10)
        #expect(
            trees == [
                [
                    "tree": 1,
                    "nodes": [
                        [
                            "rows": 90, "party": "guest", "gain": 3.0, "left": 1, "right": 2, "column": "limit",
                            "edge": 2.5, "missingLeft": true,
                        ],
                        ["rows": 50, "party": "host1", "gain": 1.0, "left": 3, "right": 4],
                        ["rows": 40, "leaf": 0.5], ["rows": 30, "leaf": -0.5], ["rows": 20, "leaf": 0.25],
                    ],
                ]
            ])
        #expect(try content(Example.guest.bytes).trees(from: 2, atMost: 10).isEmpty)
        #expect(try content(Example.guest.bytes).splits.isEmpty)
    }

    @Test func aHostKnowsItsSplitsAndNoTree() throws {
        let host = try content(Example.host.bytes)
        #expect(host.trees(from: 1, atMost: 10).isEmpty)
        #expect(
            host.splits == [["tree": 1, "node": 1, "column": "refunds", "edge": 7.0, "missingLeft": false]])
    }

    @Test func aWholeModelIsKnownToTheLastSplit() throws {
        let whole = try ModelContent(result: [], whole: Example.joined.bytes)
        let node = whole.trees(from: 1, atMost: 1).first?["nodes"]?.array?[1]
        #expect(node?["column"] == "refunds" && node?["edge"] == 7.0 && node?["missingLeft"] == false)
    }
}
