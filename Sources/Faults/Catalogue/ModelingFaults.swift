/// 60xx: models: binning, training, model values, evaluation.
public enum ModelingFaults {
    static let all: [FaultEntry] = training + models

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

    // MARK: 6020-6039: models and their evaluation

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

    private static let training = [
        settings, rows, label, weight, keyRepeated, columns, edges, value, width,
    ]
    private static let models = [encoding, incomplete, scoring, evaluation]
}
