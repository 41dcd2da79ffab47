import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Making, changing and deleting tenants and projects.
enum PlaceForms {
    static func add(to routes: PortalRoutes) {
        routes.page("projects/new-tenant", newTenant)
        routes.form("projects/new-tenant", on: newTenant) { visit, form in
            let name = try form.required("name")
            let spec: [String: JSONValue?] = [
                "displayName": .string(form["displayName"] ?? name),
                "description": form["description"].map { .string($0) },
                "contact": form["contact"].map { .string($0) },
                "approvals": .array(form.all("approvals").map { .string($0) }),
            ]
            try await visit.api.send(.post, "/tenants", [], Item.new("Tenant", name, spec), key: form.key)
            return .to(address("/projects", [("tenant", name)]), .created)
        }
        routes.page("projects/new-project", newProject)
        routes.form("projects/new-project", on: newProject) { visit, form in
            let name = try form.required("name")
            guard let tenant = visit.place.tenant ?? form["tenant"] else { throw noTenant }
            let spec: [String: JSONValue?] = [
                "displayName": .string(form["displayName"] ?? name), "purpose": form["purpose"].map { .string($0) },
                "stage": form["stage"].map { .string($0) },
            ]
            try await visit.api.send(
                .post, "/projects", [("tenant", tenant)], Item.new("Project", name, in: Scope(tenant: tenant), spec),
                key: form.key)
            return .to(address("/projects", [("tenant", tenant), ("project", name)]), .created)
        }
        routes.page("projects/edit", edit)
        routes.form("projects/edit", on: edit, change)
        routes.form("projects/delete", on: ProjectsModule.place) { visit, form in
            let (path, query) = try target(visit)
            try await visit.api.send(.delete, path, query, key: form.key)
            // What is not empty stays for now, and the list above says so.
            let isProject = visit.place.project != nil
            let above = Scope(tenant: isProject ? visit.place.tenant : nil)
            let isSeen = above.tenant.map { visit.sees(tenant: $0) } ?? true
            return .to(isSeen ? address("/projects", above.parameters) : "/projects", .done)
        }
    }

    private static var noTenant: Fault {
        Fault(ProgramFaults.badRequest, "No tenant is named.", at: "tenant", wanted: "the tenant of the project")
    }

    /// The API's address of the tenant or project that the page is about.
    private static func target(_ visit: Visit) throws -> (path: String, query: [(String, String?)]) {
        guard let tenant = visit.place.tenant else { throw noTenant }
        guard let project = visit.place.project else { return ("/tenants/\(encoded(tenant))", []) }
        return ("/projects/\(encoded(project))", [("tenant", tenant)])
    }

    @Sendable private static func newTenant(_ visit: Visit) async throws -> Page {
        var page = Page(
            Words("Make a tenant", "新建租户"), in: .projects,
            intro: Words(
                "A department of this institution: the border of names, quotas and permissions.",
                "本机构的一个部门：名称、配额与权限的边界。")
        ) {
            visit.form("/projects/new-tenant") {
                visit.field("name", Words("Short name", "短名称"), hint: nameHint, isRequired: true)
                visit.field("displayName", Words("Name that people see", "显示名称"))
                tenantFields(visit, Item([:]))
                tag("button", .class("primary")) { Words("Make the tenant", "新建") }
            }
        }
        page.trail = visit.trail(to: .platform)
        return page
    }

    private static let nameHint = Words(
        "1 to 63 lower-case letters, digits and -; it cannot be changed later.", "1 至 63 个小写字母、数字或 -；之后不能修改。")

    private static func tenantFields(_ visit: Visit, _ tenant: Item) -> HTML {
        visit.area(
            "description", Words("What it is for", "用途"), value: tenant.text("spec", "description"), rows: 3)
            + visit.field("contact", Words("Contact", "联系人"), value: tenant.text("spec", "contact"))
            + visit.boxes(
                "approvals", Words("A second person decides on", "需要第二人审批"),
                PlaceWords.abouts.map { ($0.about.rawValue, HTML($0.words)) },
                ticked: Set(tenant.texts("spec", "approvals")))
    }

