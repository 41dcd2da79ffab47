import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How far something is that takes longer than a second: a bar that is written over on a terminal, a JSON line every two
/// seconds elsewhere; on standard error, so that results stay alone.
final class ProgressLine {
    private let title: String
    private var total: Int64
    private let start = ContinuousClock.now
    /// What was there before this began, which says nothing about the pace.
    private var first: Int64?
    private var shown: ContinuousClock.Instant?
    private let terminal: Terminal

    init(_ title: String, total: Int64, terminal: Terminal = .error) {
        self.title = title
        self.total = total
        self.terminal = terminal
    }

    /// - Parameters:
    ///   - done: bytes.
    ///   - all: when it is another number than was known.
    func update(_ done: Int64, of all: Int64? = nil) {
        if let all, all > 0 { total = all }
        let before = first ?? done
        first = before
        let now = ContinuousClock.now
        let pause: Duration = terminal.isTerminal ? .milliseconds(100) : .seconds(2)
        guard now - start > .seconds(1), shown.map({ now - $0 >= pause }) ?? true else { return }
        shown = now
        let pace = Pace(done: done, since: before, total: total, seconds: (now - start) / .seconds(1))
        if terminal.isTerminal {
            write("\r\u{1B}[K" + pace.bar(title, columns: terminal.columns ?? 80))
        } else {
            Console.note(JSONLine.text(pace.json(title)))
        }
    }

    /// Takes the bar away.
    func finish() {
        if terminal.isTerminal, shown != nil { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        _ = Platform.write(terminal.descriptor, Array(text.utf8)[...])
    }
}

/// How far something is and how fast it goes.
struct Pace {
    let done: Int64
    let since: Int64
    let total: Int64
    let seconds: Double

    var perSecond: Double { seconds > 0 ? Double(done - since) / seconds : 0 }

    /// Seconds; nil when nothing moves.
    var remaining: Double? { perSecond > 0 ? Double(total - done) / perSecond : nil }

    /// `loans  [######----]  61 %  1.2 of 2.0 GB  85.0 MB/s  0:09 left`.
    func bar(_ title: String, columns: Int) -> String {
        let share = total > 0 ? Double(done) / Double(total) : 1
        let left = remaining.map { "  \(Self.time($0)) left" } ?? ""
        let text =
            "  \(Int(share * 100)) %  \(Self.bytes(Double(done))) of \(Self.bytes(Double(total)))"
            + "  \(Self.bytes(perSecond))/s\(left)"
        let name = TerminalText.cut(TerminalText.line(title), columns: 24)
        let width = min(30, columns - 1 - DisplayWidth.of(name) - 4 - text.count)
        guard width >= 4 else { return TerminalText.cut(name + text, columns: max(1, columns - 1)) }
        let filled = Int(Double(width) * min(1, share))
        return "\(name)  [" + String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
            + "]"
            + text
    }

    func json(_ title: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "event": "progress", "name": .string(title), "done": .integer(done), "total": .integer(total),
            "bytesPerSecond": .integer(Int64(perSecond)),
        ]
        if let remaining { members["secondsLeft"] = .integer(Int64(remaining.rounded(.up))) }
        return .object(members)
    }

    /// In powers of 1000, one decimal.
    static func bytes(_ count: Double) -> String {
        var (value, unit) = (count, "B")
        for next in ["kB", "MB", "GB", "TB"] where value >= 1000 { (value, unit) = (value / 1000, next) }
        let tenths = Int((value * 10).rounded())
        return unit == "B" ? "\(Int(value)) B" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }

    /// `0:09`, `12:30`, `1:02:03`.
    static func time(_ seconds: Double) -> String {
        let all = Int(min(seconds, 359_999).rounded(.up))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (hours, minutes) = (all / 3600, all / 60 % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(all % 60))" : "\(minutes):\(two(all % 60))"
    }
}
