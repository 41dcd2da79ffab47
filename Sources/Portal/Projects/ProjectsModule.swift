import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Tenants and projects: what is in them, who works in them, what bounds them. One address, whose place says of which:
/// the whole site, a tenant, or a project.
struct ProjectsModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.projects, Words("Projects", "项目"), "/projects", asks: .view(.projects))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("projects", Self.place)
        PlaceForms.add(to: routes)
        MemberForms.add(to: routes)
        QuotaForms.add(to: routes)
    }

    @Sendable static func place(_ visit: Visit) async throws -> Page {
        switch (visit.place.tenant, visit.place.project) {
        case (let tenant?, let project?): try await ProjectPage.make(visit, project, tenant)
        case (let tenant?, nil): try await TenantPage.make(visit, tenant)
        case (nil, _): try await sitePage(visit)
        }
    }

    /// Every tenant and every project of the site.
    private static func sitePage(_ visit: Visit) async throws -> Page {
        let wanted = visit.query("q")
        let projects = try await visit.api.allIfSeen("/projects")
        let tenants = try await visit.api.all("/tenants").filter {
            Item.matches(wanted, [$0.name, $0.text("spec", "displayName"), $0.text("spec", "contact")])
        }
        let paging = Paging(tenants, visit)
        let usage = try await visit.api.listIfSeen("/usage").map(Item.init)
        return Page(
            Words("Tenants and projects", "租户与项目"), in: .projects,
            intro: Words(
                "A tenant is a department of this institution; work is done in its projects.",
                "租户是本机构的一个部门，工作在其项目中进行。"),
            actions: visit.may(.manage(.tenants))
                ? link(Words("Make a tenant", "新建租户"), "/projects/new-tenant", class: "button primary") : HTML()
        ) {
            visit.filter("/projects") {
                visit.field("q", Words("Name or contact", "名称或联系人"), type: "search", value: wanted)
            }
            if tenants.isEmpty, wanted == nil {
                emptyState(
                    Words(
                        "There is no tenant yet. Datasets, jobs and models live in projects of tenants.",
                        "还没有租户。数据集、任务和模型都属于租户的项目。")
                ) {
                    if visit.may(.manage(.tenants)) {
                        link(Words("Make the first one", "新建第一个租户"), "/projects/new-tenant", class: "button primary")
                    }
                }
            } else {
                section(Words("Tenants", "租户"), id: "tenants") {
                    tenantTable(Array(paging.shown), projects)
                    paging.links(visit, "/projects", [("q", wanted)])
                }
            }
            if !projects.isEmpty {
                section(Words("Projects", "项目"), id: "projects") { projectTable(projects, showsTenant: true) }
            }
            if !usage.isEmpty { UsageList.part(usage) }
            commandLines([["atoll", "tenant", "list"], ["atoll", "project", "list"], ["atoll", "quota", "list"]])
        }
    }

    private static func tenantTable(_ tenants: [Item], _ projects: [Item]) -> HTML {
        Table(
            Words("Tenants", "租户"),
            [
                .init(Words("Tenant", "租户")), .init(Words("Name", "名称")),
                .init(Words("Projects", "项目"), isNumber: true),
                .init(Words("Second person decides on", "需要第二人审批")), .init(Words("Contact", "联系人")),
                .init(Words("State", "状态")),
            ],
            rows: tenants.map { tenant in
                [
                    link(tenant.name, address("/projects", [("tenant", tenant.name)])),
                    plain(tenant.text("spec", "displayName")),
                    number(Int64(projects.count { $0.scope.tenant == tenant.name })),
                    PlaceWords.approvals(tenant.texts("spec", "approvals")), plain(tenant.text("spec", "contact")),
                    PlaceWords.standing(tenant),
                ]
            }
        ).html
    }

    /// - Parameter showsTenant: for lists across tenants.
    static func projectTable(_ projects: [Item], showsTenant: Bool) -> HTML {
        let tenant = showsTenant ? [Table.Column(Words("Tenant", "租户"))] : []
        let shown = projects.prefix(Paging<Item>.size)
        return Table(
            Words("Projects", "项目"),
            [.init(Words("Project", "项目"))] + tenant
                + [
                    .init(Words("Name", "名称")), .init(Words("Stage", "阶段")), .init(Words("In it", "内容")),
                    .init(Words("State", "状态")),
                ],
            rows: shown.map { project in
                let place = Scope(tenant: project.scope.tenant, project: project.name)
                let owner = showsTenant ? [plain(project.scope.tenant ?? "")] : []
                return [link(project.name, address("/projects", place.parameters))] + owner
                    + [
                        plain(project.text("spec", "displayName")), PlaceWords.stage(project.text("spec", "stage")),
                        PlaceWords.contents(project), PlaceWords.standing(project),
                    ]
            }
        ).html
            + (projects.count > shown.count
                ? tag("p", .class("note")) {
                    Words(
                        "The first hundred are shown; open a tenant to see its own.",
                        "仅显示前一百个，请打开租户查看其全部项目。")
                } : HTML())
    }
}

extension Visit {
    /// Whether the viewer has a role that makes a tenant itself visible, not one project of it alone.
    func sees(tenant: String) -> Bool {
        viewer.places.isEmpty || viewer.places.contains { $0 == .platform || $0 == Scope(tenant: tenant) }
    }

    /// From the whole site down to a place, as far as the viewer sees it.
    func trail(to place: Scope) -> [(HTML, String)] {
        var trail: [(HTML, String)] = []
        if viewer.may(.view(.tenants), in: .platform) {
            trail.append((HTML(Words("Tenants and projects", "租户与项目")), "/projects"))
        }
        if let tenant = place.tenant, place.project != nil, sees(tenant: tenant) {
            trail.append((plain(tenant), address("/projects", [("tenant", tenant)])))
        }
        return trail
    }
}
