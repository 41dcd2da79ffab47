import Faults
public import Logging

extension Logger.Level {
    /// Reads a level by its name, in any case: trace, debug, info, notice, warning (also `warn`), error, critical.
    ///
    /// - Parameter place: where the name was written, for the fault: a flag, a variable, a key of the configuration.
    /// - Throws: `ObservabilityFaults.unknownLogLevel`.
    public init(named name: String, at place: String? = nil) throws {
        let lower = name.lowercased()
        guard let level = Logger.Level(rawValue: lower == "warn" ? "warning" : lower) else {
            throw Fault(ObservabilityFaults.unknownLogLevel, "The log level “\(name)” is not known.", at: place)
        }
        self = level
    }
}
