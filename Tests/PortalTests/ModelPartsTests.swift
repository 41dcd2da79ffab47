import Resources
import Testing

@testable import Portal

/// What pages of models make of the API's answers.
@Suite struct ModelPartsTests {
    private let hostile = "<script>alert('1')</script>\"&"

    /// Names of columns, categories and reasons are shown as they are, and are never markup.
    @Test func namesAreNeverMarkup() {
        let bin: JSONValue = ["rows": 9, "bads": 3, "rate": 0.5, "woe": 0.25, "iv": 0.125, "from": 1, "below": 2]
        let column: JSONValue = [
            "task": .string(hostile), "column": .string(hostile), "iv": 0.25, "direction": "rising", "bins": [bin],
        ]
        let decision: JSONValue = [
            "column": .string(hostile), "rule": .string(hostile), "reason": .string(hostile), "kept": false,
        ]
        let tree: JSONValue = [
            "tree": 1,
            "nodes": [
                ["rows": 9, "party": "guest", "column": .string(hostile), "edge": 2, "left": 1, "right": 2],
                ["rows": 4, "leaf": 0.5], ["rows": 5, "leaf": -0.5],
            ],
        ]
        let pieces = [
            BinTables(columns: [(hostile, column)]).html, SelectionTable(decisions: [decision]).html,
            figure(ModelCharts.tree(tree, parties: [hostile]), id: "tree"),
            Evaluation.table([(hostile, ["auc": 0.5])], keys: ["auc", hostile]),
            PointsFindings(report: ["cutoffs": [], "months": [["from": .string(hostile), "to": "b"]]], id: "p").html,
        ]
        for (index, piece) in pieces.enumerated() {
            for language in Language.allCases {
                let text = piece.write(language)
                #expect(text.contains("&lt;script&gt;") && !text.contains("<script"), "\(index)")
            }
        }
    }

    @Test func pointsAreReadWithTheirBins() {
        let card = Scorecard([
            "digest": "d", "scale": ["decimals": 1], "baseUnits": 5000,
            "columns": [
                [
                    "name": "amount", "edges": [10, 20, 30], "specials": [-1], "specialBins": [4], "missingBin": 5,
                    "groups": [0, 0, 1, 1, 2, 1], "coefficient": 0.5, "woe": [0.5, -0.5, 0], "units": [-120, 130, 5],
                    "mean": 1,
                ]
            ],
        ])
        #expect(card.base == 500 && card.columns[0].bins.map(\.points) == [-12, 13, 0.5])
        #expect(
            card.columns[0].bins.map { BinRange.words($0.range).english } == ["< 20", "≥ 20, missing", "−1"])
        #expect(card.bounds.least == 488 && card.bounds.most == 513)
    }

    @Test func binsOfOthersHaveNoEdges() {
        #expect(BinRange.words(["fineBins": [3, 4, 5, 6], "rows": 1]).english == "fine bins 3 … 6")
        #expect(BinRange.words(["values": [-1], "isApart": true, "missing": true]).chinese == "−1、缺失")
    }

    @Test func downloadsHaveHarmlessNames() {
        #expect(SiteCalls.attachment("a\";ä/b.csv") == "attachment; filename=\"a----b.csv\"")
        #expect(SiteCalls.attachment("m-1.json") == "attachment; filename=\"m-1.json\"")
    }
}
