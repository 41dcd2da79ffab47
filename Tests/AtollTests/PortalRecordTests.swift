import Faults
import Foundation
import NIOHTTP1
import Resources
import Testing
import Trials

@testable import atoll

/// The pages of approvals, of the audit and of histories, by HTTP at a real site.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PortalRecordTests {
    private static let hostile = PortalProjectTests.hostile
    private static let place = "tenant=risk&project=cards"

    @Test func whatWaitsIsDecidedByAnotherPerson() async throws {
        try await GuardedSite.with { site in
            try await Self.grants(site, ["one", "two"])
            for (name, role) in [("bea", "approver"), ("ben", "approver"), ("vera", "auditor")] {
                try await site.user(name, roles: "{role: \(role), tenant: risk}")
            }
            try await site.user("olga", roles: "{role: approver, tenant: other}")
            try await PortalVisitor.with(port: site.port, isGuarded: true) { bea in
                try await bea.login("bea")
                try await waitUntil("both wait") {
                    try await bea.get("/approvals").text.matches(of: /href="\/approvals\/grant-/).count == 2
                }
                let inbox = try await bea.get("/approvals")
                #expect(
                    inbox.text.contains("Waiting for me") && inbox.text.contains("partner may use the dataset loans"))
                let paths = inbox.text.matches(of: /href="(\/approvals\/grant-[^"]+)"/).map {
                    PortalVisitor.plain(String($0.1))
                }
                let (one, two) = (try #require(paths.first), try #require(paths.last))
                let page = try await bea.get(one)
                #expect(
                    page.text.contains("A peer learns from data") && page.text.contains("partner learns"),
                    "\(page.text)")
                #expect(page.text.contains("&lt;script&gt;alert") && !page.text.contains("<script>alert"), "why it is")
                let action = try #require(one.split(separator: "?").first).description
                let stale = try await bea.get(one)
                let approved = try await bea.send(page, action, ["decision": "approve", "reason": "seen"])
                #expect(approved.text.contains("Approved.") && approved.title == "Approvals", "\(approved.text)")
                let after = try await bea.get(one)
                #expect(
                    after.text.contains("user bea") && after.text.contains("seen")
                        && !after.text.contains("value=\"approve\""))
                // Decided once: the page from before says so.
                let late = try await bea.send(stale, action, ["decision": "refuse"])
                #expect(late.status == 409 && late.fault == "\(PeopleFaults.approvalDecided.number)", "\(late.text)")
                let strange = try await bea.send(
                    try await bea.get(two), try #require(two.split(separator: "?").first).description,
                    ["decision": "burn"])
                #expect(strange.status == 400, "\(strange.text)")

                try await PortalVisitor.with(port: site.port, isGuarded: true) { vera in
                    try await vera.login("vera")
                    #expect(try await vera.get("/approvals").text.contains("Waiting for others"))
                    let seen = try await vera.get(two)
                    #expect(seen.status == 200 && !seen.text.contains("value=\"approve\""), "\(seen.text)")
                }
                try await PortalVisitor.with(port: site.port, isGuarded: true) { olga in
                    try await olga.login("olga")
                    #expect(!(try await olga.get("/approvals").text.contains("partner")))
                    #expect(try await olga.get(two).status == 403)
                }
                let refused = try await bea.send(
                    try await bea.get(two), try #require(two.split(separator: "?").first).description,
                    ["decision": "refuse", "reason": Self.hostile])
                #expect(
                    refused.text.contains("Refused.") && refused.text.contains("Nothing waits for you"),
                    "\(refused.text)")
                #expect(!(try await bea.get(two).text.contains("<script>alert")))
            }
        }
    }

    /// Grants of a dataset that wait for a second person, to a peer that nobody reaches.
    private static func grants(_ site: GuardedSite, _ names: [String]) async throws {
        let folder = ClientFolder()
        let documents = """
            \(FileUploadTests.places)
            ---
            apiVersion: atoll.dev/v1alpha1
            kind: Tenant
            metadata: {name: other}
            spec: {displayName: Other}
            ---
            apiVersion: atoll.dev/v1alpha1
            kind: Peer
            metadata: {name: partner}
            spec: {displayName: Partner, site: mfrggzdfmztwq2lknnwg23tpobyxe43uov3ho6dzpiydcmrtgq2q}
            """.replacing("{displayName: Risk}", with: "{displayName: Risk, approvals: [dataUse]}")
        let applied = try await site.site.run(["apply", "-f", "-"], input: documents)
        try #require(applied.status == 0, "\(applied.errors)")
        let csv = folder.write("loans.csv", "merchant,amount\nm1,10\nm2,20\n")
        let uploaded = try await site.site.run(
            ["data", "upload", csv, "--name", "loans", "--id", "merchant"] + FileUploadTests.scope)
        try #require(uploaded.status == 0, "\(uploaded.errors)")
        for name in names {
            let grant: JSONValue = [
                "apiVersion": "atoll.dev/v1alpha1", "kind": "Grant",
                "metadata": ["name": .string(name), "tenant": "risk", "project": "cards"],
                "spec": [
                    "peer": "partner", "dataset": "loans", "columns": ["merchant", "amount"],
                    "purpose": .string(hostile), "algorithms": ["align"], "uses": 2, "notAfter": "2099-01-01T00:00:00Z",
                ],
            ]
            let made = try await site.site.run(
                ["apply", "-f", "-"], input: String(decoding: JSONWriter.compact(grant), as: UTF8.self))
            try #require(made.status == 0, "\(made.errors)")
        }
    }

    @Test func theAuditIsFilteredPagedVerifiedAndDownloaded() async throws {
        try await GuardedSite.with { site in
            try await site.user("root", roles: "{role: platform-admin}")
            let applied = try await site.site.run(["apply", "-f", "-"], input: FileUploadTests.places)
            try #require(applied.status == 0, "\(applied.errors)")
            try await site.user("tom", roles: "{role: tenant-admin, tenant: risk}")
            // More than a page of records.
            let root = try await site.login("root")
            for _ in 0..<101 { _ = try await site.call(.POST, "/api/v1/users/tom/unlock", "{}", proof: root) }
            try await PortalVisitor.with(port: site.port, isGuarded: true) { root in
                try await root.login("root")
                let page = try await root.get("/audit")
                #expect(page.text.matches(of: /<tbody>(?s).*<\/tbody>/).count == 1)
                #expect(page.text.matches(of: /<th scope="row"/).count == 100, "one page of them")
                let older = try #require(page.text.firstMatch(of: /href="(\/audit\?[^"]*before=\d+)"/)).1
                let next = try await root.get(PortalVisitor.plain(String(older)))
                #expect(next.status == 200 && next.text.contains("/api/v1/login"), "\(next.text)")
                let logins = try await root.send(page, "/audit", ["kind": "login", "text": "login"])
                #expect(logins.path.contains("kind=login") && logins.text.contains("name=\"text\" value=\"login\""))
                #expect(logins.text.contains("POST /api/v1/login") && !logins.text.contains("/unlock"))
                let changes = try await root.send(page, "/audit", ["kind": "change", "account": "user root"])
                #expect(changes.text.contains("/unlock") && !changes.text.contains("POST /api/v1/login"))
                let hostile = try await root.send(page, "/audit", ["text": Self.hostile])
                #expect(hostile.text.contains("There are no such records") && !hostile.text.contains("<script>alert"))
                let wrong = try await root.get("/audit?since=yesterday&account=user%20root")
                #expect(
                    wrong.text.contains("\(PeopleFaults.auditForm.number)")
                        && wrong.text.contains("value=\"user root\""))
                let future = try await root.get("/audit?since=2098-01-01T00:00")
                #expect(future.text.contains("There are no such records"), "\(future.text)")

                let checked = try await root.send(page, "/audit/verify")
                #expect(checked.text.contains("the chain is whole"), "\(checked.text)")
                let file = try await root.get("/audit/export")
                #expect(file.headers.first(name: "content-disposition") == "attachment; filename=\"audit.jsonl\"")
                let folder = ClientFolder()
                let verified = try await site.site.run([
                    "audit", "verify", "--file", folder.write("a.jsonl", file.text),
                ])
                #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
            }
            try await PortalVisitor.with(port: site.port, isGuarded: true) { tom in
                try await tom.login("tom")
                let page = try await tom.get("/audit")
                #expect(
                    page.status == 200 && !page.text.contains("/audit/export") && !page.text.contains("/audit/verify"))
                #expect(try await tom.get("/audit/export").status == 403)
                let moved = PortalVisitor.Page(
                    status: 200, headers: page.headers, path: "/audit",
                    text: page.text.replacing("action=\"/logout\"", with: "action=\"/audit/verify\""))
                #expect(try await tom.send(moved, "/audit/verify").status == 403)
            }
        }
    }

    @Test func everySpecIsComparedAndGoneBackTo() async throws {
        try await GuardedSite.with { site in
            try await site.user("root", roles: "{role: platform-admin}")
            try await site.user("vera", roles: "{role: viewer, tenant: risk}")
            for purpose in ["first", Self.hostile] {
                let places = FileUploadTests.places.replacing(
                    "{displayName: Cards}", with: "{displayName: Cards, purpose: \(try Self.quoted(purpose))}")
                let applied = try await site.site.run(["apply", "-f", "-"], input: places)
                try #require(applied.status == 0, "\(applied.errors)")
            }
            let path = "/history?kind=projects&name=cards&tenant=risk"
            try await PortalVisitor.with(port: site.port, isGuarded: true) { root in
                try await root.login("root")
                let project = try await root.get("/projects?\(Self.place)")
                #expect(project.text.contains("href=\"\(path.replacing("&", with: "&amp;"))\""), "\(project.text)")
                let page = try await root.get(path)
                #expect(page.title == "cards" && page.text.contains("spec.purpose"), "\(page.text)")
                #expect(page.text.contains("&lt;script&gt;alert") && !page.text.contains("<script>alert"))
                let same = try await root.send(page, "/history", ["from": "1", "to": "1"])
                #expect(same.text.contains("The two are the same"), "\(same.text)")
                // Nothing happens before it is asked for with a reason.
                let asked = try await root.get("\(path)&back=1")
                #expect(asked.text.contains("Go back to version 1?"), "\(asked.text)")
                let without = try await root.send(asked.posting, "/history", ["reason": ""])
                #expect(without.status == 400, "\(without.text)")
                let kept = try await root.get("/projects?\(Self.place)").text
                #expect(
                    kept.contains("&lt;script&gt;alert") && !kept.contains("<dd>first</dd>"), "nothing has gone back")
                let done = try await root.send(asked.posting, "/history", ["reason": "as it was"])
                #expect(done.text.contains("Saved.") && done.text.contains("as it was"), "\(done.text)")
                #expect(try await root.get("/projects?\(Self.place)").text.contains("<dd>first</dd>"))

                let user = try await root.get("/history?kind=users&name=vera")
                #expect(user.status == 200, "\(user.text)")
                #expect(
                    try await root.get("/history?kind=nothing&name=x").fault == "\(ResourceFaults.unknownKind.number)")
                #expect(try await root.get("/history?kind=projects&name=none&tenant=risk").status == 404)
            }
            try await PortalVisitor.with(port: site.port, isGuarded: true) { vera in
                try await vera.login("vera")
                let page = try await vera.get(path)
                #expect(page.status == 200 && !page.text.contains("Go back"), "\(page.text)")
                #expect(!(try await vera.get("\(path)&back=1").text.contains("method=\"post\" action=\"/history")))
                #expect(try await vera.get("/history?kind=users&name=vera").status == 403)
                #expect(try await vera.get(path.replacing("tenant=risk", with: "tenant=other")).status == 403)
            }
        }
    }

    private static func quoted(_ text: String) throws -> String {
        String(decoding: JSONWriter.compact(.string(text)), as: UTF8.self)
    }
}

extension PortalVisitor.Page {
    /// With the forms that change something alone.
    fileprivate var posting: PortalVisitor.Page {
        let forms = text.matches(of: /(?s)<form method="post".*?<\/form>/).map { String($0.0) }.joined()
        return PortalVisitor.Page(status: status, headers: headers, path: path, text: forms)
    }
}
