import Faults
import Jobs
import Resources

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Going on where another driver was killed.
extension TrialRun {
    /// Sites that still run are taken over, and those that do not are started with the data and the port that they had.
    /// Everything that the phases do afterwards may have been done before.
    func takeOver() async throws {
        report.resumed += 1
        guard !progress.isComplete(spec) else { return try save() }
        let known = progress.sites
        let running = spec.sites.map { site in
            known.first { $0.name == site.name }.flatMap { TrialSite($0, of: folder) }
        }
        try await endStrays(of: running.compactMap { $0?.process })
        sites = running.compactMap(\.self)
        let started = try startMissing()
        for index in sites.indices { try await waitUntilReady(index) }
        guard progress.isDone(.deploy) else { return }
        tell(
            .progress(
                .deploy, Self.words(taken: running.compactMap { $0?.name }, started: started.map { sites[$0].name })))
        for index in started { try await follow(index, from: known.first { $0.name == sites[index].name }?.port) }
        guard progress.isDone(.check), !started.isEmpty else { return }
        for pair in spec.pairs {
            for (from, to) in [(pair.low, pair.high), (pair.high, pair.low)] { _ = try await probe(from, to) }
        }
    }

    private static func words(taken: [String], started: [String]) -> String {
        [
            taken.isEmpty ? nil : "\(taken.joined(separator: ", ")) taken over",
            started.isEmpty ? nil : "\(started.joined(separator: ", ")) started again",
        ].compactMap(\.self).joined(separator: "; ")
    }

    /// Ends processes of the trial that are neither a known site nor started by one: workers that have outlived their site,
    /// and a site that was started in the moment before its driver was killed.
    private func endStrays(of sites: [Int32]) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let strays = folder.mark.processes().filter { !Self.descends($0, from: sites) }
            if strays.isEmpty { return }
            guard ContinuousClock.now < deadline else {
                throw Fault(
                    TrialFaults.leftBehind, "Processes of the trial '\(spec.name)' cannot be ended.",
                    at: "processes " + strays.map(String.init).joined(separator: ", "))
            }
            for stray in strays where folder.mark.isOn(stray) { kill(stray, SIGKILL) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func descends(_ process: Int32, from sites: [Int32]) -> Bool {
        var process = process
        for _ in 0..<16 {
            if sites.contains(process) { return true }
            guard let status = ProcessStatus(of: process), status.parent > 1 else { return false }
            process = status.parent
        }
        return false
    }

    /// Where a site listens on another port than before, the routes of the others towards it and join codes follow.
    private func follow(_ index: Int, from old: Int?) async throws {
        guard let port = sites[index].port, port != old else { return }
        for high in spec.sites.indices where high > index {
            progress.codes[Self.pair(spec.sites[index].name, spec.sites[high].name)] = nil
            let name = spec.sites[index].name
            guard let route = try await found(["routes", name], at: high) else { continue }
            var spec = route["spec"]?.object ?? [:]
            spec["address"] = .string("127.0.0.1:\(port)")
            let document: JSONValue = [
                "apiVersion": "atoll.dev/v1alpha1", "kind": "Route", "metadata": ["name": .string(name)],
                "spec": .object(spec),
            ]
            _ = try await door(high).post(["apply"], [], document)
        }
        try save()
    }

    static func pair(_ inviter: String, _ joiner: String) -> String { "\(inviter) \(joiner)" }

    /// What a site has at a path; nil where it is not there.
    func found(_ path: [String], _ query: [(String, String)] = [], at index: Int) async throws -> JSONValue? {
        do {
            return try await door(index).get(path, query)
        } catch let fault as Fault where fault.entry.status == 404 {
            return nil
        }
    }
}
