/// 9xxx: logs and metrics.
public enum ObservabilityFaults {
    public static let unknownLogLevel = FaultEntry(
        9001, "unknown-log-level", status: 400,
        "The log level is not known.",
        fix: "Use one of trace, debug, info, notice, warning, error, critical."
    )
    public static let unknownLogForm = FaultEntry(
        9002, "unknown-log-form", status: 400,
        "The log form is not known.",
        fix: "Use json, human or auto (human on a terminal, JSON lines otherwise)."
    )
    public static let badBuckets = FaultEntry(
        9003, "bad-buckets", status: 400,
        "The buckets of a histogram are not usable.",
        fix: "Give at least one finite upper bound, each greater than the one before it."
    )
    public static let unknownMachine = FaultEntry(
        9004, "unknown-machine", status: 404,
        "The site has no machine of this name.",
        fix: "`atoll top` tells the names of the site's machines."
    )

    static let all: [FaultEntry] = [unknownLogLevel, unknownLogForm, badBuckets, unknownMachine]
}
