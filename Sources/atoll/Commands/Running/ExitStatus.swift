import Faults

/// The exit codes of the program, documented in `atoll help` and docs/cli.md.
enum ExitStatus: Int32, Sendable, CaseIterable {
    case done = 0
    case refused = 1
    case notFound = 2
    case conflict = 3
    case notReachable = 4
    case checksFailed = 5
    case usage = 64

    /// The code with which a command that met this fault ends.
    init(_ fault: Fault) {
        if fault.is(ProgramFaults.notRunning) {
            self = .notReachable
        } else if fault.is(ProgramFaults.usage) {
            self = .usage
        } else {
            switch fault.entry.status {
            case 404: self = .notFound
            case 409: self = .conflict
            default: self = .refused
            }
        }
    }

    /// One line of the documentation.
    var meaning: String {
        switch self {
        case .done: "done"
        case .refused: "refused or failed; the numbered error says why"
        case .notFound: "not found: a resource, kind, revision, secret or program"
        case .conflict: "conflict: it exists already, has changed meanwhile, or cannot change"
        case .notReachable: "no server answers for the data directory"
        case .checksFailed:
            "a check of `doctor`, `route probe` or `verify` failed, or a followed job did not succeed"
        case .usage: "the command line cannot be used as it is"
        }
    }
}
