import API
import People
import Resources

/// One tenant: its projects, its people, its quotas.
enum TenantPage {
    static func make(_ visit: Visit, _ name: String) async throws -> Page {
        let place = Scope(tenant: name)
        let tenant = Item(try await visit.api.get("/tenants/\(encoded(name))"))
        let projects = try await projects(visit, name)
        let members = try await MemberList.load(visit, place)
        let usage = try await visit.api.listIfSeen("/usage", place.parameters).map(Item.init)
        let quotas = try await visit.api.allIfSeen("/quotas", place.parameters)
        let mayMake = visit.viewer.may(.manage(.projects), in: place)
        let mayManage = visit.viewer.may(.manage(.tenants), in: .platform)
        let content =
            overview(tenant, visit, mayManage)
            + section(Words("Projects", "项目"), id: "projects") {
                if projects.isEmpty {
                    emptyState(Words("There is no project in it yet.", "其中还没有项目。")) {
                        if mayMake {
                            link(
                                Words("Make the first one", "新建第一个项目"),
                                address("/projects/new-project", place.parameters), class: "button primary")
                        }
                    }
                } else {
                    ProjectsModule.projectTable(projects, showsTenant: false)
                }
            }
            + MemberList.part(members, visit, place)
            + QuotaList.part(quotas, usage, visit, place)
            + commandLines([
                ["atoll", "project", "list", "--tenant", name], ["atoll", "role", "members", "--tenant", name],
                ["atoll", "quota", "list", "--tenant", name],
            ])
        return Page(
            title: .name(name, kind: Words("Tenant", "租户")), section: .projects, trail: visit.trail(to: place),
            actions: mayMake
                ? link(
                    Words("Make a project", "新建项目"), address("/projects/new-project", place.parameters),
                    class: "button primary") : HTML(),
            live: visit.viewer.may(.view(.projects), in: place) ? .init(kinds: ["projects"]) : nil, content)
    }

    /// All of the tenant's, or those in which the viewer has a role.
    private static func projects(_ visit: Visit, _ tenant: String) async throws -> [Item] {
        if visit.viewer.may(.view(.projects), in: Scope(tenant: tenant)) {
            return try await visit.api.all("/projects", [("tenant", tenant)])
        }
        var found: [Item] = []
        for place in visit.viewer.places where place.tenant == tenant {
            guard let project = place.project else { continue }
            let one = try await visit.api.find("/projects/\(encoded(project))", [("tenant", tenant)])
            if let one { found.append(Item(one)) }
        }
        return found
    }

    private static func overview(_ tenant: Item, _ visit: Visit, _ mayManage: Bool) -> HTML {
        section(Words("Overview", "概览"), id: "overview") {
            facts {
                fact(Words("Name", "名称"), plain(tenant.text("spec", "displayName")))
                fact(Words("What it is for", "用途"), PlaceParts.orNone(tenant.text("spec", "description")))
                fact(Words("Contact", "联系人"), PlaceParts.orNone(tenant.text("spec", "contact")))
                fact(
                    Words("A second person decides on", "需要第二人审批"),
                    PlaceWords.approvals(tenant.texts("spec", "approvals")))
                fact(Words("In it", "内容"), PlaceWords.contents(tenant))
                fact(Words("State", "状态"), PlaceWords.standing(tenant))
                fact(Words("Made", "创建时间"), time(tenant.text("metadata", "creationTimestamp")))
            }
            PlaceParts.tools(tenant, "tenants", Scope(tenant: tenant.name), visit, mayManage)
        }
    }
}

/// What the pages of tenants and of projects share.
enum PlaceParts {
    static func orNone(_ text: String) -> HTML { text.isEmpty ? plain("–") : plain(text) }

    /// Change, history, deletion.
    ///
    /// - Parameter place: what is looked at, as a place.
    static func tools(_ item: Item, _ plural: String, _ place: Scope, _ visit: Visit, _ mayManage: Bool) -> HTML {
        tag("div", .class("actions")) {
            if mayManage {
                link(Words("Change", "修改"), address("/projects/edit", place.parameters), class: "button quiet")
            }
            visit.historyLink(plural, item.name, in: item.scope)
        }
            + (mayManage && !item.isBeingDeleted
                ? more(Words("Delete", "删除")) {
                    tag("p", .class("note")) {
                        Words(
                            "It is gone at once when nothing lives in it; otherwise it stays, takes nothing new, and "
                                + "goes when the last of it was deleted. Its history is kept.",
                            "若其中没有内容则立即删除；否则保留且不再接受新内容，待其中最后一项被删除后消失。历史仍会保留。")
                    }
                    visit.button(
                        address("/projects/delete", place.parameters), Words("Delete it", "确认删除"), class: "danger",
                        confirm: Words("Delete it? This cannot be undone.", "确定删除？此操作无法撤销。"))
                } : HTML())
    }
}
