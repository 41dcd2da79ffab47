/// 513x-514x: grants and read leases.
public enum GrantFaults {
    static let all: [FaultEntry] = [
        missing, revoked, revocationFinal, early, expired, column, algorithm, reveals, uses, rows, intersection, bin,
        ids, leaseLost, inUse, terms, unapproved, wider, answered, notAsked, tooManyRequests,
    ]

    public static let missing = FaultEntry(
        5130, "grant-missing", status: 403, "A dataset is not granted to a site that would learn from it.",
        fix: "The dataset's owner makes a grant: `atoll grant create`."
    )
    public static let revoked = FaultEntry(
        5131, "grant-revoked", status: 403, "The grant of a dataset was revoked.",
        fix: "Ask the dataset's owner for another grant; what was revoked does not come back."
    )
    public static let revocationFinal = FaultEntry(
        5132, "grant-revocation-final", status: 409, "A grant that was revoked cannot be given again.",
        fix: "Make another grant with a name of its own."
    )
    public static let early = FaultEntry(
        5133, "grant-too-early", status: 403, "The grant of a dataset does not hold yet.",
        fix: "Wait until its earliest time."
    )
    public static let expired = FaultEntry(
        5134, "grant-expired", status: 403, "The time of the grant of a dataset is over.",
        fix: "Ask the dataset's owner for another grant."
    )
    public static let column = FaultEntry(
        5135, "grant-column", status: 403, "A task reads a column that the grant does not name.",
        fix: "Read only granted columns, or ask the dataset's owner for a grant of more."
    )
    public static let algorithm = FaultEntry(
        5136, "grant-algorithm", status: 403, "A task runs an algorithm that the grant does not allow.",
        fix: "Use an algorithm that the grant names, or ask the dataset's owner for a grant of this one."
    )
    public static let reveals = FaultEntry(
        5137, "grant-reveals", status: 403, "A task would reveal something that the grant keeps back.",
        fix: "Run the task without it, or ask the dataset's owner for a grant that reveals it."
    )
    public static let uses = FaultEntry(
        5138, "grant-uses", status: 403, "The uses of the grant are used up.",
        fix: "Ask the dataset's owner for another grant. A use is a job; starting it again counts once."
    )
    public static let rows = FaultEntry(
        5139, "grant-rows", status: 403, "The dataset has more rows than the grant allows to be read.",
        fix: "Ask the dataset's owner for a grant of more rows, or for a smaller dataset."
    )
    public static let intersection = FaultEntry(
        5140, "grant-intersection", status: 403, "An intersection is, or may be, smaller than the grant allows.",
        fix: "Ask for at least the grant's smallest intersection."
    )
    public static let bin = FaultEntry(
        5141, "grant-bin", status: 403, "Bins are, or may be, smaller than the grant allows.",
        fix: "Ask for at least the grant's smallest bin."
    )
    public static let ids = FaultEntry(
        5142, "grant-ids", status: 403, "More distinct ids would be tested than the grant allows.",
        fix: "Test fewer ids, or ask the dataset's owner for a grant of more."
    )
    public static let leaseLost = FaultEntry(
        5143, "lease-lost", status: 503, "A read lease could not be kept.",
        fix: "See whether the disk of the site has room; start the job again."
    )
    public static let inUse = FaultEntry(
        5144, "dataset-in-use", status: 409, "A running job reads the dataset.",
        fix: "Wait for the job's end, cancel it, or revoke the grant that it reads with."
    )
    public static let unapproved = FaultEntry(
        5146, "grant-unapproved", status: 403, "The grant of a dataset waits for a second person's approval.",
        fix: "Another person than who made the grant decides: `atoll approval list`, `atoll approval approve NAME`."
    )
    public static let terms = FaultEntry(
        5145, "grant-terms", status: 422, "The terms of a grant contradict each other.",
        fix: "Correct the field named."
    )
    public static let wider = FaultEntry(
        5147, "grant-wider-than-asked", status: 422, "An answer to a request would grant more than was asked for.",
        fix: "Grant what was asked for or less; a wider grant is made by itself: `atoll grant create`."
    )
    public static let answered = FaultEntry(
        5148, "request-answered", status: 409, "The request is not open any more.",
        fix: "`atoll grant requests` shows how it was answered; what was granted is taken back by `atoll grant revoke`."
    )
    public static let notAsked = FaultEntry(
        5149, "request-of-this-site", status: 409, "The request was made by this site, and the other site answers it.",
        fix: "Answer requests that came from peers: those are incoming in `atoll grant requests`."
    )
    public static let tooManyRequests = FaultEntry(
        5150, "requests-too-many", status: 429, "The site that asks has too many requests open here.",
        fix: "Wait for answers, or withdraw requests that are not needed: `atoll delete accessrequest NAME`."
    )
}
