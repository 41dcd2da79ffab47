/// Weights of evidence between sites: 4150 to 4159.
public enum WoeFaults {
    public static let parameters = FaultEntry(
        4150, "woe-parameters", status: 400, "The parameters of the weights of evidence do not fit.",
        fix: "Give what the place names in the form that is wanted; `atoll explain woe` lists the parameters."
    )
    public static let resultUnusable = FaultEntry(
        4151, "woe-result-unusable", status: 409,
        "The result of the earlier task holds no weights of evidence that fit.",
        fix: "Name a task `woe` of the same parties."
    )
    public static let historyUnreadable = FaultEntry(
        4152, "woe-history-unreadable", status: 500, "What is kept of a dataset's bins cannot be read.",
        fix: "Use the program's release that wrote it or a newer one; without it no bins are told."
    )
    public static let columnsInUse = FaultEntry(
        4153, "woe-columns-in-use", status: 409, "Another job is dividing columns of the same dataset.",
        fix: "Wait until that job has ended, or cancel it, and propose this one again."
    )
    public static let selectionUnusable = FaultEntry(
        4154, "selection-unusable", status: 409,
        "The result of the earlier task is no selection of columns that fits.",
        fix: "Name a task `select` or `select.signs` that looked at the same task `woe`."
    )

    static let all: [FaultEntry] = [parameters, resultUnusable, historyUnreadable, columnsInUse, selectionUnusable]
}
