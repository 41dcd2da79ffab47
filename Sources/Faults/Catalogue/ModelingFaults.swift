/// 60xx: models: binning, training, model values, evaluation, scorecards.
public enum ModelingFaults {
    static let all: [FaultEntry] = training + models + woe + regressions + scorecards

    // MARK: 6000-6019: what training is given

    public static let settings = FaultEntry(
        6000, "training-settings", status: 422, "Settings of the training are outside of their ranges.",
        fix: "Correct the places named; docs/modeling.md lists the ranges."
    )
    public static let rows = FaultEntry(
        6001, "training-rows", status: 422, "The rows of the training do not fit together.",
        fix: "Give every row one label, one key and one value of every column, and at most 2^31 - 1 rows."
    )
    public static let label = FaultEntry(
        6002, "training-label", status: 422, "A label is not allowed for this objective.",
        fix: "Binary labels are 0 and 1; labels of the squared loss are finite and at most 1e30 in size."
    )
    public static let weight = FaultEntry(
        6003, "training-weight", status: 422, "A row's weight is not allowed.",
        fix: "Weights are finite and above zero; leave out the rows that should not count."
    )
    public static let keyRepeated = FaultEntry(
        6004, "training-key-repeated", status: 422, "Two rows have the same key.",
        fix: "Remove repeated rows; each row needs an id of its own."
    )
    public static let columns = FaultEntry(
        6005, "training-columns", status: 422, "The columns of the training do not fit together.",
        fix: "Give a party's columns names of their own and codes within their bins."
    )
    public static let edges = FaultEntry(
        6006, "training-bin-edges", status: 422, "The edges of a column's bins cannot be used.",
        fix: "Edges are finite, strictly ascending and at most 254; ask for 2 to 255 bins."
    )
    public static let value = FaultEntry(
        6007, "training-value", status: 422, "A column has a value that cannot be binned.",
        fix: "Values are missing or finite and within the range of 32-bit floating point."
    )
    public static let width = FaultEntry(
        6008, "training-width", status: 422, "Sums of gradients would not be exact.",
        fix: "Use fewer fraction bits or fewer rows; every sum must fit into 53 bits."
    )

    // MARK: 6020-6029: models and their evaluation

    public static let encoding = FaultEntry(
        6020, "model-encoding", status: 422, "The bytes are no model that this Atoll reads.",
        fix: "Export the model again, with the release that trained it or a newer one."
    )
    public static let incomplete = FaultEntry(
        6021, "model-incomplete", status: 409, "A part of the model is not here.",
        fix: "The rules of a party's splits are held by that party; score together with it."
    )
    public static let scoring = FaultEntry(
        6022, "model-columns", status: 422, "The columns do not fit the model.",
        fix: "Give every column that the model uses, under its name, with equally many rows."
    )
    public static let evaluation = FaultEntry(
        6023, "evaluation-input", status: 422, "The scores cannot be evaluated.",
        fix: "Give finite scores and as many labels, and for ranks both classes."
    )

    // MARK: 6030-6039: bins with weights of evidence, selection of columns

    public static let finePartition = FaultEntry(
        6030, "fine-bins", status: 422, "The fine bins of a column cannot be used.",
        fix:
            "Give finite, ascending edges and special values, and fine bins with enough rows; docs/scorecard.md has the rules."
    )
    public static let binGuard = FaultEntry(
        6031, "bin-guard", status: 422, "A bin would show the labels of too few rows.",
        fix: "Merge the bin with a neighbour, or leave the column out."
    )
    public static let binGroups = FaultEntry(
        6032, "bin-groups", status: 422, "These bins are no unions of the column's fine bins.",
        fix: "Use edges of the fine bins; merge neighbours, and split where fine bins meet."
    )
    public static let finePartitionChanged = FaultEntry(
        6033, "fine-bins-changed", status: 409, "The column already has other fine bins.",
        fix: "Use the fine bins of the first use: they stay for as long as the grant."
    )
    public static let partitionsSpent = FaultEntry(
        6034, "partitions-spent", status: 409, "The column has been divided as often as is allowed.",
        fix: "Use one of the earlier divisions."
    )
    public static let partitionDifference = FaultEntry(
        6035, "partition-difference", status: 409,
        "Together with an earlier division of the column this one would show too few rows.",
        fix: "Use an earlier division, or one that differs from all of them by whole bins of enough rows."
    )
    public static let selection = FaultEntry(
        6036, "column-selection", status: 422, "The columns cannot be selected this way.",
        fix: "Name columns that are there, each once, and give a reason for what is decided by hand."
    )

    // MARK: 6040-6049: logistic regression

    public static let regression = FaultEntry(
        6040, "regression-input", status: 422, "The regression cannot use this.",
        fix: "Give finite values of every column for every row, labels 0 and 1 with both there, weights above zero."
    )
    public static let regressionConstant = FaultEntry(
        6041, "regression-constant", status: 422, "A column has the same value in every row.",
        fix: "Leave the column out."
    )
    public static let regressionCollinear = FaultEntry(
        6042, "regression-collinear", status: 422, "Columns are linear combinations of others.",
        fix: "Leave one of the columns named out, or ask for a penalty (L2)."
    )
    public static let regressionSeparated = FaultEntry(
        6043, "regression-separated", status: 422, "Columns separate the classes, so that coefficients have no bound.",
        fix: "Leave the columns named out, merge their bins, or ask for a penalty (L2)."
    )
    public static let regressionRare = FaultEntry(
        6044, "regression-rare", status: 422, "One of a column's two values occurs in one class alone.",
        fix: "Merge the value with others, leave the column out, or ask for a penalty (L2)."
    )
    public static let regressionUnsettled = FaultEntry(
        6045, "regression-unsettled", status: 422, "The regression did not settle within its steps.",
        fix: "Scale columns with very large values, or ask for a penalty (L2)."
    )

    // MARK: 6050-6059: scorecards

    public static let scorecard = FaultEntry(
        6050, "scorecard-settings", status: 422, "No scorecard can be made of this.",
        fix: "Correct the places named; docs/scorecard.md lists the ranges."
    )
    public static let scorecardEncoding = FaultEntry(
        6051, "scorecard-encoding", status: 422, "The text is no scorecard that this Atoll reads.",
        fix: "Export the scorecard again, with the release that made it or a newer one."
    )
    public static let scorecardName = FaultEntry(
        6052, "scorecard-name", status: 422, "A name cannot be written in this format.",
        fix: "Rename the column: names must not be empty nor hold control characters."
    )
    public static let scorecardReport = FaultEntry(
        6053, "scorecard-report", status: 422, "The report cannot be made of these rows.",
        fix: "Give one finite score, label and period per row, and enough rows of both classes."
    )

    private static let training = [
        settings, rows, label, weight, keyRepeated, columns, edges, value, width,
    ]
    private static let models = [encoding, incomplete, scoring, evaluation]
    private static let woe = [
        finePartition, binGuard, binGroups, finePartitionChanged, partitionsSpent, partitionDifference, selection,
    ]
    private static let regressions = [
        regression, regressionConstant, regressionCollinear, regressionSeparated, regressionRare, regressionUnsettled,
    ]
    private static let scorecards = [scorecard, scorecardEncoding, scorecardName, scorecardReport]
}
