import Faults
import Resources

extension TrialRun {
    /// Joins every pair and probes each route from both ends, all layers.
    func check() async throws {
        report.routes = []
        for pair in spec.pairs {
            tell(.progress(.check, "\(name(pair.high)) joins \(name(pair.low))"))
            try await join(pair.low, pair.high)
        }
        for pair in spec.pairs {
            for (from, to) in [(pair.low, pair.high), (pair.high, pair.low)] {
                let report = try await probe(from, to)
                let steps = report["steps"]?.array ?? []
                let outcome = report["outcome"]?.string ?? ""
                self.report.routes.append(
                    .init(from: name(from), to: name(to), outcome: outcome, layers: steps.count))
                tell(.progress(.check, "\(name(from)) to \(name(to)): \(steps.count) layers, \(outcome)"))
            }
        }
    }

    private func name(_ index: Int) -> String { spec.sites[index].name }

    /// The lower invites, the higher dials: exactly as two people would. A code may be used again by who has used it, so
    /// one that another driver has made and perhaps used is used again, unless its time is over.
    private func join(_ low: Int, _ high: Int) async throws {
        if isResumed, try await found(["peers", name(low)], at: high) != nil { return }
        if let old = progress.codes[code(low, high)] {
            do {
                return try await accept(old, low, high)
            } catch let fault as Fault where Self.isUseless(fault) {
                progress.codes[code(low, high)] = nil
            }
        }
        let invited = try await door(low).post(["peers", "invite"], [], ["name": .string(name(high))])
        guard let new = invited["code"]?.string else {
            throw Fault(ProgramFaults.strangeAnswer, "The invitation has no code.", at: name(low))
        }
        progress.codes[code(low, high)] = new
        try save()
        try await accept(new, low, high)
    }

    /// Whether another code would do better.
    private static func isUseless(_ fault: Fault) -> Bool {
        [JoiningFaults.codeExpired, JoiningFaults.codeUsed, JoiningFaults.codeRefused, JoiningFaults.codeWithdrawn]
            .contains { fault.is($0) }
    }

    private func accept(_ code: String, _ low: Int, _ high: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(15)
        while true {
            do {
                _ = try await door(high).post(
                    ["peers", "accept"], [], ["code": .string(code), "name": .string(name(low))])
                progress.codes[self.code(low, high)] = nil
                return
            } catch let fault as Fault where fault.entry.status >= 500 && ContinuousClock.now < deadline {
                try expectAllRun()
                // The other side's listener may open a moment after its door.
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Until every layer holds. A warning is one: loopback on a busy machine may be slow.
    func probe(_ from: Int, _ to: Int) async throws -> JSONValue {
        let deadline = ContinuousClock.now + patience
        var last = Fault(TrialFaults.routeFailed, "The route from '\(name(from))' to '\(name(to))' was not made.")
        while ContinuousClock.now < deadline {
            do {
                let report = try await door(from).post(["routes", name(to), "probe"], [], [:])
                guard report["outcome"]?.string == "fail" else { return report }
                last = Self.failed(report, name(from), name(to))
            } catch let fault as Fault where fault.entry.status == 404 || fault.entry.status >= 500 {
                last = Fault(
                    TrialFaults.routeFailed,
                    "The route from '\(name(from))' to '\(name(to))' does not work: \(fault.number) \(fault.what)",
                    at: fault.place, wanted: fault.wanted, fix: fault.fix)
            }
            try expectAllRun()
            try await Task.sleep(for: .milliseconds(200))
        }
        throw last
    }

    static func failed(_ report: JSONValue, _ from: String, _ to: String) -> Fault {
        let layer = report["failing"]?.string ?? ""
        let step = report["steps"]?.array?.first { $0["layer"]?.string == layer }
        let number = step?["number"]?.string ?? ""
        return Fault(
            TrialFaults.routeFailed,
            "The route from '\(from)' to '\(to)' does not work: \(number) \(step?["found"]?.string ?? "")",
            at: "layer \(layer)", wanted: step?["wanted"]?.string, fix: step?["fix"]?.string)
    }
}
