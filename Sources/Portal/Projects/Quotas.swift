import API
import Charts
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// The bounds of a quota, in words.
enum QuotaWords {
    static let fields: [(name: String, words: Words, unit: Words)] = [
        ("runningJobs", Words("Running jobs", "运行中的任务"), Words("that have not ended", "尚未结束")),
        ("cores", Words("Cores", "CPU 核"), Words("of these jobs together", "这些任务合计")),
        ("memory", Words("Memory", "内存"), Words("MiB, of these jobs together", "MiB，这些任务合计")),
        ("storage", Words("Storage", "存储"), Words("MiB, files, datasets and open uploads", "MiB，文件、数据集与未完成的上传")),
        ("partnerRequests", Words("Jobs with other sites", "与其他站点的任务"), Words("that begin in 24 hours", "24 小时内开始")),
    ]

    static func words(_ field: String) -> Words {
        fields.first { $0.name == field }?.words ?? Words(field, field)
    }

    /// Whether it is counted in MiB.
    static func isSize(_ field: String) -> Bool { ["memory", "storage"].contains(field) }
}

/// What quotas bound, as bars: used of hard.
enum UsageList {
    static func part(_ usage: [Item]) -> HTML {
        section(
            Words("Use of quotas", "配额使用情况"), id: "usage",
            Words("Several quotas hold all at once.", "多个配额同时生效。")
        ) { bars(usage) }
    }

    static func bars(_ usage: [Item]) -> HTML {
        Table(
            Words("Use of quotas", "配额使用情况"),
            [
                .init(Words("Bound", "限制项")), .init(Words("Quota", "配额")), .init(Words("Holds in", "适用位置")),
                .init(Words("Used", "已用")),
            ],
            cells: usage.prefix(200).enumerated().map { index, bound in
                let field = bound.text("field")
                let (used, hard) = (bound.integer("used") ?? 0, bound.integer("hard") ?? 0)
                let share = hard > 0 ? Double(used) / Double(hard) : 1
                return [
                    .init(
                        HTML(QuotaWords.words(field))
                            + (QuotaWords.isSize(field) ? HTML(Words(", MiB", "，MiB")) : HTML())),
                    .init(plain(bound.text("quota"))), .init(bound.scopeOfRole.html),
                    .init(bar(field, used, hard, id: "quota-\(index)"), sortedBy: "\(share)"),
                ]
            }
        ).html
    }

    private static func bar(_ field: String, _ used: Int64, _ hard: Int64, id: String) -> HTML {
        let meter = MeterBar(
            QuotaWords.words(field).phrase,
            summary: Phrase("How much of the quota is used.", chinese: "配额的使用程度。"),
            used: Double(used), hard: Double(hard))
        return HTML { meter.svg(id: id, language: $0.ofCharts) }
    }
}

/// The quotas of a tenant, with the forms of those who may set them.
enum QuotaList {
    static func part(_ quotas: [Item], _ usage: [Item], _ visit: Visit, _ place: Scope) -> HTML {
        let mayManage = visit.viewer.may(.manage(.quotas), in: place)
        guard mayManage || !usage.isEmpty || !quotas.isEmpty else { return HTML() }
        return section(
            Words("Quotas", "配额"), id: "quotas",
            Words(
                "What the tenant and its projects may use of this site. What is not named has no bound.",
                "租户及其项目可使用的本站点资源。未列出的没有限制。")
        ) {
            if quotas.isEmpty {
                emptyState(Words("No quota holds here: nothing is bounded.", "此处没有配额，使用不受限制。"))
            } else {
                UsageList.bars(usage)
            }
            if mayManage {
                if !quotas.isEmpty { table(quotas, visit, place) }
                tag("p") {
                    link(
                        Words("Set a quota", "设置配额"),
                        address("/projects/quota", Scope(tenant: place.tenant).parameters),
                        class: "button")
                }
            }
        }
    }

