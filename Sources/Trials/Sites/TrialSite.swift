import Faults
import Jobs

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One site of a trial: a process of the same program, with a folder and a log of its own.
struct TrialSite: Sendable {
    let name: String
    let folder: String
    let process: Int32
    /// When the process was started, as the system counts it.
    let start: UInt64
    /// Where it listens; nil for one that only dials.
    let port: Int?

    var log: String { folder + ".log" }

    /// Of this process's environment a site gets these alone; settings of another site are not among them.
    private static let passed = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "ATOLL_KERNEL"]

    /// Starts it. It is ready when its door answers.
    ///
    /// - Throws: `TrialFaults.siteNotStarted`, `.folder`.
    init(_ name: String, in folder: TrialFolder, program: String, port: Int?) throws(Fault) {
        self.name = name
        self.folder = folder.site(name)
        let log = open(self.folder + ".log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else {
            throw Fault(
                TrialFaults.folder, "The log cannot be written: \(String(cString: strerror(errno))).",
                at: self.folder + ".log")
        }
        defer { close(log) }
        var arguments = ["serve", "--data", self.folder, "--site-name", name, "--log-form", "json"]
        if let port { arguments += ["--federation-address", "127.0.0.1:\(port)"] }
        var environment = PassedEnvironment.current(Self.passed)
        environment[folder.mark.variable] = folder.mark.value
        var start = ChildStart(program: program, arguments: arguments, environment: environment)
        start.errors = log
        let (process, failure) = start.start()
        guard failure == 0 else {
            throw Fault(
                TrialFaults.siteNotStarted,
                "The site '\(name)' cannot be started: \(String(cString: strerror(failure))).",
                at: program)
        }
        self.process = process
        self.port = port
        // It is not collected before it is asked for, so there is a status.
        self.start = ProcessStatus(of: process)?.start ?? 0
    }

    /// One that another driver has started; nil when it does not run any more.
    init?(_ known: TrialProgress.Site, of folder: TrialFolder) {
        name = known.name
        self.folder = folder.site(known.name)
        process = known.process
        start = known.start
        port = known.port
        guard folder.mark.isOn(process), !hasEnded() else { return nil }
    }

    /// As the progress keeps it.
    var known: TrialProgress.Site { .init(name: name, process: process, start: start, port: port) }

    /// Whether it has ended; collects it then, where it is this process's child.
    func hasEnded() -> Bool {
        var status: Int32 = 0
        while true {
            let answer = waitpid(process, &status, WNOHANG)
            if answer < 0, errno == EINTR { continue }
            if answer < 0, errno == ECHILD {
                guard let now = ProcessStatus(of: process) else { return true }
                return now.start != start || now.hasEnded
            }
            return answer != 0
        }
    }

    /// Whether its disk has no room for what it has to write down, so that it can neither go on nor say why.
    var isDiskFull: Bool {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 256 << 10
    }

    func ask() {
        if !hasEnded() { kill(process, SIGTERM) }
    }

    /// The end of its log, at most 8 KiB.
    func lastLines(_ count: Int = 5) -> [String] {
        let descriptor = open(log, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: 8192)
        let read = pread(descriptor, &bytes, bytes.count, max(0, size - 8192))
        return String(decoding: bytes.prefix(max(0, read)), as: UTF8.self).split(separator: "\n").suffix(count).map(
            String.init)
    }

    func notStarted(_ what: String) -> Fault {
        Fault(
            TrialFaults.siteNotStarted, "The site '\(name)' \(what).",
            at: lastLines().map { String($0.prefix(500)) }.joined(separator: "\n          "))
    }
}
