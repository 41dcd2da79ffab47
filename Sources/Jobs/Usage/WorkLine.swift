public import Ledger
import Observability
import Resources

/// By what running work is told apart.
public enum WorkGroup: String, Sendable, CaseIterable {
    case machine, tenant, project, app, user
}

/// What one machine, tenant, project, app or user uses.
public struct WorkLine: Sendable, Hashable {
    /// Of the machine, tenant, project, app or user; nil for a peer, and for what is of no tenant.
    public let name: String?
    /// Where the line is of one tenant alone.
    public let tenant: String?
    /// Where it is of one project alone.
    public let project: String?
    /// The site that asked for the work, where nobody of this site did.
    public let peer: SiteID?
    /// The job of an app, where it is still there.
    public internal(set) var job: String?
    /// Workers that run.
    public fileprivate(set) var workers = 0
    /// Cores that they keep busy, and the most that they may.
    public fileprivate(set) var cores = 0.0
    public fileprivate(set) var coresReserved = 0
    /// Bytes of memory that they have, and the most that they may.
    public fileprivate(set) var memory: UInt64 = 0
    public fileprivate(set) var memoryReserved: UInt64 = 0
    /// Seconds of processor time in the last 24 hours, also of work that has ended.
    public fileprivate(set) var seconds = 0.0
}

/// Sums up lines.
struct WorkLines {
    private struct Key: Hashable {
        var name: String?
        var tenant: String?
        var project: String?
        var peer: SiteID?
    }

    private let group: WorkGroup
    private var lines: [Key: WorkLine] = [:]

    init(_ group: WorkGroup) {
        self.group = group
    }

    /// The most busy first; of those that use the same, by name.
    var sorted: [WorkLine] {
        lines.sorted { left, right in
            let (first, second) = (left.value, right.value)
            if first.cores != second.cores { return first.cores > second.cores }
            if first.seconds != second.seconds { return first.seconds > second.seconds }
            let (one, other) = (left.key, right.key)
            return (one.tenant ?? "", one.project ?? "", one.name ?? "") < (
                other.tenant ?? "", other.project ?? "", other.name ?? ""
            )
        }.map(\.value)
    }

    mutating func add(_ usage: WorkerUsage, of owner: WorkerOwner) {
        change(owner) { line in
            line.workers += 1
            line.cores += usage.cores
            line.coresReserved += usage.limits.cores
            line.memory += usage.memory
            line.memoryReserved += usage.limits.memory
        }
    }

    mutating func add(_ seconds: Double, of owner: WorkerOwner) {
        change(owner) { $0.seconds += seconds }
    }

    /// The site itself is an app on the machine, and nobody's work.
    mutating func add(_ site: SiteProcess, cores: Double, seconds: Double) {
        change(.site) { line in
            line.cores += cores
            line.memory += site.memory
            line.seconds += seconds
        }
    }

    private mutating func change(_ owner: WorkerOwner, _ body: (inout WorkLine) -> Void) {
        guard let key = key(owner) else { return }
        body(
            &lines[
                key, default: WorkLine(name: key.name, tenant: key.tenant, project: key.project, peer: key.peer)])
    }

    private func key(_ owner: WorkerOwner) -> Key? {
        let (tenant, project) = (owner.scope.tenant, owner.scope.project)
        switch group {
        case .machine: return Key(name: MachineMonitor.machineName)
        case .app: return Key(name: owner.app, tenant: tenant, project: project)
        case _ where owner == .site: return nil
        case .tenant: return Key(name: tenant, tenant: tenant)
        case .project: return Key(name: project, tenant: tenant, project: project)
        case .user: return Key(name: owner.user, peer: owner.user == nil ? owner.peer : nil)
        }
    }
}
