import Charts
import HTTPTypes
import People
import Resources

/// Every version of every model of a place.
enum ModelList {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        async let models = visit.api.listAll("/models", visit.placed())
        let versions = try await visit.api.listAll("/modelversions", visit.placed())
        let aliases = Self.aliases(try await models)
        let text = visit.query("q")?.lowercased() ?? ""
        let alias = visit.query("alias") ?? ""
        let rows = versions.map { Row($0, aliases) }.filter { row in
            (text.isEmpty || row.model.lowercased().contains(text))
                && (alias.isEmpty || row.aliases.contains(alias))
                && (visit.query("role") ?? row.role) == row.role
        }.sorted {
            ($0.tenant, $0.project, $0.model, $1.number) < ($1.tenant, $1.project, $1.model, $0.number)
        }
        let known = Set(aliases.values.flatMap { $0.keys }).sorted()
        return Page(
            Words("Models", "模型"), in: .models,
            intro: Words(
                "What trainings have left: every party keeps its own part of a version.",
                "训练所得的模型：每个参与方只保存自己的部分。"),
            live: visit.live(.models, .modelVersions)
        ) {
            ModelsModule.sections(visit, chosen: 0)
            if versions.isEmpty {
                emptyState(
                    Words(
                        "There is no model here yet. A training makes the first one.", "这里还没有模型，训练任务会产生第一个。")
                ) { link(Words("Go to trainings", "前往训练"), visit.link("/training"), class: "button") }
            } else {
                filter(visit, known)
                tag("p", .class("note")) {
                    rows.count == versions.count
                        ? HTML(Words("\(rows.count) versions", "共 \(rows.count) 个版本"))
                        : HTML(
                            Words(
                                "\(rows.count) of \(versions.count) versions",
                                "\(versions.count) 个版本中的 \(rows.count) 个"))
                }
                table(visit, rows)
            }
            commandLines(["atoll model list\(visit.place.optionText)"], id: "command")
        }
    }

    private static func filter(_ visit: Visit, _ aliases: [String]) -> HTML {
        visit.filter("/models") {
            visit.field("q", Words("Name contains", "名称包含"), type: "search", value: visit.query("q"))
            visit.choice(
                "alias", Words("Called", "别名"),
                [("", HTML(Words("any", "不限")))] + aliases.map { ($0, ModelAliases.word($0)) },
                chosen: visit.query("alias"))
            visit.choice(
                "role", Words("This site was", "本站角色"),
                [("", HTML(Words("any", "不限")))]
                    + ["guest", "host", "member"].map { ($0, ModelWords.role($0)) },
                chosen: visit.query("role"))
        }
    }

    struct Row {
        let model: String
        let number: Int64
        let tenant: String
        let project: String
        let role: String
        let aliases: [String]
        let version: JSONValue

        init(_ version: JSONValue, _ all: [String: [String: Int64]]) {
            self.version = version
            model = version[path: "spec", "model"]?.string ?? ""
            number = version[path: "spec", "version"]?.integer ?? 0
            tenant = version[path: "metadata", "tenant"]?.string ?? ""
            project = version[path: "metadata", "project"]?.string ?? ""
            role = version[path: "spec", "role"]?.string ?? ""
            let number = number
            aliases = (all["\(tenant)/\(project)/\(model)"] ?? [:]).filter { $0.value == number }.keys
                .sorted()
        }

        /// Its page, in its own project.
        func path(_ more: String = "") -> String {
            address(
                "/models/\(encoded(model))/\(number)\(more)", [("tenant", tenant), ("project", project)])
        }
    }

    /// Aliases by model, models by `TENANT/PROJECT/NAME`.
    static func aliases(_ models: [JSONValue]) -> [String: [String: Int64]] {
        Dictionary(
            models.map { model in
                let metadata = model["metadata"]
                let place = "\(metadata?["tenant"]?.string ?? "")/\(metadata?["project"]?.string ?? "")"
                let found = (model[path: "spec", "aliases"]?.object ?? [:]).compactMapValues(\.integer)
                return ("\(place)/\(metadata?["name"]?.string ?? "")", found)
            }
        ) { $1 }
    }

    private static func table(_ visit: Visit, _ rows: [Row]) -> HTML {
        Table(
            Words("Versions of models", "模型版本"),
            [
                .init(Words("Model", "模型")), .init(Words("Version", "版本"), isNumber: true),
                .init(Words("Called", "别名")), .init(Words("Project", "项目")), .init(Words("Role", "角色")),
                .init(Words("Trees", "树"), isNumber: true), .init(Words("Here", "本站保存")),
                .init(Words("Made", "创建时间")),
            ],
            cells: rows.map { row in
                let spec = row.version["spec"]
                let made = row.version[path: "metadata", "creationTimestamp"]?.string
                return [
                    .init(link(row.model, row.path())), .init(number(row.number), sortedBy: "\(row.number)"),
                    .init(ModelAliases.words(row.aliases)), .init(plain("\(row.tenant) / \(row.project)")),
                    .init(ModelWords.role(row.role)),
                    .init(spec?["trees"]?.integer.map { number($0) } ?? plain("–")),
                    .init(ModelWords.kept(row.version)), .init(time(made), sortedBy: made),
                ]
            }
        ).html
    }

    @Sendable static func delete(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let (name, number) = (try visit.part("name"), try visit.part("version"))
        try await visit.api.send(
            .delete, "/modelversions/\(encoded("\(name)-v\(number)"))", visit.placed(), key: form.key)
        return .to(visit.link("/models"), .deleted)
    }
}
