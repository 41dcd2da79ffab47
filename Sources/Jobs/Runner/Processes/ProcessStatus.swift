#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the system says of a process at one moment.
public struct ProcessStatus: Sendable, Hashable {
    public let id: Int32
    public let parent: Int32
    /// Its process group.
    public let group: Int32
    /// One letter; `Z` has ended and waits for its parent.
    public let state: Character
    /// Clock ticks between the start of the system and its own: with the number and the system's start (`bootID`) this
    /// names a process for ever.
    public let start: UInt64
    /// Clock ticks of processor time, its own.
    public let ticks: UInt64
    /// The same of children that have ended and were waited for, and of theirs.
    public let childTicks: UInt64
    /// Resident memory in bytes.
    public let memory: UInt64
    /// A thread of the system's own, which has no program.
    let isKernelThread: Bool

    public var hasEnded: Bool { state == "Z" || state == "X" }

    /// Nil when there is none of that number.
    public init?(of id: Int32) {
        guard let text = SystemFile.text("/proc/\(id)/stat") else { return nil }
        self.init(text)
    }

    /// Reads `/proc/PID/stat`: see proc(5). The second field may hold anything, so what follows its last `)` counts.
    init?(_ text: String) {
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
            let id = Int32(text[..<open].filter { $0 != " " })
        else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count >= 22, let state = fields[0].first, let parent = Int32(fields[1]),
            let group = Int32(fields[2]), let flags = UInt64(fields[6]), let user = UInt64(fields[11]),
            let system = UInt64(fields[12]),
            let childUser = UInt64(fields[13]), let childSystem = UInt64(fields[14]), let start = UInt64(fields[19]),
            let pages = UInt64(fields[21].filter { $0 != "\n" })
        else { return nil }
        self.id = id
        self.parent = parent
        self.group = group
        self.state = state
        self.start = start
        ticks = user &+ system
        childTicks = childUser &+ childSystem
        isKernelThread = flags & 0x0020_0000 != 0
        memory = pages &* Self.pageSize
    }

    private static let pageSize = UInt64(sysconf(Int32(_SC_PAGESIZE)))

    /// Whether it was started within the last ten seconds.
    var isYoung: Bool {
        guard let seconds = SystemFile.text("/proc/uptime")?.split(separator: " ").first.flatMap({ Double($0) }) else {
            return true
        }
        return Double(start) / Double(sysconf(Int32(_SC_CLK_TCK))) > seconds - 10
    }

    /// Numbers of all processes that can be seen.
    public static func all() -> [Int32] {
        SystemFile.names(in: "/proc").compactMap { $0.utf8.first.map { (0x30...0x39) ~= $0 } == true ? Int32($0) : nil }
    }

    /// Numbers of the processes that a process has started and not yet waited for; empty for 0 and 1.
    public static func children(of id: Int32) -> [Int32] {
        guard id > 1 else { return [] }
        return SystemFile.names(in: "/proc/\(id)/task").flatMap { thread in
            (SystemFile.text("/proc/\(id)/task/\(thread)/children") ?? "").split(separator: " ").compactMap {
                Int32($0)
            }
        }
    }

    /// Changes with each start of the system.
    public static let bootID = (SystemFile.text("/proc/sys/kernel/random/boot_id") ?? "").filter { !$0.isNewline }

    /// Largest resident memory so far, in bytes, of the program that it runs now.
    static func peakMemory(of id: Int32) -> UInt64 {
        guard let text = SystemFile.text("/proc/\(id)/status") else { return 0 }
        return (SystemFile.number("VmHWM:", in: text) ?? 0) * 1024
    }
}
