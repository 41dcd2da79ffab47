import Modeling

extension WoeOperator {
    static let parameters: [OperatorParameter] =
        BoostOperator.parameters.compactMap { parameter in
            switch parameter.name {
            case "guestDataset", "hostDatasets", "guestKey", "hostKeys", "rules", "guestColumns", "hostColumns",
                "hostColumnLimit", "rows", "test", "keyBits", "profile":
                parameter
            case "label":
                OperatorParameter(
                    "label", .text(1...128), "The guest's column of labels: 1 for a bad account, 0 for a good one.")
            default: nil
            }
        } + [
            OperatorParameter(
                "fineBins", .integer(2...200), default: .integer(50),
                "Most fine bins of a column when it is divided for the first time, special and missing values apart."),
            OperatorParameter(
                "fineMethod", .choice(["quantiles", "equalWidth"]), default: .text("quantiles"),
                "How fine bins are made at first: of about equally many rows, or equally wide. Later they stay."),
            OperatorParameter(
                "edges", .text(0...16_384), default: .text(""),
                "Edges of fine bins by hand: COLUMN: 25 35.5 60; … with the values at which they begin; 200 rows or more in "
                    + "each; columns that the plan names, as guest.NAME, host1.NAME."),
            OperatorParameter(
                "specials", .text(0...1_024), default: .text(""),
                "Values with a bin of their own in every column, rising, separated by commas."),
            OperatorParameter(
                "rule", .choice(["optimal", "chiMerge", "quantiles"]), default: .text("optimal"),
                "How fine bins are put together: the highest information value, the least difference first, or equally many rows."
            ),
            OperatorParameter(
                "bins", .integer(2...Int64(WoePlan.mostBins)), default: .integer(10), "Most bins of a column."),
            OperatorParameter(
                "trend", .choice(["monotone", "rising", "falling", "free"]), default: .text("monotone"),
                "optimal: how bad rates may go from bin to bin."),
            OperatorParameter(
                "chiSquare", .number(0...1_000), default: .number(3.841),
                "chiMerge: neighbours that differ by less are merged (one degree of freedom)."),
            OperatorParameter(
                "starts", .text(0...16_384), default: .text(""),
                "Bins by hand: COLUMN: 4 9 17; … with the fine bins at which bins begin; columns as guest.NAME, host1.NAME."
            ),
        ]

    static let leakage = [
        LeakageStatement(
            role: "guest",
            learns:
                "Of every fine bin of the hosts' columns, in the order of values: how many rows it has, 200 or more, and "
                + "how many of them are bad. Columns of a host that the plan does not name have numbers alone. Of columns "
                + "with edges in the plan it knows the values between which the rows are."),
        LeakageStatement(
            role: "host",
            learns:
                "Of every bin of its own columns: how many rows are bad, so their rate and weight. A bin has at least 5 % of "
                + "the rows, 20 bads and 20 goods, and so has the difference of any two divisions it was ever told of."),
        LeakageStatement(
            role: "host", learns: "How many rows are bad in all, and which of its columns have no two such bins."),
    ]
}
