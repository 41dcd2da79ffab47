/// 413x-414x: boosting between sites.
public enum BoostFaults {
    public static let parameters = FaultEntry(
        4130, "boost-parameters", status: 400, "The parameters of the training do not fit its parties.",
        fix: "Give one dataset and one list of key columns for every host, in the order of the hosts."
    )
    public static let dataUnusable = FaultEntry(
        4131, "boost-data-unusable", status: 409, "A dataset cannot be used as the task wants it.",
        fix: "Name columns of the dataset; features, labels and weights are numbers or dates."
    )
    public static let rowsDiffer = FaultEntry(
        4132, "boost-rows-differ", status: 409, "The parties do not have the same ids.",
        fix:
            "Use the datasets that one alignment left at both parties, with the key columns and rules of that alignment."
    )
    public static let messageMalformed = FaultEntry(
        4133, "boost-message-malformed", status: 409,
        "A peer's message does not have the form that both sides computed.",
        fix: "Run the same version of the program at every party, and start the job again."
    )
    public static let replyOutOfRange = FaultEntry(
        4134, "boost-reply-out-of-range", status: 409, "A host's sums cannot be sums of the rows that it was given.",
        fix: "Look at the host's program and log: its worker does not keep to the protocol."
    )
    public static let directionsDiffer = FaultEntry(
        4135, "boost-directions-differ", status: 409,
        "A host divides rows in another way than its sums say: rows were skipped or added.",
        fix: "Look at the host's program and log: its worker does not keep to the protocol."
    )
    public static let labelTold = FaultEntry(
        4136, "boost-label-told", status: 409,
        "Training was stopped: the rows that hosts were told of predict the label better than the set bound.",
        fix: "Keep the first tree to the guest alone, use shallower or fewer trees, or set a higher bound."
    )
    public static let modelUnusable = FaultEntry(
        4137, "boost-model-unusable", status: 409, "The result of the earlier task is no model that fits this one.",
        fix: "Name a training of the same parties, and give the numbers of trees and levels that it was given."
    )
    public static let rowsNotPlanned = FaultEntry(
        4138, "boost-rows-not-planned", status: 409, "A dataset has other rows than its plan says.",
        fix: "Propose the job again with the dataset's present number of rows."
    )
    public static let binningUnusable = FaultEntry(
        4139, "boost-binning-unusable", status: 409, "The bins of the earlier task do not fit.",
        fix: "Name a task `bin` of the same datasets with no more bins than this one allows."
    )
    public static let partDiffers = FaultEntry(
        4140, "boost-part-differs", status: 409, "A host's part of the model is not the one that was trained.",
        fix: "Look at the host's program and log: what it keeps of the training is not what it told the digest of."
    )

    static let all: [FaultEntry] = [
        parameters, dataUnusable, rowsDiffer, messageMalformed, replyOutOfRange, directionsDiffer, labelTold,
        modelUnusable, rowsNotPlanned, binningUnusable, partDiffers,
    ]
}
