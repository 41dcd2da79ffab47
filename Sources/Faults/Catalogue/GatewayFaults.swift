/// 306x-309x: the gateway, its channels and the workers' socket.
public enum GatewayFaults {
    public static let unknownJob = FaultEntry(
        3060, "job-not-open", status: 409, "No job of this name is open at the gateway, so nothing of it may cross.",
        fix: "Start or resume the job at this site; frames of closed jobs are refused."
    )
    public static let oldEpoch = FaultEntry(
        3061, "old-epoch", status: 409,
        "The job was restarted since; a frame or worker of the start before is refused.",
        fix: "Nothing: the workers of the new start take over."
    )
    public static let undeclaredTask = FaultEntry(
        3062, "undeclared-task", status: 403, "The job's plan has no such task.",
        fix: "Declare the task in the plan, or correct its name."
    )
    public static let undeclaredType = FaultEntry(
        3063, "undeclared-type", status: 403, "The task does not declare messages of this type.",
        fix: "Declare the type among the task's messages; only declared messages cross."
    )
    public static let undeclaredParty = FaultEntry(
        3064, "undeclared-party", status: 403,
        "The plan does not let this site send messages of this type to that one.",
        fix: "Declare sender and receiver of the message in the plan."
    )
    public static let undeclaredStep = FaultEntry(
        3065, "undeclared-step", status: 403, "The message is not declared for this step of the task.",
        fix: "Declare the steps in which the message is sent."
    )
    public static let undeclaredSize = FaultEntry(
        3066, "undeclared-size", status: 413, "The payload is larger than the plan declares for its type.",
        fix: "Send smaller blocks, or declare a larger one (at most 4 MiB)."
    )
    public static let outOfOrder = FaultEntry(
        3067, "out-of-order", status: 409, "A frame or an acknowledgement is not the next of its channel.",
        fix: "Resume the job: channels go on from the last checkpoint."
    )
    public static let replayed = FaultEntry(
        3068, "replayed", status: 409, "A frame that had arrived before came again.",
        fix: "Look at the peer's gateway: a repeated attempt carries a higher attempt number."
    )
    public static let creditExceeded = FaultEntry(
        3069, "credit-exceeded", status: 429, "More bytes were sent on a channel than its receiver allowed.",
        fix: "Wait for credit before sending."
    )
    public static let behind = FaultEntry(
        3070, "position-lost", status: 409, "A channel cannot go on from the position wanted: it is no longer kept.",
        fix: "Restart the task at every party from the last common checkpoint."
    )
    public static let tokenRefused = FaultEntry(
        3071, "worker-token-refused", status: 403,
        "The worker's token is unknown, was used before, or is for other work.",
        fix: "Start the worker through the site, which gives it a fresh token."
    )
    public static let tokenExpired = FaultEntry(
        3072, "worker-token-expired", status: 403, "The worker's token is too old.",
        fix: "Start the worker again; it connects within a minute of its start."
    )
    public static let jobClosed = FaultEntry(
        3073, "job-closed", status: 409, "The job is closed at this site.",
        fix: "Nothing, if it ended; else resume it."
    )
    public static let peerCut = FaultEntry(
        3074, "peer-cut", status: 403, "The peer is revoked or cut off from this job.",
        fix: "Join the two sites again, or run the job without this peer."
    )
    public static let refusedByPeer = FaultEntry(
        3075, "refused-by-peer", status: 409, "The peer refuses a channel of the job.",
        fix: "Follow the number the peer gives; its log says more."
    )
    public static let malformedMessage = FaultEntry(
        3080, "worker-message-malformed", status: 400, "A message on the workers' socket is not well-formed.",
        fix: "Use a worker of this site's version; the layout is in docs/protocols/worker-socket.md."
    )
    public static let unknownMessage = FaultEntry(
        3081, "worker-message-unknown", status: 400, "A message on the workers' socket has an unknown kind.",
        fix: "Use a worker of this site's version."
    )
    public static let messageTooLong = FaultEntry(
        3082, "worker-message-too-long", status: 413,
        "A message on the workers' socket is longer than its kind allows.",
        fix: "Split it; a payload has at most 4 MiB."
    )
    public static let socketVersion = FaultEntry(
        3083, "worker-version", status: 400, "Worker and gateway speak different versions of the socket protocol.",
        fix: "Start workers with the program the site runs."
    )
    public static let unexpectedMessage = FaultEntry(
        3084, "worker-message-unexpected", status: 409,
        "A message on the workers' socket is not allowed at this moment.",
        fix: "Open the connection and then the channel first; send nothing after the end."
    )
    public static let socketLost = FaultEntry(
        3085, "worker-socket-lost", status: 503, "The connection between worker and gateway is lost.",
        fix: "Resume the job; the worker starts from its last checkpoint."
    )
    public static let socketUnusable = FaultEntry(
        3086, "worker-socket-unusable", status: 500, "The workers' socket cannot be made or reached.",
        fix: "Give a path of at most 100 bytes in a folder the site may write to."
    )
    public static let cancelled = FaultEntry(
        3087, "worker-cancelled", status: 409, "The worker was cancelled.",
        fix: "Nothing, if it was meant; else resume the job."
    )
    public static let foreignWorker = FaultEntry(
        3088, "foreign-worker", status: 403, "A process of another user tried to connect to the workers' socket.",
        fix: "Run workers as the user of the site."
    )
    public static let checkpointTooLarge = FaultEntry(
        3089, "checkpoint-too-large", status: 413, "A checkpoint is larger than the site keeps.",
        fix: "Keep less state in it, or raise the site's limit."
    )

    static let all: [FaultEntry] = [
        unknownJob, oldEpoch, undeclaredTask, undeclaredType, undeclaredParty, undeclaredStep, undeclaredSize,
        outOfOrder, replayed, creditExceeded, behind, tokenRefused, tokenExpired, jobClosed, peerCut, refusedByPeer,
        malformedMessage, unknownMessage, messageTooLong, socketVersion, unexpectedMessage, socketLost, socketUnusable,
        cancelled, foreignWorker, checkpointTooLarge,
    ]
}
