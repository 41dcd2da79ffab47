import Faults
import Foundation
import Resources
import Testing
import Trials

@testable import atoll

/// Two pairs of eyes at a real site: jobs, uses of data and releases wait for another person where the tenant wants that.
@Suite(.serialized) struct ApprovalProcessTests {
    private static let password = "four words of mine"
    private static let place = "?tenant=risk&project=cards"

    @Test(.timeLimit(.minutes(8))) func jobsWaitForAnotherPerson() async throws {
        try await with { sites, ben, _ in
            let jobs = try await RealJobs(sites)
            try await Self.people(sites.bank)
            let ben = try await ben()
            try await Self.want(["job"], sites.bank)
            #expect(try await jobs.submit("one").status == 0)
            let asked = try await Self.waiting(sites.bank, "jobs/one")
            let name = try #require(asked["metadata"]?["name"]?.string)
            #expect(asked["spec"]?["leaks"]?.array?.isEmpty == false && asked["spec"]?["cost"]?["bytes"] != nil)
            let shown = try await sites.bank.atoll(["approval", "show", name] + RealJobs.scope)
            #expect(shown.output.contains("runs verify") && shown.output.contains("learns"), "\(shown.output)")
            // Who asked cannot decide, and another decision of another person counts once, also over a kill.
            let own = try await sites.bank.atoll(["approval", "approve", name] + RealJobs.scope)
            #expect(own.status != 0 && own.error.contains("\(PeopleFaults.ownApproval.number)"), "\(own.error)")
            try sites.bank.kill9()
            try await sites.bank.restart()
            #expect(try await Self.waiting(sites.bank, "jobs/one")["metadata"]?["name"]?.string == name)
            #expect(try await Self.decide(ben, name, "approve").status == 200)
            #expect(try await Self.decide(ben, name, "refuse").fault == PeopleFaults.approvalDecided.number)
            try await jobs.wait(sites.bank, "one") { $0 == "Succeeded" }
            let listed = try await sites.bank.atoll(["approval", "list"] + RealJobs.scope)
            #expect(listed.output.contains("Approved") && listed.output.contains("user ben"), "\(listed.output)")

            // What is refused is cancelled with the reason, everywhere.
            #expect(try await jobs.submit("two").status == 0)
            let second = try #require(
                try await Self.waiting(sites.bank, "jobs/two")["metadata"]?["name"]?.string)
            #expect(try await Self.decide(ben, second, "refuse", reason: "too much").status == 200)
            let refused = try await jobs.wait(sites.bank, "two") { $0 == "Cancelled" }
            #expect("\(refused)".contains("Refused by user ben: too much"), "\(refused)")
            try await jobs.wait(sites.partner, "two") { $0 == "Cancelled" }

            // What is cancelled while it waits is waited for no more; nobody makes one by hand.
            #expect(try await jobs.submit("three").status == 0)
            let third = try #require(
                try await Self.waiting(sites.bank, "jobs/three")["metadata"]?["name"]?.string)
            #expect(try await sites.bank.atoll(["job", "cancel", "three"] + RealJobs.scope).status == 0)
            try await waitUntil("it is void") { try await Self.state(sites.bank, third) == "Void" }
            let forged = sites.bank.folder + "/forged.yaml"
            try """
            apiVersion: atoll.dev/v1alpha1
            kind: Approval
            metadata: {name: forged, tenant: risk, project: cards}
            spec: {about: job, subject: jobs/one, binding: x, requester: user cleo, what: x, until: "2099-01-01T00:00:00Z"}
            """.write(toFile: forged, atomically: true, encoding: .utf8)
            let made = try await sites.bank.atoll("apply", "-f", forged)
            #expect(made.status != 0 && made.error.contains("\(ResourceFaults.madeBySite.number)"), "\(made.error)")
        }
    }

    /// Jobs of peers live in the tenant `partners` of the site that is asked: there they wait for its people, of whom none
    /// has asked for them.
    @Test(.timeLimit(.minutes(8))) func jobsOfPeersWaitWhereTheTenantOfPartnersWantsThat() async throws {
        try await TwoRealSites.with { sites in
            let jobs = try await RealJobs(sites)
            try await Self.want(["job"], sites.partner, tenant: "partners")
            #expect(try await jobs.submit("one").status == 0)
            let asked = try await Self.waiting(sites.partner, "jobs/one", scope: RealJobs.mirrorScope)
            let name = try #require(asked["metadata"]?["name"]?.string)
            #expect(asked["spec"]?["requester"] == "peer bank" && asked["spec"]?["leaks"]?.array?.isEmpty == false)
            #expect(try await Self.all(sites.bank).isEmpty, "nobody has to decide at the bank")
            let approved = try await sites.partner.atoll(["approval", "approve", name] + RealJobs.mirrorScope)
            #expect(approved.status == 0, "\(approved.error)")
            try await jobs.wait(sites.bank, "one") { $0 == "Succeeded" }
        }
    }

    @Test(.timeLimit(.minutes(8))) func usesOfDataAndReleasesWaitForAnotherPerson() async throws {
        try await with { sites, ben, cleo in
            let data = try await SharedTables(sites, rows: 400, offset: 100)
            try await Self.people(sites.bank)
            let (ben, cleo) = (try await ben(), try await cleo())
            try await Self.want(["dataUse", "resultRelease"], sites.bank)
            // The grant was made before, by who may not decide on it.
            let asked = try await Self.waiting(sites.bank, "grants/loans")
            let grant = try #require(asked["metadata"]?["name"]?.string)
            let leaks = (asked["spec"]?["leaks"]?.array ?? []).compactMap(\.string)
            #expect(leaks.contains { $0.hasPrefix("partner learns") }, "\(leaks)")
            let body = """
                operator: align
                      parameters: {guestDataset: loans, hostDataset: takings, guestKey: merchant, hostKey: merchant}
                """
            let early = try await data.run("early", body)
            #expect(early.status != 0 && early.error.contains("\(GrantFaults.unapproved.number)"), "\(early.error)")
            #expect(try await Self.decide(ben, grant, "approve").status == 200)
            try await waitUntil("the grant holds") {
                let found = try await sites.bank.atoll(["get", "grant", "loans", "-o", "json"] + RealJobs.scope)
                return try found.json["status"]?["state"]?.string == "Active"
            }
            let matched = try await data.run("match", body)
            #expect(matched.status == 0, "\(matched.error)")

            // Its rows leave the site once another person has approved that, by who asked and by nobody else.
            let listed = try await sites.bank.atoll(["get", "datasets", "-o", "json"] + RealJobs.scope)
            let name = try #require(
                (try listed.json["items"]?.array ?? []).first { $0["spec"]?["origin"] == "job" }?["metadata"]?["name"]?
                    .string)
            let path = "/api/v1/datasets/\(name)/export\(Self.place)"
            #expect(try await cleo.call("get", path).fault == PeopleFaults.notReleased.number)
            let request = try await cleo.call(
                "post", "/api/v1/releases\(Self.place)", #"{"subject": "datasets/\#(name)", "why": "a campaign"}"#)
            #expect(request.status == 201 && request.body["spec"]?["why"] == "a campaign", "\(request.body)")
            let release = try #require(request.body["metadata"]?["name"]?.string)
            let again = try await cleo.call(
                "post", "/api/v1/releases\(Self.place)", #"{"subject": "datasets/\#(name)"}"#)
            #expect(again.body["metadata"]?["name"]?.string == release, "asked twice is asked once")
            #expect(try await cleo.call("get", path).fault == PeopleFaults.notReleased.number)
            #expect(try await Self.decide(cleo, release, "approve").fault == PeopleFaults.forbidden.number)
            #expect(try await Self.decide(ben, release, "approve").status == 200)
            #expect(try await cleo.call("get", path).status == 200)
            let other = try await sites.bank.atoll(
                ["data", "export", name, "--output", sites.bank.folder + "/out.csv"] + RealJobs.scope)
            #expect(other.status != 0 && other.error.contains("\(PeopleFaults.notReleased.number)"), "\(other.error)")
            // What was brought here is no result.
            let own = try await sites.bank.atoll(
                ["data", "export", "loans", "--output", sites.bank.folder + "/own.csv"] + RealJobs.scope)
            #expect(own.status == 0, "\(own.error)")
            for wrong in ["datasets/loans", "secrets/x", "datasets", "models/a:b:c"] {
                let refused = try await cleo.call(
                    "post", "/api/v1/releases\(Self.place)", #"{"subject": "\#(wrong)"}"#)
                #expect(refused.fault == PeopleFaults.releaseSubject.number, "\(wrong): \(refused.body)")
            }
        }
    }

    // MARK: People

    /// Somebody who is logged in at the bank.
    private struct Person {
        let door: RemoteDoor
        let proof: String

        func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> RemoteDoor.Answer {
            try await door.call(method, path, body, proof: proof)
        }
    }

    private func with(
        _ body: (
            TwoRealSites, _ ben: () async throws -> Person, _ cleo: () async throws -> Person
        ) async throws -> Void
    ) async throws {
        let address = "127.0.0.1:\(try FreePort.find())"
        try await TwoRealSites.with(more: ["--management-address", address]) { sites in
            func login(_ name: String) async throws -> Person {
                let door = RemoteDoor(address: "http://\(address)")
                let login = try await door.call(
                    "post", "/api/v1/login", #"{"name": "\#(name)", "password": "\#(Self.password)", "as": "bearer"}"#,
                    proof: nil)
                return Person(door: door, proof: try #require(login.body["secret"]?.string, "\(login.body)"))
            }
            try await body(sites, { try await login("ben") }, { try await login("cleo") })
        }
    }

    /// An approver and a data steward of the tenant.
    private static func people(_ site: RunningSite) async throws {
        let file = site.folder + "/people.yaml"
        try """
        {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: ben},
         spec: {displayName: Ben, roles: [{role: approver, tenant: risk}]}}
        ---
        {apiVersion: atoll.dev/v1alpha1, kind: User, metadata: {name: cleo},
         spec: {displayName: Cleo, roles: [{role: data-steward, tenant: risk}]}}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let applied = try await site.atoll("apply", "-f", file)
        #expect(applied.status == 0, "\(applied.error)")
        for name in ["ben", "cleo"] {
            let set = try await site.run(["user", "password", name], input: password + "\n")
            #expect(set.status == 0, "\(set.errors)")
        }
    }

    private static func want(_ about: [String], _ site: RunningSite, tenant: String = "risk") async throws {
        let file = site.folder + "/wants.yaml"
        try """
        apiVersion: atoll.dev/v1alpha1
        kind: Tenant
        metadata: {name: \(tenant)}
        spec: {displayName: Risk, approvals: [\(about.joined(separator: ", "))]}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let applied = try await site.atoll("apply", "-f", file)
        #expect(applied.status == 0, "\(applied.error)")
    }

    // MARK: Approvals

    private static func all(_ site: RunningSite, scope: [String] = RealJobs.scope) async throws -> [JSONValue] {
        let listed = try await site.atoll(["get", "approvals", "-o", "json"] + scope)
        return try listed.json["items"]?.array ?? []
    }

    /// The approval about a subject, once it is asked for.
    private static func waiting(
        _ site: RunningSite, _ subject: String, scope: [String] = RealJobs.scope
    ) async throws -> JSONValue {
        var found: JSONValue?
        try await waitUntil("it is asked for \(subject)") {
            found = try await all(site, scope: scope).first { $0["spec"]?["subject"]?.string == subject }
            return found != nil
        }
        return found ?? .null
    }

    private static func state(_ site: RunningSite, _ name: String) async throws -> String? {
        try await all(site).first { $0["metadata"]?["name"]?.string == name }?["status"]?["state"]?.string
    }

    private static func decide(
        _ person: Person, _ name: String, _ verb: String, reason: String = ""
    ) async throws -> RemoteDoor.Answer {
        let reason = reason.replacing(" ", with: "%20")
        return try await person.call("post", "/api/v1/approvals/\(name)/\(verb)\(place)&reason=\(reason)")
    }
}
