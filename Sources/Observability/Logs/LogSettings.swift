public import Logging

/// What a process needs to know to log: made once in the composition root.
public struct LogSettings: Sendable {
    public var level: Logger.Level
    public var form: LogForm
    public var app: AppLabel
    /// Id of this run of the app; left out of the lines when `nil`.
    public var appID: String?
    /// Further labels for every line, by `LogKeys`.
    public var labels: [String: String]

    public init(
        level: Logger.Level = .info,
        form: LogForm,
        app: AppLabel,
        appID: String? = nil,
        labels: [String: String] = [:]
    ) {
        self.level = level
        self.form = form
        self.app = app
        self.appID = appID
        self.labels = labels
    }

    /// A handler for the logger of that name.
    public func handler(
        _ label: String,
        sink: any LogSink = DescriptorLogSink.standardError,
        metadataProvider: Logger.MetadataProvider? = nil
    ) -> LineLogHandler {
        var metadata = Logger.Metadata(uniqueKeysWithValues: labels.map { ($0.key, .string($0.value)) })
        metadata[LogKeys.app] = .string(app.rawValue)
        if let appID { metadata[LogKeys.appID] = .string(appID) }
        return LineLogHandler(
            label: label, level: level, form: form, sink: sink, metadata: metadata, metadataProvider: metadataProvider
        )
    }

    /// Makes this the logging of the whole process. swift-log allows it once per process and traps on the second call.
    public func bootstrap(metadataProvider: Logger.MetadataProvider? = nil) {
        LoggingSystem.bootstrap(
            { label, provider in handler(label, metadataProvider: provider) },
            metadataProvider: metadataProvider
        )
    }
}
