import Faults
import Logging

/// One log line before it takes a form: what was said, with every source of metadata merged and secrets redacted.
struct LogRecord {
    let time: LogTime
    let level: Logger.Level
    let logger: String
    let message: String
    /// The numbered fault or other error that came with the line.
    let error: (any Error)?
    /// The module that spoke.
    let source: String
    /// `LogKeys`, in the order of that list, as text.
    let labels: [(key: String, value: String)]
    /// All other metadata, in order of key.
    let metadata: [(key: String, value: Logger.MetadataValue)]

    /// - Parameter metadata: sources of metadata, weakest first: a later one replaces an earlier one's key.
    init(_ event: LogEvent, logger: String, at time: LogTime, metadata sources: [Logger.Metadata]) {
        self.time = time
        level = event.level
        self.logger = logger
        message = event.message.description
        error = event.error
        source = event.source
        var merged: Logger.Metadata = [:]
        for source in sources {
            merged.merge(source) { $1 }
        }
        let clean = LogRedaction.clean(merged)
        labels = LogKeys.all.compactMap { key in clean[key].map { (key, $0.description) } }
        metadata = clean.filter { !LogKeys.all.contains($0.key) }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
