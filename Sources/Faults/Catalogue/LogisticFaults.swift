/// Logistic regression between sites: 4160 to 4169.
public enum LogisticFaults {
    public static let modelUnusable = FaultEntry(
        4160, "logistic-model-unusable", status: 409,
        "The result of the earlier task is no regression that fits this one.",
        fix: "Name a task `train.logistic` of the same parties."
    )
    public static let tooFewRows = FaultEntry(
        4161, "logistic-too-few-rows", status: 409,
        "There are so few rows that the host could compute labels from the gradients.",
        fix: "Learn from more rows, or with fewer columns of the host or fewer passes."
    )

    static let all: [FaultEntry] = [modelUnusable, tooFewRows]
}
