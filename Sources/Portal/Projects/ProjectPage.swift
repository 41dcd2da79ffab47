import API
import People
import Resources

/// One project: what it is for, what is in it, who works in it, what bounds it.
enum ProjectPage {
    static func make(_ visit: Visit, _ name: String, _ tenant: String) async throws -> Page {
        let place = Scope(tenant: tenant, project: name)
        let project = Item(try await visit.api.get("/projects/\(encoded(name))", [("tenant", tenant)]))
        let members = try await MemberList.load(visit, place)
        let usage = try await visit.api.listIfSeen("/usage", place.parameters).map(Item.init)
        let mayManage = visit.viewer.may(.manage(.projects), in: place)
        let content =
            overview(project, place, visit, mayManage)
            + inside(project, place, visit)
            + MemberList.part(members, visit, place)
            + (usage.isEmpty ? HTML() : UsageList.part(usage))
            + commandLines([
                ["atoll", "describe", "project", name, "--tenant", tenant],
                ["atoll", "role", "members"] + place.options, ["atoll", "quota", "list"] + place.options,
            ])
        return Page(
            title: .name(name, kind: Words("Project", "项目")), section: .projects, trail: visit.trail(to: place),
            live: visit.viewer.may(.view(.jobs), in: place) ? .init(kinds: ["jobs"], every: 60) : nil, content)
    }

    private static func overview(_ project: Item, _ place: Scope, _ visit: Visit, _ mayManage: Bool) -> HTML {
        section(Words("Overview", "概览"), id: "overview") {
            facts {
                fact(Words("Name", "名称"), plain(project.text("spec", "displayName")))
                fact(Words("What the work is for", "工作目的"), PlaceParts.orNone(project.text("spec", "purpose")))
                fact(Words("Stage", "阶段"), PlaceWords.stage(project.text("spec", "stage")))
                fact(Words("Tenant", "租户"), plain(place.tenant ?? ""))
                fact(Words("State", "状态"), PlaceWords.standing(project))
                fact(Words("Made", "创建时间"), time(project.text("metadata", "creationTimestamp")))
            }
            PlaceParts.tools(project, "projects", place, visit, mayManage)
        }
    }

    /// How many of each kind live there, with the way to their pages.
    private static func inside(_ project: Item, _ place: Scope, _ visit: Visit) -> HTML {
        let counts = project.json[path: "status", "contents"]?.object ?? [:]
        let rows = counts.sorted { $0.key < $1.key }.compactMap { kind, count -> [HTML]? in
            guard let count = count.integer, count > 0 else { return nil }
            return [PlaceParts.way(to: kind, in: place, visit), number(count)]
        }
        return section(Words("In it", "内容"), id: "inside") {
            if rows.isEmpty {
                emptyState(
                    Words(
                        "Nothing lives in it yet. Bring data in, or take part in a job with a peer.",
                        "其中还没有内容。可先导入数据，或与对等站点一起运行任务。"))
            } else {
                Table(
                    Words("What is in the project", "项目中的内容"),
                    [.init(Words("Kind", "类型")), .init(Words("How many", "数量"), isNumber: true)], rows: rows
                ).html
            }
        }
    }
}

extension PlaceParts {
    /// The plural of a kind, leading to the list of what of it is there, for those who may see it.
    static func way(to kind: String, in place: Scope, _ visit: Visit) -> HTML {
        let lists: [String: (path: String, asks: Permission)] = [
            "File": ("/data/files", .view(.files)), "Dataset": ("/data", .view(.datasets)),
            "AccessRequest": ("/data/requests", .view(.accessRequests)),
            "Grant": ("/federation/grants", .view(.grants)), "Job": ("/training", .view(.jobs)),
            "Model": ("/models", .view(.models)), "ModelVersion": ("/models", .view(.modelVersions)),
            "Approval": ("/approvals", .view(.approvals)),
        ]
        guard let list = lists[kind], visit.viewer.may(list.asks, in: place) else { return PlaceWords.kindWords(kind) }
        return tag("a", .href(address(list.path, place.parameters))) { PlaceWords.kindWords(kind) }
    }
}
