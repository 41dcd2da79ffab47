import Faults

/// The data directory that a command means, and the socket of the server in it. Nothing is read or made here.
struct DataLocation: Sendable, Hashable {
    /// Without a slash at the end.
    let directory: String
    /// What named it, for messages: `--data`, `ATOLL_DATA`, `XDG_DATA_HOME` or `HOME`.
    let source: String

    var socket: String { "\(directory)/atoll.sock" }

    /// The longest path that a Unix socket's address holds on Linux, in bytes.
    static let longestSocketPath = 107

    /// `--data`, else `ATOLL_DATA`, else `$XDG_DATA_HOME/atoll`, else `$HOME/.local/share/atoll`. Empty values count as
    /// absent; a relative `XDG_DATA_HOME` is passed over, as its specification demands.
    ///
    /// - Throws: `ProgramFaults.dataDirectory` when none of them is known.
    init(option: String?, environment: (String) -> String? = Platform.environment) throws(Fault) {
        func known(_ value: String?) -> String? {
            guard let value, !value.isEmpty else { return nil }
            let trimmed = value.reversed().drop { $0 == "/" }.reversed()
            return trimmed.isEmpty ? "/" : String(trimmed)
        }
        if let path = known(option) {
            (directory, source) = (path, "--data")
        } else if let path = known(environment("ATOLL_DATA")) {
            (directory, source) = (path, "ATOLL_DATA")
        } else if let path = known(environment("XDG_DATA_HOME")), path.hasPrefix("/") {
            (directory, source) = ("\(path)/atoll", "XDG_DATA_HOME")
        } else if let path = known(environment("HOME")) {
            (directory, source) = ("\(path)/.local/share/atoll", "HOME")
        } else {
            throw Fault(
                ProgramFaults.dataDirectory,
                "No data directory is named, and HOME is not set.",
                wanted: "--data DIR, or ATOLL_DATA in the environment"
            )
        }
    }
}
