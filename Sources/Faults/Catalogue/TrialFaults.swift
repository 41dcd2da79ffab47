/// 700x-709x: trials.
public enum TrialFaults {
    public static let expectation = FaultEntry(
        7000, "trial-expectation", status: 422, "An expectation cannot be read.",
        fix: "Write NAME <= NUMBER, NAME >= NUMBER or NAME in NUMBER..NUMBER."
    )
    public static let sites = FaultEntry(
        7001, "trial-sites", status: 422, "The sites of a trial cannot be used.",
        fix: "Give every site a name of its own."
    )
    public static let exists = FaultEntry(
        7002, "trial-exists", status: 409, "There is a trial of that name already.",
        fix:
            "Wait until it has ended, give the other one another name, or remove what it left: `atoll trial clean NAME`."
    )
    public static let unknown = FaultEntry(
        7003, "trial-unknown", status: 404, "There is no trial of that name.",
        fix: "`atoll trial list` shows what there is; name the data directory with --data."
    )
    public static let running = FaultEntry(
        7004, "trial-running", status: 409, "The trial runs.",
        fix: "Stop it with Ctrl-C or SIGTERM, or wait for its end."
    )
    public static let folder = FaultEntry(
        7005, "trial-folder", status: 500, "The folder of a trial cannot be used.",
        fix: "Let your user write in the data directory, and free space on its disk."
    )
    public static let siteNotStarted = FaultEntry(
        7006, "trial-site-not-started", status: 500, "A site of the trial did not start, or ended.",
        fix: "The last lines of its log are above; with --keep its folder stays."
    )
    public static let routeFailed = FaultEntry(
        7007, "trial-route-failed", status: 502, "A route between sites of the trial does not work.",
        fix: "See what the layer says that failed."
    )
    public static let jobFailed = FaultEntry(
        7008, "trial-job-failed", status: 500, "The job of the trial did not succeed.",
        fix: "See its reason; with --keep the sites stay, and `atoll job logs` shows more."
    )
    public static let notHeld = FaultEntry(
        7009, "trial-not-held", status: 422, "An expectation of the trial does not hold.",
        fix: "See the figures found; change the expectation if they are right."
    )
    public static let leftBehind = FaultEntry(
        7010, "trial-left-behind", status: 500, "Something of a trial cannot be removed.",
        fix: "End the processes or remove the files named, and clean again."
    )
    public static let interrupted = FaultEntry(
        7011, "trial-interrupted", status: 500, "The trial was interrupted; everything of it is removed.",
        fix: "Run it again."
    )
    public static let notResumable = FaultEntry(
        7012, "trial-not-resumable", status: 409, "The trial cannot be resumed.",
        fix: "Remove it with `atoll trial clean NAME`, and run it again."
    )
    public static let progressUnreadable = FaultEntry(
        7013, "trial-progress-unreadable", status: 500, "What was written down of a trial's progress cannot be read.",
        fix: "Resume it with the version of the program that began it, or remove it with `atoll trial clean NAME`."
    )
    public static let diskFull = FaultEntry(
        7014, "trial-disk-full", status: 507, "The disk of a site of the trial is full.",
        fix: "Free space on that disk; a trial that was run with --keep goes on by `atoll trial resume NAME`."
    )

    static let all: [FaultEntry] = [
        expectation, sites, exists, unknown, running, folder, siteNotStarted, routeFailed, jobFailed, notHeld,
        leftBehind, interrupted, notResumable, progressUnreadable, diskFull,
    ]
}
