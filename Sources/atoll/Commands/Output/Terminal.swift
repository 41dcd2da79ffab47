#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What one output stream is connected to, and what may be written there.
struct Terminal: Sendable, Hashable {
    let descriptor: Int32
    let isTerminal: Bool
    /// Columns; nil when the stream is no terminal, and lines are then never cut.
    let columns: Int?
    let hasColour: Bool

    static let output = Terminal(STDOUT_FILENO)
    static let error = Terminal(STDERR_FILENO)

    init(_ descriptor: Int32, environment: (String) -> String? = Platform.environment) {
        let isTerminal = isatty(descriptor) == 1
        var size = winsize()
        let isKnown = isTerminal && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        self.init(
            descriptor: descriptor,
            isTerminal: isTerminal,
            columns: isTerminal ? (isKnown ? Int(size.ws_col) : 80) : nil,
            environment: environment
        )
    }

    /// Colours only on a terminal, and only when neither `NO_COLOR` (any value but empty; no-color.org) nor a dumb
    /// terminal says otherwise.
    init(descriptor: Int32, isTerminal: Bool, columns: Int?, environment: (String) -> String?) {
        self.descriptor = descriptor
        self.isTerminal = isTerminal
        self.columns = columns
        self.hasColour = isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
    }

    private init(descriptor: Int32, isTerminal: Bool, columns: Int?, hasColour: Bool) {
        self.descriptor = descriptor
        self.isTerminal = isTerminal
        self.columns = columns
        self.hasColour = hasColour
    }

    /// The same stream for text that is moved to the right.
    func narrowed(by margin: Int) -> Terminal {
        Terminal(
            descriptor: descriptor,
            isTerminal: isTerminal,
            columns: columns.map { max(1, $0 - margin) },
            hasColour: hasColour
        )
    }

    /// The same stream for lines that are never cut.
    var unlimited: Terminal {
        Terminal(descriptor: descriptor, isTerminal: isTerminal, columns: nil, hasColour: hasColour)
    }

    func paint(_ text: String, _ colour: Colour?) -> String {
        guard hasColour, let colour, !text.isEmpty else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}

/// The few colours in use; meaning never hangs on a colour alone.
enum Colour: String, Sendable {
    case good = "32"
    case warning = "33"
    case bad = "31"
    case strong = "1"
    case quiet = "2"
}
