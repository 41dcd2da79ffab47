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
    static func read(_ file: String?, name: String) throws(Fault) -> [UInt8] {
        let limit = SecretStore.maximumBytes
        if let file { return try FileInput.read(file, limit: limit) }
        guard isatty(STDIN_FILENO) == 1 else { return try FileInput.read("-", limit: limit) }
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return try FileInput.read("-", limit: limit) }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
        Console.note("Value of \(name) (not shown):")
        return Array((readLine(strippingNewline: true) ?? "").utf8)
    }
}
