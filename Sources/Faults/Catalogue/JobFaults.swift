/// 400x-409x: jobs, their plans and how their parties agree.
public enum JobFaults {
    static let all: [FaultEntry] = plans + agreement

    // MARK: 4000-4049: what a job's document and plan say

    public static let invalid = FaultEntry(
        4000, "job-invalid", status: 422, "A job has several mistakes.", fix: "Correct each of the places named."
    )
    public static let unknownOperator = FaultEntry(
        4001, "job-unknown-operator", status: 422, "There is no operator of this name.",
        fix: "`atoll operators` lists them; a site of another version may have others."
    )
    public static let versionDiffers = FaultEntry(
        4002, "job-operator-version", status: 409, "An operator is wanted in another version than this site has.",
        fix: "Bring all parties to the same version of the program, or leave the version out."
    )
    public static let unknownParameter = FaultEntry(
        4003, "job-unknown-parameter", status: 422, "The operator has no such parameter.",
        fix: "`atoll operators NAME` lists its parameters."
    )
    public static let missingParameter = FaultEntry(
        4004, "job-missing-parameter", status: 422, "A parameter without a default is not given.",
        fix: "Give it; `atoll operators NAME` says what it means."
    )
    public static let wrongParameter = FaultEntry(
        4005, "job-wrong-parameter", status: 422, "A parameter has the wrong type or is out of range.",
        fix: "Give a value of the range named; `atoll operators NAME` lists all ranges."
    )
    public static let wrongRoles = FaultEntry(
        4006, "job-wrong-roles", status: 422, "The parties of a job do not fill the roles of its operators.",
        fix: "Give every party a role that the operator knows, and as many of each as it wants."
    )
    public static let wrongGraph = FaultEntry(
        4007, "job-wrong-graph", status: 422, "The tasks of a job do not follow from each other.",
        fix: "Name each task once, and let it wait only for tasks above it."
    )
    public static let badSeed = FaultEntry(
        4008, "job-bad-seed", status: 422, "The seed of a job is none.",
        fix: "Give 64 hexadecimal digits in lower case, or none at all."
    )
    public static let unknownPeer = FaultEntry(
        4009, "job-unknown-peer", status: 422, "A party of the job is no trusted peer of this site.",
        fix: "`atoll peer list` shows the peers; join with `atoll peer invite` and `atoll peer accept`."
    )
    public static let unreadablePlan = FaultEntry(
        4010, "job-unreadable-plan", status: 400, "The plan of a job cannot be read.",
        fix: "Bring both sites to the same version; if it stays, report it to the job's owner."
    )
    public static let notInPlan = FaultEntry(
        4011, "job-not-in-plan", status: 403, "This site is not a party of the plan that it was given.",
        fix: "Report it to the job's owner: a plan is given only to its parties."
    )
    public static let cancelStands = FaultEntry(
        4012, "job-cancel-stands", status: 409, "A job that was cancelled does not go on.",
        fix: "Submit it again under another name."
    )
    public static let attemptFalls = FaultEntry(
        4013, "job-attempt-falls", status: 409, "The attempt of a job only rises.",
        fix: "Use `atoll job retry NAME`, which raises it."
    )
    public static let notAllowed = FaultEntry(
        4014, "job-not-allowed", status: 403, "The policy of this site does not allow the job.",
        fix: "Lower what the job asks for, or ask the site's administrator."
    )

    public static let grantMissing = FaultEntry(
        4015, "job-grant-missing", status: 403, "A job reads a dataset that is not granted to all its parties.",
        fix: "The dataset's owner grants it to every other party of the job, or the job leaves it out."
    )

