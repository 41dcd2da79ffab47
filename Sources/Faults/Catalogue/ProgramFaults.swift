/// 0xxx: the program, its configuration, the HTTP door and the command line.
public enum ProgramFaults {
    public static let invalidSetting = FaultEntry(
        1, "invalid-setting", status: 500, "A setting has a value that cannot be used.",
        fix: "Correct the setting in the place named; `atoll config show` lists every setting and where it comes from."
    )
    public static let unknownSetting = FaultEntry(
        2, "unknown-setting", status: 500, "The configuration file has a setting that the program does not know.",
        fix: "Correct the name or remove the line; `atoll config show` lists every setting."
    )
    public static let dataDirectory = FaultEntry(
        3, "data-directory", status: 500, "The data directory cannot be used.",
        fix: "Choose a directory that your user owns with --data."
    )
    public static let unsafePermissions = FaultEntry(
        4, "unsafe-permissions", status: 500, "A file or directory of secrets can be read by others.",
        fix: "Take the permissions of group and others away with chmod go-rwx."
    )
    public static let socketPath = FaultEntry(
        5, "socket-path", status: 500, "The path of the local socket is too long for the system.",
        fix: "Choose a data directory with a shorter path."
    )
    public static let listen = FaultEntry(
        6, "listen", status: 500, "A listener could not be opened.",
        fix: "Free the address or choose another one."
    )
    public static let notRunning = FaultEntry(
        7, "not-running", status: 503, "No server answers for this data directory.",
        fix: "Start one with `atoll serve --data DIR`, or name the right directory with --data."
    )
    public static let fileUnreadable = FaultEntry(
        8, "file-unreadable", status: 400, "A file cannot be read.",
        fix: "Check the path and its permissions."
    )
    public static let unknownFault = FaultEntry(
        9, "unknown-fault", status: 404, "There is no error and no kind of that name.",
        fix: "Give a number such as ATL-1002, or a kind from `atoll kinds`."
    )
    public static let benchMissing = FaultEntry(
        10, "bench-missing", status: 404, "The bench program is not beside this program.",
        fix: "Build the bench programs with `make bench`."
    )
    public static let secretNotFound = FaultEntry(
        11, "secret-not-found", status: 404, "There is no secret of that name.",
        fix: "Store it with `atoll secret set NAME`; `atoll secret list` shows the names."
    )
    public static let secretSealed = FaultEntry(
        12, "secret-sealed", status: 500, "The secrets cannot be opened with this data directory's key file.",
        fix: "Restore the key file `secrets.key` that belongs to this store."
    )
    public static let noSuchRoute = FaultEntry(
        13, "no-such-route", status: 404, "The API has no such path or method.",
        fix: "See `/api/v1/openapi.json` for the paths."
    )
    public static let badRequest = FaultEntry(
        14, "bad-request", status: 400, "A parameter of the request cannot be used.",
        fix: "Correct the parameter named."
    )
    public static let strangeAnswer = FaultEntry(
        15, "strange-answer", status: 502, "The server's answer cannot be understood.",
        fix: "Use the same version of client and server; `atoll version` shows both."
    )
    public static let usage = FaultEntry(
        16, "usage", status: 400, "The command line cannot be used as it is.",
        fix: "See `atoll help`."
    )
    public static let unexpected = FaultEntry(
        17, "unexpected", status: 500, "Something failed that has no number of its own.",
        fix: "See the server's log; report it with the log line."
    )
    public static let invalidSecret = FaultEntry(
        18, "invalid-secret", status: 422, "The secret is empty or too large.",
        fix: "Give 1 to 65,536 bytes."
    )
    public static let foreignCaller = FaultEntry(
        19, "foreign-caller", status: 403, "The local socket serves only the user that runs the server, and root.",
        fix: "Run the command as the server's user."
    )
    public static let notReady = FaultEntry(
        20, "not-ready", status: 503, "The server is not ready.",
        fix: "See the check named; `atoll doctor` runs all of them."
    )

    static let all: [FaultEntry] = [
        invalidSetting, unknownSetting, dataDirectory, unsafePermissions, socketPath, listen, notRunning,
        fileUnreadable, unknownFault, benchMissing, secretNotFound, secretSealed, noSuchRoute, badRequest,
        strangeAnswer, usage, unexpected, invalidSecret, foreignCaller, notReady,
    ]
}
