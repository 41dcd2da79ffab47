import Logging
import Synchronization

@testable import Observability

/// Keeps the lines that a handler writes.
final class MemorySink: LogSink {
    private let kept = Mutex<[String]>([])

    func write(_ line: String) {
        kept.withLock { $0.append(line) }
    }

    var lines: [String] { kept.withLock { $0 } }
    var last: String { lines.last ?? "" }
}

extension MemorySink {
    /// A logger into this sink with a clock that stands still at 2026-03-01T08:15:30.250Z.
    func logger(_ form: LogForm, _ metadata: Logger.Metadata = [:], provider: Logger.MetadataProvider? = nil) -> Logger
    {
        Logger(label: "atoll.test") { label in
            LineLogHandler(
                label: label, level: .trace, form: form, sink: self, metadata: metadata, metadataProvider: provider,
                clock: { LogTime(milliseconds: 1_772_352_930_250) }
            )
        }
    }
}
