import Faults
import Foundation
import Jobs
import Resources
import ResourcesTestKit
import Testing
import Trials

@testable import atoll

/// Jobs between two real sites: processes, TLS, disks, workers that are processes of their own.
@Suite(.serialized) struct JobProcessTests {
    @Test func aJobRunsBetweenTwoSitesAndBothSeeItsEnd() async throws {
        try await TwoRealSites.with { sites in
            let jobs = try await RealJobs(sites)
            let ended = try await jobs.submit("first", "--wait", "-o", "json")
            #expect(ended.status == 0, "\(ended.output) \(ended.error)")
            let digests = try #require(try ended.json["status"]?["tasks"]?.array?.first?["digests"]?.object)
            #expect(digests.count == 2)
            let mirror = try await jobs.wait(jobs.sites.partner, "first") { $0 == "Succeeded" }
            #expect(mirror["metadata"]?["tenant"]?.string == "partners")
            let text = try await sites.bank.atoll(["job", "describe", "first"] + RealJobs.scope)
            #expect(text.output.contains("Succeeded") && text.output.contains("partner"), "\(text.output)")
            let logs = try await sites.bank.atoll(["job", "logs", "first"] + RealJobs.scope)
            #expect(logs.output.contains("succeeded"), "\(logs.output)")
            let results = try await sites.partner.atoll(["job", "results", "first"] + RealJobs.mirrorScope)
            #expect(digests.values.contains { results.output.contains($0.string ?? "?") }, "\(results.output)")
            for site in [sites.bank, sites.partner] {
                let ledger = try await site.atoll("ledger", "verify")
                #expect(ledger.status == 0, "\(ledger.output)")
                #expect(RealJobs.workers(of: site).isEmpty)
            }
            let retry = try await sites.bank.atoll(["job", "retry", "first"] + RealJobs.scope)
            #expect(retry.says(JobFaults.notNow), "\(retry.error)")
        }
    }

