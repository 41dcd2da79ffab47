import Faults
import Observability

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The group in which each worker gets one of its own.
enum ControlGroupParent: Sendable, Hashable {
    /// Version 1: a folder in the memory hierarchy, and one in that of processors where it can be written.
    case first(memory: String, cpu: String?)
    case second(String)

    /// The site's own group, when groups can be made in it; nil when not.
    static func automatic(_ places: ControlGroupPlaces = .current()) -> ControlGroupParent? {
        if let folder = places.unified, let parent = second(in: folder, mayMove: true) { return parent }
        guard let memory = places.memory, isWritable(memory), hasFile(memory, "memory.limit_in_bytes") else {
            return nil
        }
        let cpu = places.cpu.flatMap { isWritable($0) && hasFile($0, "cpu.cfs_quota_us") ? $0 : nil }
        return .first(memory: memory, cpu: cpu)
    }

    /// A group that somebody has made for the workers.
    ///
    /// - Throws: `RunnerFaults.controlGroup` when none can be made in it.
    static func under(_ folder: String) throws(Fault) -> ControlGroupParent {
        if hasFile(folder, "cgroup.controllers") {
            if let parent = second(in: folder, mayMove: false) { return parent }
        } else if isWritable(folder), hasFile(folder, "memory.limit_in_bytes") {
            return .first(memory: folder, cpu: nil)
        }
        throw Fault(
            RunnerFaults.controlGroup, at: folder,
            wanted: "a folder of a memory hierarchy (version 1), or of version 2 with the memory controller "
                + "and no process in it, writable by the site")
    }

    /// In version 2 a group has either processes or groups with controllers: a site that is alone in its group moves
    /// into one below, so that workers' groups can stand beside it.
    private static func second(in folder: String, mayMove: Bool) -> ControlGroupParent? {
        guard isWritable(folder), let offered = SystemFile.text(folder + "/cgroup.controllers"),
            words(offered).contains("memory")
        else { return nil }
        let passed = words(SystemFile.text(folder + "/cgroup.subtree_control") ?? "")
        if passed.contains("memory") { return .second(folder) }
        let inside = words(SystemFile.text(folder + "/cgroup.procs") ?? "")
        if !inside.isEmpty {
            guard mayMove, inside == ["\(getpid())"] else { return nil }
            let own = folder + "/atoll-site"
            guard mkdir(own, 0o755) == 0 || errno == EEXIST, SystemFile.write(own + "/cgroup.procs", "\(getpid())")
            else { return nil }
        }
        guard SystemFile.write(folder + "/cgroup.subtree_control", "+memory") else { return nil }
        for controller in ["pids", "cpu"] where words(offered).contains(controller) {
            SystemFile.write(folder + "/cgroup.subtree_control", "+" + controller)
        }
        return .second(folder)
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    private static func isWritable(_ folder: String) -> Bool { access(folder, W_OK | X_OK) == 0 }

    private static func hasFile(_ folder: String, _ name: String) -> Bool { access("\(folder)/\(name)", F_OK) == 0 }
}