    private static func table(_ quotas: [Item], _ visit: Visit, _ place: Scope) -> HTML {
        Table(
            Words("Quotas that are set", "已设置的配额"),
            [.init(Words("Quota", "配额")), .init(Words("Holds in", "适用位置")), .init(Words("Change", "操作"))],
            rows: quotas.map { quota in
                [
                    plain(quota.name),
                    Scope(tenant: place.tenant, project: quota.value(["spec", "project"])?.string).html,
                    tag("div", .class("actions")) {
                        link(
                            Words("Change", "修改"),
                            address("/projects/quota", [("tenant", place.tenant), ("quota", quota.name)]),
                            class: "button quiet")
                        visit.historyLink("quotas", quota.name, in: quota.scope)
                        visit.button(
                            visit.link("/projects/quota/delete"), Words("Take away", "删除"), class: "quiet danger",
                            confirm: Words(
                                "Take the quota away? What it bounds has no bound by it any more.",
                                "确定删除此配额？其限制将不再生效。"),
                            hidden: [("quota", quota.name)])
                    },
                ]
            }
        ).html
    }
}

enum QuotaForms {
    static func add(to routes: PortalRoutes) {
        routes.page("projects/quota", page)
        routes.form("projects/quota", on: page, set)
        routes.form("projects/quota/delete", on: ProjectsModule.place) { visit, form in
            try await visit.api.send(
                .delete, "/quotas/\(encoded(try form.required("quota")))", [("tenant", visit.place.tenant)],
                key: form.key)
            return .to(address("/projects", visit.place.parameters), .deleted)
        }
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let tenant = Scope(tenant: visit.place.tenant)
        let name = visit.query("quota")
        let quota = Item(
            try await name.asyncMap { try await visit.api.get("/quotas/\(encoded($0))", tenant.parameters) } ?? [:])
        let projects = try await visit.api.allIfSeen("/projects", tenant.parameters)
        return Page(
            title: .words(name == nil ? Words("Set a quota", "设置配额") : Words("Change a quota", "修改配额")),
            section: .projects,
            trail: visit.trail(to: tenant) + [(plain(tenant.path), address("/projects", tenant.parameters))],
            intro: Words(
                "What is left empty has no bound. What is used already stays, also where it is more.",
                "留空表示不限制。已使用的部分保持不变，即使超过新的上限。"),
            visit.form(address("/projects/quota", tenant.parameters + [("quota", name)])) {
                if let name {
                    hidden("version", visit.typed["version"] ?? quota.version)
                    facts { fact(Words("Quota", "配额"), plain(name)) }
                } else {
                    visit.field("name", Words("Short name", "短名称"), isRequired: true)
                }
                visit.choice(
                    "in-project", Words("Holds in", "适用位置"),
                    [("", HTML(Words("the whole tenant together", "整个租户合计")))]
                        + projects.map { ($0.name, plain($0.name)) },
                    chosen: quota.text("spec", "project"))
                for field in QuotaWords.fields {
                    visit.field(
                        field.name, field.words, type: "number",
                        value: quota.integer("spec", field.name).map { "\($0)" }, hint: field.unit,
                        more: [Attribute("min", "0"), Attribute("step", "1")])
                }
                visit.field("reason", Words("Why, for the history", "原因（记入历史）"))
                tag("button", .class("primary")) { Words("Set the quota", "保存配额") }
            })
    }

    @Sendable private static func set(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let tenant = Scope(tenant: visit.place.tenant)
        var spec: [String: JSONValue?] = ["project": form["in-project"].map { .string($0) }]
        for field in QuotaWords.fields {
            let count = try form[field.name].map { text in
                guard let count = Int64(text) else {
                    throw Fault(
                        ProgramFaults.badRequest, "This is no whole number.", at: field.name, wanted: "a whole number")
                }
                return JSONValue.integer(count)
            }
            // A bound that was taken away is taken out.
            spec.updateValue(count, forKey: field.name)
        }
        let query = tenant.parameters + [("reason", form["reason"])]
        if let name = visit.query("quota") {
            let path = "/quotas/\(encoded(name))"
            let quota = Item(try await visit.api.get(path, tenant.parameters))
            try await visit.api.send(
                .put, path, query, quota.document(spec, version: form["version"] ?? ""), key: form.key)
        } else {
            try await visit.api.send(
                .post, "/quotas", query, Item.new("Quota", try form.required("name"), in: tenant, spec), key: form.key)
        }
        return .to(address("/projects", tenant.parameters), .saved)
    }
}

extension Optional {
    /// `map` with a question that takes time.
    func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
        if let value = self { try await body(value) } else { nil }
    }
}
