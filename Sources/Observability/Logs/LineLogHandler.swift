public import Logging

/// The log handler of every process of Atoll: merges metadata, redacts, gives the line its form and hands it to a sink.
///
/// A value, as swift-log wants it: changing one logger's level or metadata leaves its copies alone.
public struct LineLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let form: LogForm
    private let sink: any LogSink
    private let clock: @Sendable () -> LogTime

    /// - Parameters:
    ///   - label: the logger's name, `atoll.api`.
    ///   - metadata: labels that every line carries, by `LogKeys`.
    public init(
        label: String,
        level: Logger.Level = .info,
        form: LogForm,
        sink: any LogSink = DescriptorLogSink.standardError,
        metadata: Logger.Metadata = [:],
        metadataProvider: Logger.MetadataProvider? = nil,
        clock: @escaping @Sendable () -> LogTime = LogTime.now
    ) {
        self.label = label
        self.logLevel = level
        self.form = form
        self.sink = sink
        self.metadata = metadata
        self.metadataProvider = metadataProvider
        self.clock = clock
    }

    /// Metadata of the call wins over the provider's, and the provider's over the logger's own.
    public func log(event: LogEvent) {
        let sources = [metadata, metadataProvider?.get() ?? [:], event.metadata ?? [:]]
        let record = LogRecord(event, logger: label, at: clock(), metadata: sources)
        switch form {
        case .json: sink.write(JSONLogLine.text(record))
        case .human(let colour): sink.write(HumanLogLine.text(record, colour: colour))
        }
    }

    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