    @Test func aPlanIsShownBeforeAnythingRunsAndKnowsWhatVerifyMeasured() async throws {
        try await TwoRealSites.with { sites in
            let jobs = try await RealJobs(sites)
            let operators = try await sites.bank.atoll("operators", "-o", "json")
            let names = try operators.json["items"]?.array?.map { $0["name"]?.string }
            #expect(
                names == [
                    "align", "baseline.boosting", "bin", "evaluate", "evaluate.points", "model.join", "noop", "predict",
                    "predict.logistic", "select", "select.signs", "train.boosting", "train.logistic", "verify", "woe",
                    "woe.apply",
                ],
                "\(operators.error)")
            let file = try jobs.write("planned")
            let plan = ["job", "plan", "-f", file] + RealJobs.scope
            let before = try await sites.bank.atoll(plan + ["-o", "json"])
            #expect(before.status == 0, "\(before.error)")
            #expect(try before.json["rates"]?["measured"] == false)
            #expect(try before.json["parties"]?.array?.count == 2)
            // Nothing was stored and nobody asked.
            #expect(try await sites.bank.atoll(["get", "job", "planned"] + RealJobs.scope).status == 2)
            let wrong = try await sites.bank.atoll(
                ["job", "plan", "-f", try jobs.write("wrong", parameters: "{ruonds: 1}")] + RealJobs.scope)
            #expect(wrong.status == 1 && wrong.says(JobFaults.unknownParameter), "\(wrong.error)")
            #expect(wrong.error.contains("spec.tasks[0].parameters.ruonds (line "), "\(wrong.error)")
            #expect(wrong.error.contains("did you mean 'rounds'?"))
            let ended = try await jobs.submit(
                "measured", "--wait", "-o", "json",
                parameters: RealJobs.small.replacing("kernelSeconds: 0,", with: "kernelSeconds: 0.01,"))
            #expect(ended.status == 0, "\(ended.output) \(ended.error)")
            let after = try await sites.bank.atoll(plan)
            #expect(after.output.contains("`verify` measured between these sites on 2"), "\(after.output)")
            // Who is to approve a job reads the same of it, at either site.
            for (site, scope) in [(sites.bank, RealJobs.scope), (sites.partner, RealJobs.mirrorScope)] {
                let stored = try await site.atoll(["job", "plan", "measured", "-o", "json"] + scope)
                #expect(
                    try stored.json["tasks"]?.array?.first?["messages"]
                        == before.json["tasks"]?.array?.first?["messages"],
                    "\(stored.error)")
                #expect(try stored.json["digest"] == ended.json["status"]?["planDigest"])
            }
            // The seed is in the document: another look gives the same but for the job's id and the rates.
            let again = try await sites.bank.atoll(plan + ["-o", "json"])
            #expect(
                try again.json["tasks"]?.array?.first?["messages"] == before.json["tasks"]?.array?.first?["messages"])
        }
    }

    @Test func whatIsRefusedIsRefusedAtSubmissionWithNumbers() async throws {
        try await TwoRealSites.with { sites in
            let jobs = try await RealJobs(sites)
            let refused = try await jobs.submit("large", cores: 256)
            #expect(refused.status == 1)
            #expect(refused.error.contains("\(JobFaults.overCapacity.number)"), "\(refused.error)")
            let none = try await sites.bank.atoll(["get", "job", "large"] + RealJobs.scope)
            #expect(none.status == 2)
        }
    }

    @Test func whatASitesSettingsDoNotAllowIsRefusedWithWhatTheyDo() async throws {
        let settings = ["ATOLL_JOBS_OPERATORS": "noop", "ATOLL_JOBS_PROPOSERS": "nobody", "ATOLL_JOBS_MEMORY": "128"]
        try await TwoRealSites.with(
            partnerPrefix: ["/usr/bin/env"] + settings.map { "\($0)=\($1)" }
        ) { sites in
            let refused = try await RealJobs(sites).submit("unwanted")
            #expect(refused.status == 1)
            for words in [
                "\(JobFaults.notAllowed.number)", "may not propose jobs here", "'verify' is not allowed here",
                "at most 128 MiB",
            ] {
                #expect(refused.error.contains(words), "\(words): \(refused.error)")
            }
        }
    }

    /// Every cell kills one process in one state; the job ends with the digests of one that nobody disturbed.
    @Test func whateverIsKilledTheJobEndsWithTheSameDigests() async throws {
        var cells: [(victim: String, state: String)] = []
        for victim in ["bank", "partner", "bank's worker", "partner's worker"] {
            for state in ["Proposed", "Reserved", "Running 0", "Running 25", "Running 50", "Running 75"] {
                cells.append((victim, state))
            }
        }
        var generator = SeededGenerator.printed(for: "JobProcessTests.kill")
        cells.shuffle(using: &generator)
        try await TwoRealSites.with { sites in
            let jobs = try await RealJobs(sites)
            let undisturbed = try await jobs.submit("reference", "--wait", "-o", "json")
            let expected = try #require(try undisturbed.json["status"]?["tasks"], "\(undisturbed.error)")
            var hits: [String: Int] = [:]
            for (index, cell) in cells.enumerated() {
                let name = "cell-\(index)"
                let start = ContinuousClock.now
                try await jobs.submitOnceReachable(name)
                try await jobs.reach(name, cell.state)
                let reached = ContinuousClock.now
                let site = cell.victim.hasPrefix("bank") ? sites.bank : sites.partner
                if cell.victim.hasSuffix("worker") {
                    for worker in RealJobs.workers(of: site) { kill(worker, SIGKILL) }
                } else {
                    try site.kill9()
                    try await site.restart()
                }
                let killed = ContinuousClock.now
                let ended = try await jobs.wait(sites.bank, name) { ["Succeeded", "Failed", "Cancelled"].contains($0) }
                let tasks = ended["status"]?["tasks"]
                #expect(ended["status"]?["state"]?.string == "Succeeded", "\(cell): \(ended)")
                let digests = tasks?.array?.map { $0["digests"] ?? .null }
                #expect(digests == expected.array?.map { $0["digests"] ?? .null }, "\(cell)")
                try await jobs.wait(sites.partner, name) { $0 == "Succeeded" }
                for site in [sites.bank, sites.partner] { #expect(RealJobs.workers(of: site).isEmpty, "\(cell)") }
                let starts = ended["status"]?["epoch"]?.integer ?? 1
                if starts > 1 { hits[cell.victim, default: 0] += 1 }
                let times = [reached, killed, .now].map { start.duration(to: $0) / .seconds(1) }
                print("cell \(index + 1) of \(cells.count), \(cell.victim) \(cell.state): \(starts) starts, \(times) s")
            }
            // A worker that has not begun, or a job that was faster, cannot be hit.
            print("JobProcessTests.kill: kills that met a job at work: \(hits.sorted { $0.key < $1.key })")
            #expect(Set(hits.keys) == Set(cells.map(\.victim)))
        }
    }
}

/// Jobs of the bank with the partner.
struct RealJobs {
    static let scope = ["--tenant", "risk", "--project", "cards"]
    /// Without kernels: the keys alone that those need take seconds in a debug build.
    static let small =
        "{rounds: 150, frames: 200, frameBytes: 40000, largestFrame: 100000, kernelSeconds: 0, diskMiB: 1}"
    static let mirrorScope = ["--tenant", "partners", "--project", "bank"]

    let sites: TwoRealSites

    init(_ sites: TwoRealSites) async throws {
        try await sites.join()
        try await sites.waitForRoutes()
        try await self.init(joined: sites)
    }

