/// Where this process is in the machine's control groups, as folders that can be opened; nil where there is none or it
/// lies outside what is mounted here.
public struct ControlGroupPlaces: Sendable, Hashable {
    /// Version 2.
    public var unified: String?
    /// Version 1, by controller.
    public var memory: String?
    public var cpu: String?
    /// The controller that counts processor time, often mounted with the one that limits it.
    public var accounting: String?
    public var pids: String?

    public static func current() -> ControlGroupPlaces {
        ControlGroupPlaces(
            groups: SystemFile.text("/proc/self/cgroup") ?? "", mounts: SystemFile.text("/proc/self/mountinfo") ?? "")
    }

    public init(
        unified: String? = nil, memory: String? = nil, cpu: String? = nil, accounting: String? = nil,
        pids: String? = nil
    ) {
        self.unified = unified
        self.memory = memory
        self.cpu = cpu
        self.accounting = accounting
        self.pids = pids
    }

    /// Reads `/proc/self/cgroup` and `/proc/self/mountinfo`: see cgroups(7) and proc(5).
    public init(groups: String, mounts: String) {
        let mounts = mounts.split(separator: "\n").compactMap(Mount.init)
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let (controllers, path) = (parts[1].split(separator: ","), String(parts[2]))
            if parts[0] == "0", controllers.isEmpty {
                unified = mounts.last { $0.type == "cgroup2" }?.folder(of: path)
            }
            func folder(_ name: Substring) -> String? {
                guard controllers.contains(name) else { return nil }
                return mounts.last { $0.type == "cgroup" && $0.controllers.contains(name) }?.folder(of: path)
            }
            memory = memory ?? folder("memory")
            cpu = cpu ?? folder("cpu")
            accounting = accounting ?? folder("cpuacct")
            pids = pids ?? folder("pids")
        }
    }

    /// A line of mountinfo: `36 35 98:0 /root /mount/point rw,noatime shared:1 - cgroup cgroup rw,memory`.
    private struct Mount {
        let root: String
        let point: String
        let type: Substring
        let controllers: [Substring]

        init?(_ line: Substring) {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
            root = String(fields[3])
            point = String(fields[4])
            type = fields[dash + 1]
            controllers = fields[dash + 3].split(separator: ",")
        }

        func folder(of path: String) -> String? {
            guard !path.hasPrefix("/..") else { return nil }
            if root == "/" { return path == "/" ? point : point + path }
            guard path == root || path.hasPrefix(root + "/") else { return nil }
            return point + path.dropFirst(root.count)
        }
    }
}