    public static let inputNotBefore = FaultEntry(
        4016, "job-input-not-before", status: 422, "A task reads the result of a task that it does not wait for.",
        fix: "Name that task under `after`, or another one that waits for it."
    )
    public static let unreadableReference = FaultEntry(
        4017, "job-unreadable-reference", status: 422, "What a parameter names of an earlier task cannot be read.",
        fix: "Write TASK or JOB/TASK for a result, NAME@JOB/TASK for a dataset."
    )
    public static let earlierJobUnknown = FaultEntry(
        4018, "job-earlier-unknown", status: 422, "A job refers to an earlier one that is not known here.",
        fix: "Name a job that took place between the same parties and was deleted at none of them, and a task of it."
    )
    public static let earlierJobUnfinished = FaultEntry(
        4019, "job-earlier-unfinished", status: 409, "A job refers to an earlier one that has not succeeded.",
        fix: "Wait until that job has succeeded, or retry it: `atoll job retry NAME`."
    )
    public static let earlierJobParties = FaultEntry(
        4020, "job-earlier-parties", status: 422, "A job refers to the result of an earlier one of other parties.",
        fix: "Give both jobs the same parties in the same roles and order."
    )
    public static let earlierJobDiffers = FaultEntry(
        4021, "job-earlier-differs", status: 422, "A parameter is not the one of the task whose result is read.",
        fix: "Give the parameter as that task has it: `atoll job plan NAME -o json` shows it."
    )

    private static let plans: [FaultEntry] = [
        invalid, unknownOperator, versionDiffers, unknownParameter, missingParameter, wrongParameter, wrongRoles,
        wrongGraph, badSeed, unknownPeer, unreadablePlan, notInPlan, cancelStands, attemptFalls, notAllowed,
        grantMissing, inputNotBefore, unreadableReference, earlierJobUnknown, earlierJobUnfinished, earlierJobParties,
        earlierJobDiffers,
    ]

    // MARK: 4050-4099: how the parties carry a job out together

