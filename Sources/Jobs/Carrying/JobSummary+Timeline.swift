import Resources

/// When each party began to do what it does: a list of changes, kept in the job's status.
extension JobSummary {
    /// Changes that are kept; the oldest are forgotten, but for the last of each party.
    static let mostChanges = 60

    /// The list with what is new: an entry for each party whose state, running task or wait is another than before.
    ///
    /// - Parameters:
    ///   - timeline: as it was kept.
    ///   - parties: of `json`.
    ///   - isOver: the job's end is decided: nothing but ends follows.
    static func timeline(
        _ timeline: [JSONValue], adding parties: [JSONValue], at time: Timestamp, isOver: Bool
    ) -> [JSONValue] {
        var result = timeline
        for party in parties {
            let state = party["state"]?.string
            guard !isOver || state.flatMap(State.init(rawValue:))?.isFinal ?? true else { continue }
            let running = (party["tasks"]?.array ?? []).first { $0["state"]?.string == TaskView.State.running.rawValue }
            var change: [String: JSONValue] = ["site": party["site"] ?? .null, "state": party["state"] ?? .null]
            if let task = running?["name"], state == State.running.rawValue { change["task"] = task }
            if let other = party["waitsFor"] { change["waitsFor"] = other }
            if var last = result.last(where: { $0["site"] == change["site"] })?.object {
                last["at"] = nil
                if last == change { continue }
            }
            change["at"] = .string(time.description)
            result.append(.object(change))
        }
        // Since when a party does what it does now is never forgotten.
        while result.count > mostChanges,
            let old = result.indices.first(where: { place in
                result[(place + 1)...].contains { $0["site"] == result[place]["site"] }
            })
        {
            result.remove(at: old)
        }
        return result
    }
}
