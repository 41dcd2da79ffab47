/// What the runner of child processes is told once.
public struct ChildProcessOptions: Sendable {
    /// Where each worker's control group is made.
    public enum ControlGroups: Sendable, Hashable {
        /// In the site's own group where the system lets it; without groups where not.
        case automatic
        case off
        /// In this folder of the control group file system, which must do.
        case under(String)
    }

    /// The absolute path of what a worker runs: the site passes its own program.
    public var program: String
    public var arguments: [String]
    /// Where the records of running workers are: a folder of the site's alone.
    public var folder: String
    /// Variables beside those that every worker gets; they win.
    public var environment: [String: String] = [:]
    public var controlGroups = ControlGroups.automatic
    /// What workers may use together; nil for what the machine and the site's control group have.
    public var capacity: WorkerCapacity?
    /// How often each worker is looked at.
    public var interval = Duration.milliseconds(250)
    /// Between SIGTERM and SIGKILL for a worker that ran too long.
    public var grace = Duration.seconds(5)
    /// Gets each line that a worker writes to its standard error, cut to 500 characters. Called on the thread that
    /// watches all workers: it must not wait.
    public var onLine: @Sendable (WorkerID, String) -> Void = { _, _ in }

    /// How `recover` ends processes, and how long it waits for their end.
    var recovery = (signal: Int32(9), patience: Duration.seconds(10))

    public init(program: String, arguments: [String], folder: String) {
        self.program = program
        self.arguments = arguments
        self.folder = folder
    }

    /// An order has at most so many bytes.
    public static let longestOrder = 1 << 20

    /// Of the site's environment a worker gets these alone: no secret of the site is among them.
    static let passed = ["PATH", "HOME", "TMPDIR", "LANG", "ATOLL_KERNEL", "ATOLL_TRIAL"]

    /// The runtime's own report of a crash is off: it shows registers and what lies in memory where they point.
    static let fixed = ["SWIFT_BACKTRACE": "enable=no"]
}
