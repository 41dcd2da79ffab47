import Ledger
public import Resources

extension JobSummary {
    /// The status of a job's resource, as people and programs read it.
    ///
    /// - Parameter name: the peer's name of a site here.
    public func json(job: String, digest: String, owner: String, name: (String) -> String?) -> [String: JSONValue] {
        var status: [String: JSONValue] = [
            "job": .string(job), "planDigest": .string(digest), "owner": .string(owner),
            "state": .string(state.rawValue), "epoch": .integer(Int64(clamping: epoch)),
            "message": .string(message(name)),
            "parties": .array(parties.map { Self.json($0, name) }),
            "tasks": .array((decision?.tasks ?? []).map(task)),
        ]
        if let pausedSeconds, pausedSeconds > 0 { status["pausedSeconds"] = .number(pausedSeconds) }
        let (done, total) = progress
        if let seconds = remaining { status["remainingSeconds"] = .integer(seconds) }
        status["progress"] = .string(total == 0 ? "" : "\(done * 100 / total) %")
        if let reason {
            status["reason"] = [
                "number": .string("ATL-\(reason.number)"), "text": .string(reason.text), "fix": .string(reason.fix),
            ]
        }
        return status
    }

    /// Of the whole job in thousandths of a task: tasks that are done count whole, the one that runs as far as the slowest
    /// party says.
    public var progress: (done: Int, total: Int) {
        let tasks = decision?.tasks ?? []
        let done = tasks.map { task -> Int in
            if task.state == .done { return 1_000 }
            let sides = parties.compactMap { $0.view?.task(task.name) }
            return sides.map { $0.total == 0 ? 0 : Int(min($0.done, $0.total) * 1_000 / $0.total) }.min() ?? 0
        }
        return (done.reduce(0, +), tasks.count * 1_000)
    }

    /// Whole seconds until the task that runs is done at every party, by the slowest; nil while one cannot tell. What tasks
    /// after it take is not known.
    public var remaining: Int64? {
        guard let running = decision?.tasks.first(where: { $0.state == .run }), state == .running else { return nil }
        let sides = parties.compactMap { $0.view?.task(running.name) }.map(\.remaining)
        return sides.isEmpty || sides.contains(nil) ? nil : sides.compactMap(\.self).max()
    }

    private func task(_ task: TaskDecision) -> JSONValue {
        var members: [String: JSONValue] = ["name": .string(task.name), "state": .string(task.state.rawValue)]
        if task.unit > 0 { members["fromUnit"] = .integer(Int64(clamping: task.unit)) }
        if !task.digests.isEmpty { members["digests"] = .object(task.digests.mapValues { .string($0) }) }
        return .object(members)
    }

    private static func json(_ party: Party, _ name: (String) -> String?) -> JSONValue {
        var members: [String: JSONValue] = [
            "site": .string(party.site.text), "role": .string(party.role), "state": .string(party.state.rawValue),
            "message": .string(party.message),
        ]
        if let known = name(party.site.text) { members["name"] = .string(known) }
        if let site = party.waitsFor { members["waitsFor"] = .string(name(site.text) ?? site.text) }
        if party.silence > 0 { members["silentSeconds"] = .integer(Int64(party.silence)) }
        members["tasks"] = .array(
            (party.view?.tasks ?? []).map { task in
                var side: [String: JSONValue] = ["name": .string(task.name), "state": .string(task.state.rawValue)]
                if task.total > 0 {
                    side["done"] = .integer(Int64(clamping: task.done))
                    side["total"] = .integer(Int64(clamping: task.total))
                    if let rate = task.rate { side["perSecond"] = .number(rate) }
                    if let seconds = task.remaining { side["remainingSeconds"] = .integer(seconds) }
                }
                if let digest = task.digest { side["digest"] = .string(digest) }
                if let units = task.units?.last { side["checkpoint"] = .integer(Int64(clamping: units)) }
                if let problem = task.problem { side["problem"] = .string("ATL-\(problem.number) \(problem.text)") }
                return .object(side)
            })
        return .object(members)
    }
}

extension TaskView {
    /// Whole seconds that are left at this rate; nil while it cannot be told.
    var remaining: Int64? {
        guard state == .running || state == .done, total > 0 else { return nil }
        if done >= total { return 0 }
        guard let rate, rate > 0 else { return nil }
        let seconds = (Double(total - done) / rate).rounded(.up)
        return seconds < 1e9 ? Int64(seconds) : nil
    }
}
