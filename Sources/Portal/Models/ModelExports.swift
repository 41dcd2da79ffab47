import Hummingbird
import Models
import People
import Resources

/// Taking a version out: the forms, what stands in the way, and the ways to get there.
enum ModelExports {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let version = try await ModelVersionPage.load(visit)
        let lineage = try await version.lineage(visit)
        let joins = lineage.filter { $0.relation == .after && $0.operatorName == "model.join" }
        let subject = "models/\(version.reference)"
        let approvals = try await visit.api.every("/approvals", visit.placed())
            .filter { $0[path: "spec", "subject"]?.string == subject }
        return version.page(visit, .export, live: visit.live(.jobs, .approvals, .modelVersions)) {
            section(
                Words("Forms", "格式"), id: "forms",
                Words("Every export is in the audit.", "每次导出都会记入审计。")
            ) {
                forms(visit, version)
                commandLines(
                    [
                        "atoll model export \(version.reference) --form dump --output \(version.model).txt"
                            + visit.place.optionText
                    ],
                    id: "command")
            }
            if version.isGuest, !version.isWhole { whole(visit, version, joins) }
            release(visit, version, approvals)
        }
    }

    private static let words: [(form: String, title: Words, what: Words)] = [
        (
            "native", Words("as it is kept", "原样"),
            Words("This site's part to the byte, or the whole where it is here.", "本站保存的内容，逐字节一致。")
        ),
        (
            "dump", Words("as text", "文本"),
            Words(
                "Trees in words; splits of other parties show their owner alone.", "以文字描述的树，其他参与方的分裂只显示归属。")
        ),
        (
            "xgboost", Words("for XGBoost", "供 XGBoost 使用"),
            Words("JSON that XGBoost 2.0 and later reads.", "XGBoost 2.0 及以上可读取的 JSON。")
        ),
    ]

    private static func forms(_ visit: Visit, _ version: ModelVersionPage) -> HTML {
        Table(
            Words("Forms of export", "导出格式"),
            [
                .init(Words("Form", "格式")), .init(Words("What it is", "说明")),
                .init(Words("Download", "下载")),
            ],
            rows: words.map { form, title, what in
                let isHere = form != "xgboost" || version.isWhole
                return [
                    plain("\(form): ") + HTML(title), HTML(what),
                    isHere
                        ? link(
                            Words("Download", "下载"), visit.link("\(version.path)/download", [("form", form)]),
                            class: "button quiet")
                        : state(HTML(Words("needs the whole model", "需要完整模型")), .waiting),
                ]
            }
        ).html
    }

    @Sendable static func download(_ visit: Visit) async throws -> Response {
        let version = try await ModelVersionPage.load(visit)
        let form = visit.query("form") ?? "native"
        let ending = ["native": "atm", "dump": "txt", "xgboost": "json"][form] ?? "bin"
        return try await visit.api.download(
            "/models/\(encoded(version.model))/export", visit.placed([version.which, ("form", form)]),
            as: "\(version.model)-\(version.number).\(ending)")
    }

    /// Asking every host for its part.
    private static func whole(_ visit: Visit, _ version: ModelVersionPage, _ joins: [LineageTask])
        -> HTML
    {
        section(
            Words("The whole model", "完整模型"), id: "whole",
            Words(
                "A job asks every host for its part. Each agrees by a grant of the dataset it trained with, for "
                    + "the algorithm model.join, that reveals the model. What was told once stays told.",
                "由任务向每个数据方索取其部分。数据方须对训练所用数据集授权算法 model.join 并允许披露模型；一旦给出便不再收回。")
        ) {
            if !joins.isEmpty { LineageTask.table(joins, visit) }
            if visit.may(.manage(.jobs)) {
                visit.form(
                    visit.link("\(version.path)/join"),
                    confirm: Words("Ask every host for its part of the model?", "向每个数据方索取其模型部分？")
                ) {
                    visit.field(
                        "job", Words("Name of the job", "任务名称"),
                        value: "join-\(version.model.prefix(40))-\(ULID.make().suffix(8).lowercased())",
                        isRequired: true)
                    tag("button", .class("primary")) { Words("Ask the hosts", "向数据方索取") }
                }
            }
            commandLines(
                [
                    "atoll model export \(version.reference) --form xgboost --join --output \(version.model).json"
                        + visit.place.optionText
                ], id: "join-command")
        }
    }

    @Sendable static func join(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let version = try await ModelVersionPage.load(visit)
        try await visit.submit(try ModelJob.join(version.spec), named: form["job"] ?? "", key: form.key)
        return .to(visit.link("\(version.path)/export"), .sent)
    }

    /// The approval of a second person, where the tenant wants one.
    private static func release(_ visit: Visit, _ version: ModelVersionPage, _ approvals: [JSONValue])
        -> HTML
    {
        Release.card(visit, path: "\(version.path)/release", approvals: approvals)
    }

    @Sendable static func ask(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let version = try await ModelVersionPage.load(visit)
        try await Release.ask(visit, form, subject: "models/\(version.reference)")
        return .to(visit.link("\(version.path)/export"), .sent)
    }
}

/// Asking for the approval of taking a result out.
enum Release {
    static func card(_ visit: Visit, path: String, approvals: [JSONValue]) -> HTML {
        section(
            Words("Approval of the release", "导出审批"), id: "release",
            Words(
                "Where the tenant wants it, somebody else approves before a result leaves; a refused download says so.",
                "如租户要求，结果离开站点前须由他人批准；未批准的下载会说明原因。")
        ) {
            if !approvals.isEmpty {
                Table(
                    Words("Approvals", "审批"),
                    [
                        .init(Words("Asked for by", "申请人")), .init(Words("State", "状态")),
                        .init(Words("Decided by", "审批人")),
                        .init(Words("Asked for", "申请时间")),
                    ],
                    rows: approvals.map { approval in
                        [
                            plain(approval[path: "spec", "requester"]?.string ?? "–"),
                            ApprovalWords.shown(ApprovalWords.standing(Item(approval))),
                            plain(approval[path: "status", "decidedBy"]?.string ?? "–"),
                            time(approval[path: "metadata", "creationTimestamp"]?.string),
                        ]
                    }
                ).html
            }
            if visit.may(.manage(.releases)) {
                visit.form(visit.link(path)) {
                    visit.field("why", Words("Why it has to leave the site", "导出原因"))
                    tag("button") { Words("Ask for the approval", "申请审批") }
                }
            }
        }
    }

    static func ask(_ visit: Visit, _ form: Form, subject: String) async throws {
        var body: [String: JSONValue] = ["subject": .string(subject)]
        if let why = form["why"] { body["why"] = .string(why) }
        try await visit.api.send(.post, "/releases", visit.placed(), .object(body), key: form.key)
    }
}