    @Sendable private static func newProject(_ visit: Visit) async throws -> Page {
        let place = Scope(tenant: visit.place.tenant)
        let tenants = place.tenant == nil ? try await visit.api.allIfSeen("/tenants") : []
        return Page(
            title: .words(Words("Make a project", "新建项目")), section: .projects,
            trail: visit.trail(to: Scope(tenant: place.tenant, project: "")),
            intro: Words(
                "A unit of work: datasets, jobs and models belong to it.", "工作单元：数据集、任务和模型都属于项目。"),
            visit.form(address("/projects/new-project", place.parameters)) {
                if place.tenant == nil {
                    visit.choice(
                        "tenant", Words("Tenant", "租户"), tenants.map { ($0.name, plain($0.name)) }, isRequired: true)
                } else {
                    facts { fact(Words("Tenant", "租户"), plain(place.tenant ?? "")) }
                }
                visit.field("name", Words("Short name", "短名称"), hint: nameHint, isRequired: true)
                visit.field("displayName", Words("Name that people see", "显示名称"))
                projectFields(visit, Item([:]))
                tag("button", .class("primary")) { Words("Make the project", "新建") }
            })
    }

    private static func projectFields(_ visit: Visit, _ project: Item) -> HTML {
        visit.area(
            "purpose", Words("What the work is for", "工作目的"), value: project.text("spec", "purpose"), rows: 3,
            hint: Words("Partners see it in grants and reports.", "合作方会在授权和报告中看到。"))
            + visit.choice(
                "stage", Words("Stage", "阶段"), PlaceWords.stages.map { ($0.value, HTML($0.words)) },
                chosen: project.text("spec", "stage"))
    }

    @Sendable private static func edit(_ visit: Visit) async throws -> Page {
        let (path, query) = try target(visit)
        let item = Item(try await visit.api.get(path, query))
        let isProject = visit.place.project != nil
        return Page(
            title: .name(
                item.name, kind: isProject ? Words("Change a project", "修改项目") : Words("Change a tenant", "修改租户")),
            section: .projects,
            trail: visit.trail(to: visit.place) + [(plain(item.name), address("/projects", visit.place.parameters))],
            visit.form(address("/projects/edit", visit.place.parameters)) {
                hidden("version", visit.typed["version"] ?? item.version)
                visit.field(
                    "displayName", Words("Name that people see", "显示名称"), value: item.text("spec", "displayName"),
                    isRequired: true)
                isProject ? projectFields(visit, item) : tenantFields(visit, item)
                visit.field("reason", Words("Why, for the history", "修改原因（记入历史）"))
                tag("button", .class("primary")) { Words("Save", "保存") }
            })
    }

    @Sendable private static func change(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let (path, query) = try target(visit)
        let item = Item(try await visit.api.get(path, query))
        var changes: [String: JSONValue?] = ["displayName": .string(form["displayName"] ?? "")]
        if visit.place.project == nil {
            changes["description"] = .string(form["description"] ?? "")
            changes["contact"] = .string(form["contact"] ?? "")
            changes["approvals"] = .array(form.all("approvals").map { .string($0) })
        } else {
            changes["purpose"] = .string(form["purpose"] ?? "")
            changes["stage"] = form["stage"].map { .string($0) }
        }
        try await visit.api.send(
            .put, path, query + [("reason", form["reason"])],
            item.document(changes, version: form["version"] ?? ""), key: form.key)
        return .to(address("/projects", visit.place.parameters), .saved)
    }
}

/// A field that nobody sees.
func hidden(_ name: String, _ value: String) -> HTML {
    void("input", Attribute("type", "hidden"), Attribute("name", name), Attribute("value", value))
}
