import Faults
import Secrets

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads a secret without showing it.
enum SecretInput {
    /// From the file, or from standard input; from a terminal one line, without its end and without an echo.
    ///
    /// - Throws: `ProgramFaults.fileUnreadable`.
    static func read(_ file: String?, prompt: String) throws(Fault) -> [UInt8] {
        let limit = SecretStore.maximumBytes
        if let file { return try FileInput.read(file, limit: limit) }
        guard isatty(STDIN_FILENO) == 1, let echo = Echo() else { return try FileInput.read("-", limit: limit) }
        Console.note("\(prompt) (not shown):")
        let line = readLine(strippingNewline: true) ?? ""
        echo.restore()
        return Array(line.utf8)
    }
}

/// The echo of the terminal, switched off until `restore`, also when a signal ends the program before.
private struct Echo {
    private static let fatalSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// What the signal handler restores; written before the handler is set, by the one command that reads a secret.
    nonisolated(unsafe) private static var usual = termios()

    init?() {
        guard tcgetattr(STDIN_FILENO, &Self.usual) == 0 else { return nil }
        for code in Self.fatalSignals {
            signal(code) { code in
                tcsetattr(STDIN_FILENO, TCSANOW, &Echo.usual)
                signal(code, SIG_DFL)
                raise(code)
            }
        }
        var silent = Self.usual
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    }

    func restore() {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &Self.usual)
        for code in Self.fatalSignals { signal(code, SIG_DFL) }
    }
}
