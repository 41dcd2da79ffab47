import Modeling

extension BoostOperator {
    static let parameters = data + model + protection

    private static let data = [
        OperatorParameter("guestDataset", .text(DatasetUse.nameLength), "The guest's aligned dataset."),
        OperatorParameter(
            "hostDatasets", .text(1...4_096), "The hosts' aligned datasets, in their order, separated by semicolons."),
        OperatorParameter(
            "guestKey", .text(1...1_024), "The guest's columns that make the id, in order, separated by commas."),
        OperatorParameter(
            "hostKeys", .text(1...4_096), "The same of each host, separated by semicolons."),
        OperatorParameter(
            "rules", .text(1...1_024), default: .text("trim nfc fold"),
            "How each key is made alike: those of the alignment."),
        OperatorParameter("label", .text(1...128), "The guest's column that is to be predicted."),
        OperatorParameter(
            "weight", .text(0...128), default: .text(""), "The guest's column of weights above zero; empty for none."),
        OperatorParameter(
            "guestColumns", .text(0...4_096), default: .text(""),
            "The guest's features, separated by commas; empty for every column of numbers or dates that is nothing else."
        ),
        OperatorParameter(
            "hostColumns", .text(0...4_096), default: .text(""), "The same of each host, separated by semicolons."),
        OperatorParameter(
            "hostColumnLimit", .integer(1...4_096), default: .integer(32),
            "Most features of a host whose features are not named: what its messages have room for."),
        OperatorParameter(
            "rows", .integer(0...Int64(Int32.max)), default: .integer(0),
            "Rows of the aligned datasets; 0 for those that the guest's has when the job is planned."),
        OperatorParameter(
            "test", .integer(0...9), default: .integer(0),
            "How many tenths of the rows are not learnt from: those whose id's SHA-256, its first 8 bytes modulo 10, is "
                + "among the highest."),
    ]

    private static let model = [
        OperatorParameter(
            "model", .text(0...48), default: .text(""),
            "The name under which every party keeps its part as a new version; the job's name when empty."),
        OperatorParameter(
            "objective", .choice(Objective.allCases.map(\.rawValue)), default: .text(Objective.binary.rawValue),
            "What is predicted: the probability of label 1, or a number by least squares."),
        OperatorParameter("trees", .integer(1...10_000), default: .integer(20), "Most trees."),
        OperatorParameter("depth", .integer(1...16), default: .integer(5), "Most splits from a root to a leaf."),
        OperatorParameter(
            "rate", .number(0.000_001...1), default: .number(0.3), "Part of a leaf's best value that is added."),
        OperatorParameter(
            "binning", .text(0...128), default: .text(""),
            "The task `bin` whose bins are used: a task of this job, or JOB/TASK of an earlier one; empty to cut them now."
        ),
        OperatorParameter("bins", .integer(2...255), default: .integer(32), "Most bins of a column, by quantiles."),
        OperatorParameter("binRows", .integer(1...1_000_000), default: .integer(1), "Fewest rows of a bin."),
        OperatorParameter("l1", .number(0...1e9), default: .number(0), "L1 regularisation of leaves."),
        OperatorParameter("l2", .number(0...1e9), default: .number(0.1), "L2 regularisation of leaves."),
        OperatorParameter("minimumGain", .number(0...1e9), default: .number(0), "A split must gain more."),
        OperatorParameter(
            "minimumChildWeight", .number(0...1e9), default: .number(1),
            "Fewest second derivatives of a child, as a sum."),
        OperatorParameter(
            "fractionBits", .integer(8...24), default: .integer(16), "Bits after the point of a gradient."),
        OperatorParameter(
            "rowShare", .number(0.000_001...1), default: .number(1), "Share of the rows that a tree learns from."),
        OperatorParameter(
            "columnShare", .number(0.000_001...1), default: .number(1),
            "Share of each party's columns that a tree uses."),
        OperatorParameter("seed", .integer(0...Int64.max), default: .integer(0), "Of sampling and validation."),
        OperatorParameter(
            "validationShare", .number(0...0.999_999), default: .number(0),
            "Share of the rows on which the loss is measured after each tree, and that trees do not learn from."),
        OperatorParameter(
            "patience", .integer(0...10_000), default: .integer(0),
            "Training ends when so many trees brought no lower loss on the validation rows; 0 for never."),
    ]

    private static let protection = [
        OperatorParameter(
            "cellGuard", .integer(0...1_000_000_000), default: .integer(20),
            "Sums of hosts' columns are of no rows or at least this many; 0 for no limit."),
        OperatorParameter(
            "firstTreeByGuestAlone", .boolean, default: .boolean(true),
            "Whether hosts have no part in the first tree, whose gradients are those of the labels themselves."),
        OperatorParameter(
            "labelBound", .number(0.5...1), default: .number(1),
            "Training fails when the rows of one tree's nodes separate the labels with a higher AUC; 1 for no bound."),
        OperatorParameter(
            "keyBits", .choice(["2048", "3072"]), default: .text("3072"),
            "Bits of the Paillier modulus: 3072 between institutions, 2048 within a group."),
        OperatorParameter(
            "profile", .choice(["shared", "dedicated"]), default: .text("shared"),
            "Whether other programs may share the processors: shared reads tables in constant time."),
    ]

    static let leakage = [
        LeakageStatement(
            role: "guest",
            learns: "For each level of each tree, which rows go left in the nodes that a host splits: a bit per row."),
        LeakageStatement(
            role: "guest",
            learns:
                "Sums of gradients on one side of each candidate split of a host, in an order that hides column and "
                + "threshold; each of at least as many rows as the cell guard says, or of none."),
        LeakageStatement(
            role: "guest",
            learns: "How many candidates each host has in a node, and which of them have equal gain; with squared loss "
                + "without weights also the number of rows on one side of each."),
        LeakageStatement(
            role: "host",
            learns:
                "Which rows are in the open nodes of each level, from the second tree on unless the first is shared: "
                + "rows of one node have similar residuals. How well that separates the labels is measured and reported."
        ),
        LeakageStatement(
            role: "host",
            learns:
                "Which of its own candidates won, which rows a tree learns from, and how many trees are kept; no label, "
                + "score, gradient or leaf."),
    ]
}
