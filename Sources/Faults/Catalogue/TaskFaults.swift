/// 410x-419x: operators, task protocols and workers.
public enum TaskFaults {
    public static let orderUnreadable = FaultEntry(
        4100, "task-order-unreadable", status: 400,
        "A worker's order cannot be read, or its parts do not fit together.",
        fix: "Let the site start its workers, with the program that the site runs."
    )
    public static let operatorUnknown = FaultEntry(
        4101, "operator-unknown", status: 404, "This program has no operator of that name.",
        fix: "Use an operator that every party's program lists."
    )
    public static let operatorVersion = FaultEntry(
        4102, "operator-version", status: 409, "The plan wants another version of the operator than this program has.",
        fix: "Run the same version of the program at every party, and propose the job again."
    )
    public static let checkpointVersion = FaultEntry(
        4104, "checkpoint-version", status: 409, "A checkpoint was made by another version of the program or operator.",
        fix: "Resume the job from unit 0, or with the version that made the checkpoint."
    )
    public static let checkpointUnreadable = FaultEntry(
        4105, "checkpoint-unreadable", status: 500, "A checkpoint is damaged, or is not of this task and unit.",
        fix: "Resume the job from an earlier unit, or from unit 0."
    )
    public static let checkpointMissing = FaultEntry(
        4106, "checkpoint-missing", status: 409, "The site does not keep a checkpoint of that unit.",
        fix: "Resume the job from a unit of which every party has a checkpoint, or from unit 0."
    )
    public static let checkpointNotKept = FaultEntry(
        4107, "checkpoint-not-kept", status: 507, "The site could not keep a checkpoint.",
        fix: "Make room on the site's disk, or let it write to its data directory; then resume the job."
    )
    public static let resultTooLarge = FaultEntry(
        4108, "task-result-too-large", status: 413, "A task's result is larger than a worker may hand over.",
        fix: "Split the task; output and figures together have at most 4 MiB."
    )
    public static let resultUnreadable = FaultEntry(
        4109, "task-result-unreadable", status: 500, "A task's result cannot be read.",
        fix: "Use workers of the program that the site runs."
    )
    public static let messageUnexpected = FaultEntry(
        4110, "task-message-unexpected", status: 409, "A message came that the task does not expect there.",
        fix: "Look at the peer's log: its worker does not keep to the operator's message table."
    )
    public static let peerEnded = FaultEntry(
        4111, "task-peer-ended", status: 409, "A peer's worker ended before this party had everything from it.",
        fix: "Run the same version of the program at every party, and start the job again."
    )
    public static let protocolBroken = FaultEntry(
        4112, "task-protocol-broken", status: 500, "A task's protocol does not keep its own rules.",
        fix: "This is an error of the program: report it with the number and the job's log."
    )
    public static let contentDiffers = FaultEntry(
        4113, "verify-content-differs", status: 409, "A frame of the verification did not arrive as it was sent.",
        fix: "Look for what changes frames between the two gateways; the ledgers name the first frame that differs."
    )
    public static let scratchUnusable = FaultEntry(
        4114, "task-scratch-unusable", status: 500, "The task's scratch folder cannot be used.",
        fix: "Make room, or let the site write to its scratch folder."
    )
    public static let suspended = FaultEntry(
        4115, "job-suspended", status: 409, "The job is paused at this site.",
        fix: "Resume the job: its tasks go on from their checkpoints."
    )

    public static let dataMissing = FaultEntry(
        4116, "task-data-missing", status: 500, "A worker was not given the data that its task reads or leaves.",
        fix: "Let the site start its workers; a task opens no dataset by itself."
    )

    static let all: [FaultEntry] = [
        orderUnreadable, operatorUnknown, operatorVersion, checkpointVersion, checkpointUnreadable, checkpointMissing,
        checkpointNotKept, resultTooLarge, resultUnreadable, messageUnexpected, peerEnded, protocolBroken,
        contentDiffers, scratchUnusable, suspended, dataMissing,
    ]
}
