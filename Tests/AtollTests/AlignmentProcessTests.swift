import Faults
import Foundation
import Resources
import ResourcesTestKit
import Testing

@testable import atoll

/// Alignment between two real sites: files uploaded, grants given, a job that reads them, and what it leaves.
@Suite(.serialized) struct AlignmentProcessTests {
    @Test func twoSitesFindTheirCommonRowsAndKeepThemInOneOrder() async throws {
        try await with(rows: 600) { data in
            let ended = try await data.submit("first", "--wait")
            #expect(ended.status == 0, "\(ended.output) \(ended.error)")
            let (loans, takings) = (try await data.aligned(data.sites.bank), try await data.aligned(data.sites.partner))
            #expect(loans.count == 300 && takings.count == 300)
            #expect(loans.map(\.[0]) == takings.map(\.[0]), "the same ids in the same order")
            #expect(Set(loans.map(\.[0])) == Set((300..<600).map { "m-\($0)" }))
            for row in loans { #expect(row[1] == "\(Int(row[0].dropFirst(2))! * 10)") }
            for row in takings { #expect(row[1] == "\(Int(row[0].dropFirst(2))! * 7)") }
            let described = try await data.sites.bank.atoll(
                ["data", "describe", try await data.name(data.sites.bank)] + RealJobs.scope)
            #expect(described.output.contains("rows of dataset loans, by task match"), "\(described.output)")
            // Nothing but what the operator declares has crossed.
            for site in [data.sites.bank, data.sites.partner] {
                let ledger = try await site.atoll("ledger", "verify")
                #expect(ledger.status == 0, "\(ledger.output)")
                let shown = try await site.atoll("ledger", "show", "-o", "json")
                let types = shown.output.matches(of: /align\.[a-z]+/).map { String($0.output) }
                #expect(Set(types) == ["align.points", "align.tags"], "\(shown.output)")
            }
            let logs = try await data.sites.partner.atoll(["job", "logs", "first"] + RealJobs.mirrorScope)
            #expect(logs.output.contains("its rows are dataset takings-match-"), "\(logs.output)")
        }
    }

    @Test func aJobWithoutAGrantIsRefusedAndAMinimumIsHeld() async throws {
        try await with(rows: 40, grants: false) { data in
            let refused = try await data.submit("early")
            #expect(refused.status == 1 && refused.error.contains("\(GrantFaults.missing.number)"), "\(refused.error)")
            try await data.grant(["--minimum-intersection", "20"])
            let below = try await data.submit("below")
            #expect(below.status == 1 && below.error.contains("\(GrantFaults.intersection.number)"), "\(below.error)")
            let enough = try await data.submit("enough", "--wait", more: ", minimumCommon: 20")
            #expect(enough.status == 0, "\(enough.error)")
            let tooFew = try await data.submit("few", "--wait", more: ", minimumCommon: 21")
            #expect(tooFew.status != 0)
            let state = await data.jobs.look(data.sites.bank, "few")
            #expect(state?["status"]?["message"]?.string?.contains("ewer ids are common") == true, "\(tooFew.error)")
            #expect(try await data.names(data.sites.partner).count == 1, "what failed leaves nothing")
        }
    }

    /// The grants are of what was uploaded, and cover what the first job made of it.
    @Test func whatOneJobLeftIsReadByTheNextWithTheGrantsOfItsSources() async throws {
        try await with(rows: 600) { data in
            let first = try await data.submit("first", "--wait")
            #expect(first.status == 0, "\(first.error)")
            let ulid = try #require(await data.jobs.look(data.sites.bank, "first")?["metadata"]?["uid"]?.string)
            for (name, job) in [("again", "first"), ("third", ulid)] {
                let ended = try await data.submit(name, "--wait", of: job)
                #expect(ended.status == 0, "\(ended.error)")
                let mirror = try await data.jobs.wait(data.sites.partner, name) { $0 == "Succeeded" }
                let said = mirror["spec"]?["tasks"]?.array?.first?["parameters"]
                #expect(said?["guestDataset"]?.string == "loans@\(ulid)/match", "names are the owner's alone")
                #expect(said?["hostRows"] == 300, "the size of what was left was asked for")
            }
            for (site, dataset, peer) in [
                (data.sites.bank, "loans", "partner"), (data.sites.partner, "takings", "bank"),
            ] {
                let made = try await data.datasets(site).map { ($0["spec"]?["lineage"]?["dataset"], $0) }
                let match = try #require(made.first { $0.0?.string == dataset }?.1["metadata"]?["name"])
                #expect(made.count == 3 && made.count { $0.0 == match } == 2)
                #expect(made.allSatisfy { $0.1["spec"]?["rows"] == 300 })
                let columns = try await site.atoll(["get", "datasets", dataset, "-o", "json"] + RealJobs.scope)
                for (_, left) in made { #expect(try left["spec"]?["columns"] == columns.json["spec"]?["columns"]) }
                // Three jobs are three uses of the one grant.
                try await waitUntil("three uses to \(peer) are counted") {
                    try await site.atoll(["grant", "list"] + RealJobs.scope).output.contains("3 of 9")
                }
            }
            let unknown = try await data.submit("unknown", of: "never")
            #expect(
                unknown.error.contains("\(JobFaults.earlierJobUnknown.number)"), "\(unknown.error)")
            let nothing = try await data.submit("nothing", of: "first", task: "other")
            #expect(nothing.says(DataFaults.unknownDataset), "\(nothing.error)")
            let revoked = try await data.sites.partner.atoll(["grant", "revoke", "takings"] + RealJobs.scope)
            #expect(revoked.status == 0, "\(revoked.error)")
            let late = try await data.submit("late", of: "first")
            #expect(late.status == 1 && late.error.contains("\(GrantFaults.revoked.number)"), "\(late.error)")
        }
    }

    /// Either worker or site killed in the middle of the exchange: the same rows.
    @Test func whateverIsKilledTheSameRowsAreFound() async throws {
        try await with(rows: 30_000) { data in
            let whole = try await data.submit("whole", "--wait", "-o", "json")
            let expected = try #require(try whole.json["status"]?["tasks"]?.array?.first?["digests"], "\(whole.error)")
            for (index, victim) in RealJobs.victims.enumerated() {
                let name = "again-\(index)"
                try await data.submitOnceReachable(name)
                try await data.jobs.wait(data.sites.bank, name) { $0 == "Running" }
                let starts = try await data.jobs.kill(victim, during: name, expecting: expected)
                print("AlignmentProcessTests: \(victim) killed, \(starts) starts")
            }
            // Five jobs, five datasets, one content.
            let digests = try await data.datasets(data.sites.partner).map { $0["spec"]?["digest"]?.string }
            #expect(digests.count == 5 && Set(digests).count == 1)
            // A job is one use, however often it starts; the list follows the meter within seconds.
            try await waitUntil("five uses are counted") {
                try await data.sites.partner.atoll(["grant", "list"] + RealJobs.scope).output.contains("5 of 9")
            }
        }
    }

    @Test func aGrantThatIsTakenBackStopsTheJobAtBothSites() async throws {
        try await with(rows: 150_000) { data in
            let submitted = try await data.submit("long")
            #expect(submitted.status == 0, "\(submitted.error)")
            try await data.jobs.wait(data.sites.partner, "long") { $0 == "Running" }
            try await waitUntil("frames leave the partner") { try await data.frames() > 0 }
            let revoked = try await data.sites.partner.atoll(
                ["grant", "revoke", "takings", "--reason", "over"] + RealJobs.scope)
            let start = ContinuousClock.now
            #expect(revoked.status == 0, "\(revoked.error)")
            // What was on its way to the disk then may still be written down; nothing is sent of it.
            var sent = -1
            while try await data.frames() != sent { sent = try await data.frames() }
            for site in [data.sites.partner, data.sites.bank] {
                let ended = try await data.jobs.wait(site, "long") { ["Failed", "Succeeded"].contains($0) }
                #expect(ended["status"]?["state"]?.string == "Failed")
                #expect("\(ended)".contains("\(GrantFaults.revoked.number)"), "\(ended)")
                try await waitUntil("no worker is left") { RealJobs.workers(of: site).isEmpty }
                print("AlignmentProcessTests: stopped after \(start.duration(to: .now))")
            }
            #expect(try await data.frames() == sent, "no frame has left since")
            #expect(try await data.names(data.sites.bank).isEmpty)
            let next = try await data.submit("next")
            #expect(next.status == 1 && next.error.contains("\(GrantFaults.revoked.number)"), "\(next.error)")
        }
    }

    private func with(rows: Int, grants: Bool = true, _ body: (SharedData) async throws -> Void) async throws {
        try await TwoRealSites.with { sites in
            let data = try await SharedData(sites, rows: rows)
            if grants { try await data.grant([]) }
            try await body(data)
        }
    }
}

/// A dataset at each of two sites, half of the merchants in both.
private struct SharedData {
    let sites: TwoRealSites
    let jobs: RealJobs

    init(_ sites: TwoRealSites, rows: Int) async throws {
        self.sites = sites
        jobs = try await RealJobs(sites)
        let places = try await sites.partner.atoll("apply", "-f", sites.bank.folder + "/places.yaml")
        #expect(places.status == 0, "\(places.error)")
        for (site, name, numbers, factor) in [
            (sites.bank, "loans", 0..<rows, 10), (sites.partner, "takings", rows / 2..<rows * 3 / 2, 7),
        ] {
            let path = site.folder + "/\(name).csv"
            // Spelt differently at the two sites.
            let text = numbers.reversed().map { "\(name == "loans" ? "m-" : "M-")\($0),\($0 * factor)\n" }.joined()
            try ("merchant,amount\n" + text).write(toFile: path, atomically: true, encoding: .utf8)
            let made = try await site.atoll(
                ["data", "upload", path, "--name", name, "--id", "merchant"] + RealJobs.scope)
            #expect(made.status == 0, "\(made.error)")
        }
    }

    func grant(_ terms: [String]) async throws {
        for (site, dataset, peer) in [(sites.bank, "loans", "partner"), (sites.partner, "takings", "bank")] {
            let granted = try await site.atoll(
                [
                    "grant", "create", dataset, "--peer", peer, "--dataset", dataset, "--column", "merchant",
                    "--purpose",
                    "a test", "--algorithm", "align", "--uses", "9", "--until", "2099-01-01T00:00:00Z",
                ] + terms + RealJobs.scope)
            #expect(granted.status == 0, "\(granted.error)")
        }
    }

    /// - Parameter job: aligns what this job's task left in place of what was uploaded.
    func submit(
        _ name: String, _ options: String..., more: String = "", of job: String? = nil, task: String = "match"
    ) async throws -> CommandOutcome {
        let left = job.map { "@\($0)/\(task)" } ?? ""
        let file = sites.bank.folder + "/\(name).yaml"
        try """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata: {name: \(name), tenant: risk, project: cards}
        spec:
          role: guest
          peers: [{peer: partner, role: host}]
          seed: \(String(repeating: "5a", count: 32))
          limits: {memory: 1024, cores: 1, seconds: 900}
          tasks:
            - name: match
              operator: align
              parameters:
                {guestDataset: "loans\(left)", hostDataset: "takings\(left)", guestKey: merchant, hostKey: merchant\(more)}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        return try await sites.bank.atoll(["job", "submit", "-f", file] + options)
    }

    func submitOnceReachable(_ name: String) async throws {
        try await waitUntil("the job is taken") {
            let submitted = try await submit(name)
            if submitted.status == 0 { return true }
            #expect(
                submitted.error.contains("\(JobFaults.unreachable.number)")
                    || submitted.error.contains("\(LinkFaults.lost.number)"), "\(submitted.error)")
            return false
        }
    }

    /// Datasets that jobs have left at a site.
    func datasets(_ site: RunningSite) async throws -> [JSONValue] {
        let listed = try await site.atoll(["get", "datasets", "-o", "json"] + RealJobs.scope)
        return (try listed.json["items"]?.array ?? []).filter { $0["spec"]?["origin"] == "job" }
    }

    func names(_ site: RunningSite) async throws -> [String] {
        try await datasets(site).compactMap { $0["metadata"]?["name"]?.string }
    }

    func name(_ site: RunningSite) async throws -> String { try #require(try await names(site).first) }

    /// The only dataset that jobs have left at a site, as it is exported.
    func aligned(_ site: RunningSite) async throws -> [[String]] {
        let path = site.folder + "/aligned.csv"
        let exported = try await site.atoll(
            ["data", "export", try await name(site), "--output", path] + RealJobs.scope)
        #expect(exported.status == 0, "\(exported.error)")
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",").map { $0.lowercased() } }
    }

    /// Frames of the task that have left the partner.
    func frames() async throws -> Int {
        let shown = try await sites.partner.atoll("ledger", "show", "-o", "json")
        let flows = try (shown.json["items"]?.array ?? []).flatMap { $0["flows"]?.array ?? [] }
        let sent = flows.filter { $0["direction"]?.string == "sent" && $0["task"]?.string == "match" }
        return sent.reduce(0) { $0 + Int($1["frames"]?.integer ?? 0) }
    }
}