    public static let oldCommand = FaultEntry(
        4050, "job-old-command", status: 409, "A command of a job is older than one that was carried out.",
        fix: "Nothing: the owner's newest decision counts, and it is told again by itself."
    )
    public static let unknownJob = FaultEntry(
        4051, "job-unknown", status: 404, "This site does not know the job.",
        fix: "`atoll job list` shows the jobs; the owner of a new one sends its plan by itself."
    )
    public static let notParty = FaultEntry(
        4052, "job-not-party", status: 403, "A site gave a command for a job that is not its own.",
        fix:
            "Only the job's owner decides; update both sites to the same version, and report it to the peer if it stays."
    )
    public static let overCapacity = FaultEntry(
        4053, "job-over-capacity", status: 422, "A job asks for more than a site can ever give.",
        fix: "Lower spec.limits of the job, or give the site more capacity."
    )
    public static let notAgreed = FaultEntry(
        4054, "job-not-agreed", status: 504, "Not all parties agreed to the job in time.",
        fix: "Ask the site that is named, then submit the job again."
    )
    public static let notReserved = FaultEntry(
        4055, "job-not-reserved", status: 503, "Not all parties could reserve capacity in time.",
        fix: "Wait until other jobs have ended, lower spec.limits, or retry the job: `atoll job retry NAME`."
    )
    public static let overtime = FaultEntry(
        4056, "job-overtime", status: 504, "The job ran longer than its limit.",
        fix: "Raise spec.limits.time, or retry the job: tasks that are done are not repeated."
    )
    public static let tooManyAttempts = FaultEntry(
        4057, "job-too-many-attempts", status: 500, "A task was started again and again without getting further.",
        fix: "The message says what ended it last; mend that, then `atoll job retry NAME`."
    )
    public static let digestDiffers = FaultEntry(
        4058, "job-digest-differs", status: 500, "A task that was repeated gave another output.",
        fix: "Report it: an operator must give the same output for the same inputs."
    )
    public static let cancelled = FaultEntry(
        4059, "job-cancelled", status: 409, "The job was cancelled.",
        fix: "Submit it again under another name if it is wanted after all."
    )
    public static let workerCrashed = FaultEntry(
        4060, "job-worker-crashed", status: 500, "A worker was ended by a signal.",
        fix: "Nothing: the task goes on from its last common checkpoint by itself."
    )
    public static let workerOutOfMemory = FaultEntry(
        4061, "job-worker-out-of-memory", status: 500, "A worker wanted more memory than the job may use.",
        fix: "Raise spec.limits.memory, then submit the job again."
    )
    public static let workerOvertime = FaultEntry(
        4062, "job-worker-overtime", status: 504, "A worker ran longer than the job may.",
        fix: "Raise spec.limits.time, then `atoll job retry NAME`."
    )
    public static let workerFailed = FaultEntry(
        4063, "job-worker-failed", status: 500, "A worker ended without a result.",
        fix: "`atoll job logs NAME` shows its last lines; mend what they say, then `atoll job retry NAME`."
    )
    public static let workerHung = FaultEntry(
        4064, "job-worker-hung", status: 504, "A worker did nothing for too long.",
        fix: "Nothing: the task goes on from its last common checkpoint by itself."
    )
    public static let restarted = FaultEntry(
        4065, "job-site-restarted", status: 503, "A site of the job was started anew.",
        fix: "Nothing: the job goes on from its last common checkpoint by itself."
    )
    public static let noContact = FaultEntry(
        4066, "job-no-contact", status: 503, "A site of the job has not been heard of for too long.",
        fix: "See `atoll route list` at both sites; the job goes on by itself when the route is back."
    )
    public static let reservationLost = FaultEntry(
        4067, "job-reservation-lost", status: 503, "A site's reservation for the job has run out.",
        fix: "Nothing: the site reserves again by itself."
    )
    public static let notNow = FaultEntry(
        4068, "job-not-now", status: 409, "The job is in a state in which this cannot be done.",
        fix: "`atoll job describe NAME` shows the state and what it waits for."
    )
    public static let ownApproval = FaultEntry(
        4069, "job-own-approval", status: 403, "Who asked for a job cannot approve it.",
        fix: "Have another person approve it: `atoll job approve NAME`."
    )
    public static let refused = FaultEntry(
        4070, "job-refused", status: 422, "The parties do not take the job.",
        fix: "Each party's reason is given; change the job, or ask the party."
    )
    public static let clockDiffers = FaultEntry(
        4071, "job-clock-differs", status: 503, "The clocks of two sites of the job differ by more than 60 seconds.",
        fix: "Set the clocks of both machines by NTP."
    )
    public static let unreachable = FaultEntry(
        4072, "job-party-unreachable", status: 503, "A party of the job cannot be asked.",
        fix: "See `atoll route list`: the route towards the party says what fails."
    )
    public static let malformed = FaultEntry(
        4073, "job-malformed-command", status: 400, "A command of a job cannot be read.",
        fix: "Update both sites to the same version; if it stays, report it to the peer."
    )
    public static let planDiffers = FaultEntry(
        4074, "job-plan-differs", status: 409, "A job's plan is not the one that was agreed to.",
        fix: "Report it to the job's owner: a plan never changes."
    )
    public static let notOwner = FaultEntry(
        4075, "job-not-owner", status: 409, "Only the job's owner can do this.",
        fix: "Ask the owner; at this site the job can be approved or cancelled."
    )
    public static let notFinal = FaultEntry(
        4076, "job-not-final", status: 409, "A job that has not ended cannot be deleted.",
        fix: "Cancel it first: `atoll job cancel NAME`."
    )
    public static let overQuota = FaultEntry(
        4077, "job-over-quota", status: 409, "The job would pass a quota.",
        fix: "Wait until other jobs have ended or cancel some, or have the quota raised: `atoll quota list`."
    )

    private static let agreement: [FaultEntry] = [
        oldCommand, unknownJob, notParty, overCapacity, notAgreed, notReserved, overtime, tooManyAttempts,
        digestDiffers,
        cancelled, workerCrashed, workerOutOfMemory, workerOvertime, workerFailed, workerHung, restarted, noContact,
        reservationLost, notNow, ownApproval, refused, clockDiffers, unreachable, malformed, planDiffers, notOwner,
        notFinal, overQuota,
    ]
}
