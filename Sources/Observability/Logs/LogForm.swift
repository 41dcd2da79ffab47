import Faults

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a log line looks.
public enum LogForm: Hashable, Sendable {
    /// One JSON object per line.
    case json
    /// Columns for a person.
    case human(colour: Bool)

    /// Reads `json`, `human` or `auto`; auto is human on a terminal and JSON otherwise.
    ///
    /// Colour is only for terminals that can show it (`TERM` is set and not `dumb`) and never when `NO_COLOR` is set,
    /// to whatever value.
    ///
    /// - Parameters:
    ///   - isTerminal: whether the lines go to a terminal, see `isTerminal(_:)`.
    ///   - environment: the process' environment.
    /// - Throws: `ObservabilityFaults.unknownLogForm`.
    public init(_ text: String, isTerminal: Bool, environment: [String: String]) throws {
        let terminal = environment["TERM"] ?? "dumb"
        let colour = isTerminal && environment["NO_COLOR"] == nil && !terminal.isEmpty && terminal != "dumb"
        switch text {
        case "json": self = .json
        case "human": self = .human(colour: colour)
        case "auto": self = isTerminal ? .human(colour: colour) : .json
        default:
            throw Fault(ObservabilityFaults.unknownLogForm, "The log form “\(text)” is not known.")
        }
    }

    /// Whether a file descriptor is a terminal; standard error when not given.
    public static func isTerminal(_ descriptor: Int32 = 2) -> Bool {
        isatty(descriptor) == 1
    }
}