    init(joined sites: TwoRealSites) async throws {
        self.sites = sites
        let file = sites.bank.folder + "/places.yaml"
        try """
        apiVersion: atoll.dev/v1alpha1
        kind: Tenant
        metadata: {name: risk}
        spec: {displayName: Risk}
        ---
        apiVersion: atoll.dev/v1alpha1
        kind: Project
        metadata: {name: cards, tenant: risk}
        spec: {displayName: Cards}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let applied = try await sites.bank.atoll("apply", "-f", file)
        #expect(applied.status == 0, "\(applied.error)")
    }

    func submit(
        _ name: String, _ options: String..., cores: Int = 1, parameters: String = small
    ) async throws -> CommandOutcome {
        let file = try write(name, cores: cores, parameters: parameters)
        return try await sites.bank.atoll(["job", "submit", "-f", file] + options)
    }

    /// After a site was started again its routes need a moment.
    func submitOnceReachable(_ name: String) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            let submitted = try await submit(name)
            if submitted.status == 0 { return }
            guard submitted.error.contains("\(JobFaults.unreachable.number)"), ContinuousClock.now < deadline else {
                throw NeverCame(last: submitted.error, log: "")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Writes a job's document.
    ///
    /// - Returns: its path.
    func write(
        _ name: String, cores: Int = 1,
        parameters: String = small
    ) throws -> String {
        let file = sites.bank.folder + "/\(name).yaml"
        try """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata: {name: \(name), tenant: risk, project: cards}
        spec:
          peers: [{peer: partner}]
          seed: \(String(repeating: "5a", count: 32))
          limits: {memory: 512, cores: \(cores), seconds: 600}
          tasks:
            - name: check
              operator: verify
              parameters: \(parameters)
        """.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    private struct NeverCame: Error {
        let last: String
        let log: String
    }

    /// A job as a site's door tells it, without a program being started for each look; nil while it does not answer.
    func look(_ site: RunningSite, _ name: String) async -> JSONValue? {
        let scope = site === sites.bank ? Self.scope : Self.mirrorScope
        return try? await TrialDoors().door(of: site.folder).get(
            ["jobs", name], [("tenant", scope[1]), ("project", scope[3])])
    }

    /// What can be killed while a job runs.
    static let victims = ["partner's worker", "bank's worker", "partner", "bank"]

    /// Kills one of the `victims` and expects that the job ends with the same digests all the same.
    ///
    /// - Parameter held: processes that stand still until the victim is killed.
    /// - Returns: how often it was started.
    func kill(
        _ victim: String, during name: String, expecting digests: JSONValue, held: [Int32] = []
    ) async throws -> Int64 {
        let site = victim.hasPrefix("bank") ? sites.bank : sites.partner
        if victim.hasSuffix("worker") {
            try await waitUntil("there is a worker") { !Self.workers(of: site).isEmpty }
            for worker in Self.workers(of: site) { _ = Foundation.kill(worker, SIGKILL) }
            Self.goOn(held)
        } else {
            try site.kill9()
            Self.goOn(held)
            try await site.restart()
        }
        let ended = try await wait(sites.bank, name) { ["Succeeded", "Failed", "Cancelled"].contains($0) }
        #expect(ended["status"]?["tasks"]?.array?.first?["digests"] == digests, "\(victim): \(ended)")
        return ended["status"]?["epoch"]?.integer ?? 0
    }

    /// Waits for a state of the job at a site.
    @discardableResult
    func wait(_ site: RunningSite, _ name: String, _ isRight: (String) -> Bool) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(180)
        var last: JSONValue?
        while ContinuousClock.now < deadline {
            last = await look(site, name)
            if let last, isRight(last["status"]?["state"]?.string ?? "") { return last }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw NeverCame(
            last: last.map { "\($0)" } ?? "", log: (try? String(contentsOfFile: site.log, encoding: .utf8)) ?? "")
    }

    /// Waits until the job is at least so far; a quick one may be past it.
    func reach(_ name: String, _ state: String) async throws {
        let deadline = ContinuousClock.now + .seconds(180)
        while await !isReached(name, state) {
            if ContinuousClock.now > deadline { throw NeverCame(last: state, log: "") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func isReached(_ name: String, _ state: String) async -> Bool {
        let words = state.split(separator: " ")
        let order = ["Proposed", "Reserved", "Running", "Succeeded"]
        let wanted = order.firstIndex(of: String(words[0])) ?? 0
        let percent = words.count > 1 ? Int(words[1]) ?? 0 : 0
        let status = await look(sites.bank, name)?["status"]
        let now = status?["state"]?.string ?? ""
        let progress = (status?["progress"]?.string ?? "").split(separator: " ").first.flatMap { Int($0) } ?? 0
        let place = order.firstIndex(of: now) ?? 0
        // What has ended otherwise is for the test to find.
        return place > wanted || place == wanted && progress >= percent || ["Failed", "Cancelled"].contains(now)
    }

    /// Holds the partner's workers (SIGSTOP) once the job is so far, for what must happen before it ends: they run for some
    /// milliseconds between two looks and no longer. Whoever holds them continues or kills them.
    ///
    /// - Returns: the processes that stand still.
    func hold(_ name: String, at state: String) async throws -> [Int32] {
        let deadline = ContinuousClock.now + .seconds(180)
        while true {
            let held = Self.workers(of: sites.partner)
            for worker in held { _ = Foundation.kill(worker, SIGSTOP) }
            if await isReached(name, state) { return held }
            Self.goOn(held)
            if ContinuousClock.now > deadline { throw NeverCame(last: state, log: "") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    static func goOn(_ held: [Int32]) {
        for worker in held { _ = Foundation.kill(worker, SIGCONT) }
    }

    /// Processes that a site has started.
    static func workers(of site: RunningSite) -> [Int32] {
        ProcessStatus.children(of: site.process.processIdentifier)
    }
}
