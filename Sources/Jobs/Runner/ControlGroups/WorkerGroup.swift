#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The control group of one worker: made before it runs, gone after it.
///
/// It holds what the watching cannot: memory that grows faster than it looks, and processes that left the worker's
/// process group.
struct WorkerGroup: Sendable, Hashable {
    /// The folder with the memory controller first.
    let folders: [String]
    let isSecond: Bool

    /// Above the worker's own limit, so that the watching, which can tell it better, is usually first. Files in the
    /// page cache and the system's own memory for the worker count in the group too.
    static func headroom(_ limit: UInt64) -> UInt64 { max(32 << 20, limit / 8) }

    /// Processes and threads of one worker at most.
    static let processes = 4096

    /// Makes nothing yet, so that the folders can be written down first.
    init(in parent: ControlGroupParent, mark: ProcessMark) {
        let name = Self.name(mark)
        switch parent {
        case .first(let memory, let cpu):
            folders = [memory, cpu].compactMap { $0 }.map { "\($0)/\(name)" }
            isSecond = false
        case .second(let folder):
            folders = ["\(folder)/\(name)"]
            isSecond = true
        }
    }

    /// One of an earlier life of the site. Folders that cannot be of this mark are left out.
    init(folders: [String], mark: ProcessMark) {
        self.folders = folders.filter { $0.hasPrefix("/") && $0.hasSuffix("/" + Self.name(mark)) }
        isSecond = folders.first.map { access($0 + "/cgroup.kill", F_OK) == 0 } ?? false
    }

    private static func name(_ mark: ProcessMark) -> String { "atoll-worker-" + mark.value }

    /// False when the system refuses; nothing is left then.
    func make(_ limits: WorkerLimits, allowedCores: Int) -> Bool {
        let memory = limits.memory + Self.headroom(limits.memory)
        for folder in folders where mkdir(folder, 0o755) != 0 {
            remove()
            return false
        }
        let isLimited: Bool
        if isSecond {
            isLimited = SystemFile.write(folders[0] + "/memory.max", "\(memory)")
            SystemFile.write(folders[0] + "/memory.swap.max", "0")
            SystemFile.write(folders[0] + "/memory.oom.group", "1")
            SystemFile.write(folders[0] + "/pids.max", "\(Self.processes)")
            if limits.cores < allowedCores {
                SystemFile.write(folders[0] + "/cpu.max", "\(limits.cores * 100_000) 100000")
            }
        } else {
            isLimited = SystemFile.write(folders[0] + "/memory.limit_in_bytes", "\(memory)")
            // The sum with swap; absent where swap is not counted.
            SystemFile.write(folders[0] + "/memory.memsw.limit_in_bytes", "\(memory)")
            if folders.count > 1, limits.cores < allowedCores {
                SystemFile.write(folders[1] + "/cpu.cfs_period_us", "100000")
                SystemFile.write(folders[1] + "/cpu.cfs_quota_us", "\(limits.cores * 100_000)")
            }
        }
        if !isLimited { remove() }
        return isLimited
    }

    /// Takes a process in; what it starts later is in as well.
    func add(_ process: Int32) -> Bool {
        var isIn = true
        for folder in folders { isIn = SystemFile.write(folder + "/cgroup.procs", "\(process)") && isIn }
        return isIn
    }

    /// Whether the system ended a process because the group's memory was used up.
    var ranOutOfMemory: Bool {
        guard let folder = folders.first else { return false }
        let text = SystemFile.text(folder + (isSecond ? "/memory.events" : "/memory.oom_control")) ?? ""
        return (SystemFile.number("oom_kill", in: text) ?? 0) > 0
    }

    /// Most memory that the group used, in bytes, files in the page cache included; 0 when unknown.
    var peak: UInt64 {
        guard let folder = folders.first else { return 0 }
        let text = SystemFile.text(folder + (isSecond ? "/memory.peak" : "/memory.max_usage_in_bytes")) ?? ""
        return UInt64(text.filter { !$0.isNewline }) ?? 0
    }

    /// Ends what is in it, whatever process group it is in.
    func end() {
        guard let folder = folders.first else { return }
        if isSecond, SystemFile.write(folder + "/cgroup.kill", "1") { return }
        for line in (SystemFile.text(folder + "/cgroup.procs") ?? "").split(separator: "\n") {
            if let process = Int32(line), process > 1, process != getpid() { kill(process, SIGKILL) }
        }
    }

    /// False while something in it has not quite gone; asked again later.
    @discardableResult
    func remove() -> Bool {
        var isGone = true
        for folder in folders where rmdir(folder) != 0 && errno != ENOENT { isGone = false }
        return isGone
    }
}
