import Faults
import Resources
import Testing
import Trials

@testable import atoll

/// The pages of tenants and projects of a real site, by HTTP: every form, and who sees what.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PortalProjectTests {
    /// What somebody types who tries scripts.
    static let hostile = "<script>alert('x')</script>\"&"

    @Test func tenantsAndProjectsAreMadeChangedAndDeleted() async throws {
        try await GuardedSite.with { site in
            try await site.user("root", roles: "{role: platform-admin}")
            try await site.user("ana", roles: "")
            try await PortalVisitor.with(port: site.port, isGuarded: true) { root in
                try await root.login("root")
                let empty = try await root.get("/projects")
                #expect(empty.title == "Tenants and projects" && empty.text.contains("There is no tenant yet"))

                // What is refused keeps what was typed.
                let wrong = try await root.send(
                    try await root.get("/projects/new-tenant"), "/projects/new-tenant",
                    ["name": "Risk!", "displayName": Self.hostile, "approvals": "job"])
                #expect(wrong.status == 422 && wrong.fault == "\(ResourceFaults.invalidName.number)", "\(wrong.text)")
                #expect(wrong.text.contains("value=\"Risk!\"") && wrong.text.contains("value=\"job\" checked"))
                let made = try await root.send(
                    wrong, "/projects/new-tenant",
                    ["name": "risk", "displayName": Self.hostile, "contact": Self.hostile])
                #expect(made.status == 200 && made.title == "risk" && made.text.contains("Created."), "\(made.text)")
                #expect(made.text.contains("&lt;script&gt;alert") && !made.text.contains("<script>alert"))
                #expect(made.text.contains("<dd>jobs</dd>"), "a second person decides on jobs")

                let project = try await root.send(
                    try await root.get("/projects/new-project?tenant=risk"), "/projects/new-project",
                    ["name": "cards", "displayName": Self.hostile, "purpose": Self.hostile, "stage": "development"])
                #expect(project.title == "cards" && project.text.contains("development"), "\(project.text)")
                #expect(!project.text.contains("<script>alert"))

                // Two people change it: the second is told, and nothing of the first is lost.
                let (one, other) = (
                    try await root.get("/projects/edit?tenant=risk&project=cards"),
                    try await root.get("/projects/edit?tenant=risk&project=cards")
                )
                let first = try await root.send(one, "/projects/edit", ["displayName": "Cards", "reason": "shorter"])
                #expect(first.text.contains("Saved.") && first.text.contains("<dd>Cards</dd>"), "\(first.text)")
                let late = try await root.send(other, "/projects/edit", ["displayName": "Late"])
                #expect(late.status == 409 && late.fault == "\(ResourceFaults.conflict.number)", "\(late.text)")
                #expect(late.text.contains("value=\"Late\""))
                #expect(try await root.get("/projects?tenant=risk&project=cards").text.contains("<dd>Cards</dd>"))

                try await Self.members(root)
                try await Self.quotas(root)

                // A tenant that holds something stays until that is gone.
                let kept = try await root.send(try await root.get("/projects?tenant=risk"), "/projects/delete")
                #expect(
                    kept.title == "Tenants and projects" && kept.text.contains("Goes once it is empty"), "\(kept.text)")
                let gone = try await root.send(
                    try await root.get("/projects?tenant=risk&project=cards"), "/projects/delete")
                #expect(gone.path == "/projects?tenant=risk", "\(gone.path)")
                try await waitUntil("the tenant is gone") { try await root.get("/projects?tenant=risk").status == 404 }
            }
        }
    }

    private static func members(_ root: PortalVisitor) async throws {
        let tenant = try await root.get("/projects?tenant=risk")
        let given = try await root.send(tenant, "/projects/members/give", ["user": "ana", "role": "modeller"])
        #expect(given.text.contains("Saved.") && given.text.contains("href=\"/people/users/ana\""), "\(given.text)")
        let unknown = try await root.send(given, "/projects/members/give", ["user": "nobody", "role": "modeller"])
        #expect(unknown.status == 404 && unknown.fault == "\(ResourceFaults.notFound.number)", "\(unknown.text)")
        // A role of the tenant is seen in its projects as well, where it was given.
        let project = try await root.get("/projects?tenant=risk&project=cards")
        #expect(project.text.contains("href=\"/people/users/ana\"") && project.text.contains("<td>risk</td>"))
        let taken = try await root.send(try await root.get("/projects?tenant=risk"), "/projects/members/take")
        #expect(!taken.text.contains("href=\"/people/users/ana\""), "\(taken.text)")
        #expect(taken.text.contains("Nobody has a role here yet"))
    }

    private static func quotas(_ root: PortalVisitor) async throws {
        let form = try await root.get("/projects/quota?tenant=risk")
        let wrong = try await root.send(form, "/projects/quota", ["name": "cards", "cores": "many"])
        #expect(wrong.status == 400 && wrong.text.contains("value=\"many\""), "\(wrong.text)")
        let set = try await root.send(
            wrong, "/projects/quota",
            ["name": "cards", "in-project": "cards", "runningJobs": "4", "storage": "2048", "cores": ""])
        #expect(
            set.text.contains("Running jobs") && set.text.contains("Storage, MiB") && set.text.contains("0 of 2,048"),
            "\(set.text)")
        #expect(set.text.contains("<svg class=\"chart\"") && set.text.contains("id=\"quota-0\""))
        let change = try await root.get("/projects/quota?tenant=risk&quota=cards")
        #expect(change.text.contains("name=\"runningJobs\" value=\"4\""), "\(change.text)")
        let old = try await root.get("/projects/quota?tenant=risk&quota=cards")
        let changed = try await root.send(change, "/projects/quota", ["runningJobs": "", "cores": "8"])
        #expect(!changed.text.contains("Running jobs") && changed.text.contains("Cores"), "\(changed.text)")
        // What somebody else has set meanwhile is not written over, and another of its name is not made.
        let stale = try await root.send(old, "/projects/quota", ["cores": "9"])
        #expect(stale.status == 409 && stale.fault == "\(ResourceFaults.conflict.number)", "\(stale.text)")
        let again = try await root.send(form, "/projects/quota", ["name": "cards", "cores": "9"])
        #expect(again.status == 409 && again.fault == "\(ResourceFaults.alreadyExists.number)", "\(again.text)")
        let project = try await root.get("/projects?tenant=risk&project=cards")
        #expect(project.text.contains("id=\"usage\""))
        let gone = try await root.send(changed, "/projects/quota/delete")
        #expect(gone.text.contains("No quota holds here"), "\(gone.text)")
    }

    @Test func everybodySeesAndDoesWhatTheirRolesAllow() async throws {
        try await GuardedSite.with { site in
            for (name, role) in [("vera", "viewer"), ("tom", "tenant-admin")] {
                try await site.user(name, roles: "{role: \(role), tenant: risk}")
            }
            try await site.user("paul", roles: "{role: viewer, tenant: risk, project: cards}")
            try await site.user("olga", roles: "{role: tenant-admin, tenant: other}")
            try await site.user("nora", roles: "")
            let places = ["risk", "other"].map {
                FileUploadTests.places.replacing("risk", with: $0).replacing("Risk", with: "Secret \($0)")
            }
            let applied = try await site.site.run(["apply", "-f", "-"], input: places.joined(separator: "\n---\n"))
            try #require(applied.status == 0, "\(applied.errors)")
            let (here, place) = ("/projects?tenant=risk", "tenant=risk&project=cards")

            try await PortalVisitor.with(port: site.port, isGuarded: true) { vera in
                try await vera.login("vera")
                let page = try await vera.get("/projects")
                #expect(page.title == "risk" && page.text.contains("Secret risk"), "\(page.text)")
                #expect(!page.text.contains("<form method=\"post\" action=\"/projects"), "nothing to change")
                #expect(!page.text.contains("Members"), "members are not a viewer's to see")
                #expect(try await vera.get("/projects?tenant=other").status == 403)
                #expect(try await vera.get("/projects?\(place.replacing("risk", with: "other"))").status == 403)
                for path in ["/people", "/audit", "/approvals", "/people/users/tom", "/people/directories"] {
                    let refused = try await vera.get(path)
                    #expect(refused.status == 403 && refused.title == "Not allowed", "\(path): \(refused.status)")
                    #expect(refused.fault == "\(PeopleFaults.forbidden.number)")
                }
                let menu = page.text.split(separator: "<main").first ?? ""
                #expect(
                    menu.contains("href=\"/projects?tenant=risk\"") && !menu.contains("/people")
                        && !menu.contains("/audit"))
            }
            try await PortalVisitor.with(port: site.port, isGuarded: true) { paul in
                try await paul.login("paul")
                #expect(try await paul.get("/projects").title == "cards", "the only place with a role")
                #expect(try await paul.get(here).status == 403)
            }
            try await PortalVisitor.with(port: site.port, isGuarded: true) { tom in
                try await tom.login("tom")
                let page = try await tom.get("/projects")
                #expect(page.text.contains("href=\"/projects/new-project?tenant=risk\""))
                #expect(!page.text.contains("/projects/quota") && !page.text.contains("action=\"/projects/delete"))
                let given = try await tom.send(page, "/projects/members/give", ["user": "nora", "role": "viewer"])
                #expect(given.text.contains("Saved."), "\(given.text)")
                // A form that is sent elsewhere is judged there.
                let moved = PortalVisitor.Page(
                    status: 200, headers: page.headers, path: page.path,
                    text: given.text.replacing(
                        "/projects/members/give?tenant=risk", with: "/projects/members/give?tenant=other"))
                let refused = try await tom.send(moved, "/projects/members/give", ["user": "nora", "role": "viewer"])
                #expect(refused.status == 403 && refused.fault == "\(PeopleFaults.forbidden.number)", "\(refused.text)")
                #expect(!refused.text.contains("Secret other"))
            }
            try await PortalVisitor.with(port: site.port, isGuarded: true) { olga in
                try await olga.login("olga")
                let page = try await olga.get("/projects")
                #expect(page.title == "other" && !page.text.contains("Secret risk") && !page.text.contains("nora"))
                #expect(try await olga.get(here).status == 403)
            }
            // By language: the same page in the reader's.
            try await PortalVisitor.with(port: site.port, isGuarded: true, language: "zh") { vera in
                try await vera.login("vera")
                let page = try await vera.get("/projects")
                #expect(page.text.contains("<html lang=\"zh-CN\"") && page.text.contains("概览"), "\(page.text)")
            }
        }
    }
}
