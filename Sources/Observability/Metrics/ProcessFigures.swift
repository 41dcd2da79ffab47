#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The process' own figures, read from `/proc` at the moment of the scrape under the names that Prometheus' dashboards
/// know. A figure that the system does not tell is left out.
enum ProcessFigures {
    struct Figure {
        let name: String
        let kind: MetricKind
        let help: String
        let value: Double
    }

    static let names = [
        "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes",
        "process_open_fds", "process_max_fds", "process_start_time_seconds",
    ]

    static func now() -> [Figure] {
        var figures: [Figure] = []
        func add(_ name: String, _ kind: MetricKind, _ help: String, _ value: Double?) {
            if let value { figures.append(Figure(name: name, kind: kind, help: help, value: value)) }
        }
        let status = SystemFile.text("/proc/self/stat").flatMap(ProcessStatus.init)
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        add("process_cpu_seconds_total", .counter, "User and system time spent", status.map { $0.cpuTicks / ticks })
        add("process_resident_memory_bytes", .gauge, "Resident memory", status.map { $0.residentPages * page })
        add("process_virtual_memory_bytes", .gauge, "Virtual memory", status.map { $0.virtualBytes })
        add("process_open_fds", .gauge, "Open file descriptors", SystemFile.openDescriptors().map(Double.init))
        add("process_max_fds", .gauge, "File descriptors that may be open", descriptorLimit())
        let boot = SystemFile.text("/proc/stat").flatMap(bootTime)
        if let status, let boot {
            add(
                "process_start_time_seconds", .gauge, "Start of the process, in seconds since 1970 (UTC)",
                boot + status.startTicks / ticks
            )
        }
        return figures
    }

    /// The line `btime 1700000000` of `/proc/stat`: seconds since 1970 at boot.
    static func bootTime(_ text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
    }

    private static func descriptorLimit() -> Double? {
        var limit = rlimit()
        #if canImport(Glibc)
            let answer = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            let answer = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        return answer == 0 ? Double(limit.rlim_cur) : nil
    }
}

/// The fields of `/proc/self/stat` that are used (proc(5)). The command's name stands in parentheses and may hold
/// spaces and parentheses itself, so fields are counted from the last closing one.
struct ProcessStatus {
    let cpuTicks: Double
    let startTicks: Double
    let virtualBytes: Double
    let residentPages: Double

    init?(_ text: String) {
        guard let close = text.lastIndex(of: ")") else { return nil }
        // The first field after the name is number 3 of proc(5).
        let fields = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
        func field(_ number: Int) -> Double? {
            fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
        }
        guard let user = field(14), let system = field(15), let start = field(22), let virtual = field(23),
            let resident = field(24)
        else { return nil }
        cpuTicks = user + system
        startTicks = start
        virtualBytes = virtual
        residentPages = resident
    }
}
