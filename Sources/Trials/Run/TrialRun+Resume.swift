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
        guard !progress.isComplete(spec) else {
            sites = progress.sites.compactMap { TrialSite($0, of: folder) }
            return try save()
        }
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
        var isMoved = false
        for index in sites.indices where try await follow(index) { isMoved = true }
        guard progress.isDone(.check), isMoved || !started.isEmpty else { return }
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

    /// Where a site listens elsewhere than the others' routes towards it say, they follow. What they say is asked each time:
    /// another driver may have been killed after the site had moved and before they had followed.
    ///
    /// - Returns: whether one did.
    private func follow(_ index: Int) async throws -> Bool {
        guard let port = sites[index].port else { return false }
        let name = spec.sites[index].name
        let address = JSONValue.string("127.0.0.1:\(port)")
        var hasFollowed = false
        for high in spec.sites.indices where high > index {
            guard let route = try await found(["routes", name], at: high), route["spec"]?["address"] != address else {
                continue
            }
            var spec = route["spec"]?.object ?? [:]
            spec["address"] = address
            let document: JSONValue = [
                "apiVersion": "atoll.dev/v1alpha1", "kind": "Route", "metadata": ["name": .string(name)],
                "spec": .object(spec),
            ]
            _ = try await door(high).post(["apply"], [], document)
            hasFollowed = true
        }
        return hasFollowed
    }

    /// The name of a join code: one that was made before the inviter moved names a port where it does not listen.
    func code(_ low: Int, _ high: Int) -> String {
        "\(spec.sites[low].name):\(sites[low].port ?? 0) \(spec.sites[high].name)"
    }

    /// What a site has at a path; nil where it is not there.
    func found(_ path: [String], _ query: [(String, String)] = [], at index: Int) async throws -> JSONValue? {
        do {
            return try await door(index).get(path, query)
        } catch let fault as Fault where fault.entry.status == 404 {
            return nil
        }
    }
}
