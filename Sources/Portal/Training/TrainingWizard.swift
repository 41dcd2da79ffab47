import People
import Resources

/// From two datasets to a model in four steps. Each step is a page with its choices in the address; only finding the common
/// rows and starting the training change anything.
enum TrainingWizard {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let choice = TrainingChoice(visit)
        guard visit.place.project != nil else { return try await placing(visit) }
        let content =
            switch choice.step {
            case .data: try await data(visit, choice)
            case .match: try await match(visit, choice)
            case .model: try await WizardModel.html(visit, choice)
            case .plan: try await plan(visit, choice)
            }
        return page(visit, choice, live: choice.step == .match ? .init(kinds: ["jobs"]) : nil, content)
    }

    private static func page(_ visit: Visit, _ choice: TrainingChoice, live: Page.Live? = nil, _ content: HTML) -> Page
    {
        Page(
            title: .words(Words("Train a model", "训练模型")), section: .training,
            trail: [(HTML(Words("Training", "训练")), visit.link("/training"))],
            intro: Words(
                "A bank has labels, a partner has more columns: a model of both, without either seeing the other's rows.",
                "银行有标签，合作方有更多变量：共同训练模型，双方都看不到对方的数据行。"), live: live, steps(visit, choice) + content)
    }

    /// Datasets and jobs are in projects.
    private static func placing(_ visit: Visit) async throws -> Page {
        let projects = try await visit.api.every("/projects", [("tenant", visit.place.tenant)])
        return page(
            visit, TrainingChoice(visit),
            section(Words("Choose a project", "选择项目"), id: "project") {
                if projects.isEmpty {
                    emptyState(Words("There is no project yet: data and jobs are in projects.", "还没有项目：数据和任务属于项目。")) {
                        link(Words("Projects", "项目"), visit.link("/projects"), class: "button")
                    }
                } else {
                    tag("ul", .class("places")) {
                        for project in projects {
                            let (tenant, name) = (
                                project[path: "metadata", "tenant"]?.string, project[path: "metadata", "name"]?.string
                            )
                            tag("li") {
                                link(
                                    [tenant, name].compactMap(\.self).joined(separator: " / "),
                                    address("/training/new", [("tenant", tenant), ("project", name)]))
                            }
                        }
                    }
                }
            })
    }

    private static func steps(_ visit: Visit, _ choice: TrainingChoice) -> HTML {
        let all = TrainingChoice.Step.allCases
        let now = all.firstIndex(of: choice.step) ?? 0
        return tag("nav", .class("tabs"), .label(Words("Steps", "步骤"))) {
            tag("ul") {
                for (index, step) in all.enumerated() {
                    tag("li") {
                        let title = Words("\(index + 1). \(step.words.english)", "\(index + 1). \(step.words.chinese)")
                        if index <= now {
                            tag(
                                "a", .href(choice.address(visit, step: step)),
                                .optional("aria-current", index == now ? "step" : nil)
                            ) { title }
                        } else {
                            tag("span", .class("muted")) { title }
                        }
                    }
                }
            }
        }
    }

    // MARK: Data

    private static func data(_ visit: Visit, _ choice: TrainingChoice) async throws -> HTML {
        let datasets = try await visit.api.listAll("/datasets", visit.placed()).filter {
            $0[path: "spec", "origin"]?.string != "job"
        }
        let labelled = datasets.filter { $0[path: "spec", "label"]?.string != nil }
        let peers = try await visit.api.every("/peers").filter { $0[path: "spec", "revoked"]?.bool != true }
        if labelled.isEmpty {
            return emptyState(
                Words(
                    "No dataset of this project has a label. Upload a table, and say which column tells whether an account went bad.",
                    "此项目还没有带标签的数据集。请上传数据表，并指明表示好坏的列。")
            ) { link(Words("Upload data", "上传数据"), visit.link("/data"), class: "button primary") }
        }
        if peers.isEmpty {
            return emptyState(Words("This site knows no other site yet.", "本站点还没有对等站点。")) {
                link(Words("Join a site", "加入站点"), visit.link("/federation"), class: "button primary")
            }
        }
        let offers = await WizardPartner.offers(visit, of: choice["peer"] ?? Self.name(peers[0]))
        let chosen = choice["dataset"].flatMap { name in labelled.first { Self.name($0) == name } } ?? labelled[0]
        return tag("form", Attribute("method", "get"), .action("/training/new"), .class("form")) {
            hidden(
                visit, choice, but: ["name", "dataset", "label", "key", "peer", "theirs", "theirKey", "match"],
                next: .match)
            visit.field(
                "name", Words("Name of the training", "训练名称"), value: choice["name"] ?? "credit-risk",
                hint: Words("Lower-case letters, digits and -; the model is kept under it.", "小写字母、数字和 -；模型以此命名。"),
                isRequired: true, more: pattern)
            visit.choice(
                "dataset", Words("Your dataset, with the label", "本方带标签的数据集"),
                labelled.map { (Self.name($0), described($0)) }, chosen: choice["dataset"] ?? Self.name(chosen),
                isRequired: true)
            visit.field(
                "label", Words("Column with the label", "标签列"),
                value: choice["label"] ?? chosen[path: "spec", "label"]?.string,
                hint: Words("1 for a bad account, 0 for a good one", "1 为坏客户，0 为好客户"), isRequired: true)
            visit.field(
                "key", Words("Columns that make the id", "标识列"), value: choice["key"] ?? ids(chosen),
                hint: Words("Separated by commas", "以逗号分隔"), isRequired: true)
            visit.choice(
                "peer", Words("Partner", "合作方"), peers.map { (Self.name($0), plain(shown($0))) },
                chosen: choice["peer"],
                isRequired: true)
            visit.field(
                "theirs", Words("The partner's dataset", "合作方的数据集"), value: choice["theirs"],
                hint: Words(
                    "By the name that the partner told you; it must be granted to this site.", "由合作方告知的名称；须已授权给本站点。"),
                isRequired: true, more: [Attribute("list", "offers")])
            tag("datalist", .id("offers")) {
                for offer in offers { void("option", Attribute("value", offer["name"]?.string ?? "")) }
            }
            visit.field(
                "theirKey", Words("Its columns that make the id", "其标识列"), value: choice["theirKey"],
                hint: Words("In the order of yours; empty where they have the same names.", "与本方顺序一致；名称相同时可留空。"))
            tag("button", .class("primary")) { Words("Next: common rows", "下一步：共同样本") }
        }
    }

    private static let pattern = [
        Attribute("pattern", "[a-z0-9]([a-z0-9\\-]*[a-z0-9])?"), Attribute("maxlength", "48"),
    ]

    private static func name(_ resource: JSONValue) -> String { resource[path: "metadata", "name"]?.string ?? "" }

    private static func shown(_ peer: JSONValue) -> String {
        let display = peer[path: "spec", "displayName"]?.string ?? ""
        return display.isEmpty || display == name(peer) ? name(peer) : "\(display) (\(name(peer)))"
    }

    private static func ids(_ dataset: JSONValue) -> String {
        (dataset[path: "spec", "ids"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
    }

    private static func described(_ dataset: JSONValue) -> HTML {
        let rows = numberText(dataset[path: "spec", "rows"]?.integer ?? 0)
        return plain(name(dataset)) + HTML(Words(" (\(rows) rows)", "（\(rows) 行）"))
    }

    /// The place, the step that comes, and what other steps asked.
    static func hidden(_ visit: Visit, _ choice: TrainingChoice, but asked: Set<String>, next: TrainingChoice.Step)
        -> HTML
    {
        choice.hidden(but: asked.union(["step"])) + visit.placeFields
            + void("input", Attribute("type", "hidden"), Attribute("name", "step"), Attribute("value", next.rawValue))
    }

    // MARK: Common rows

    private static func match(_ visit: Visit, _ choice: TrainingChoice) async throws -> HTML {
        let jobs = try await visit.api.listAll("/jobs", visit.placed()).map { JobView(json: $0) }
        let fitting = jobs.filter { fits($0, choice) }.sorted { ($0.created ?? "") > ($1.created ?? "") }
        let rows = try await WizardPartner.commonRows(visit, choice)
        var content = HTML()
        if !fitting.isEmpty {
            content =
                content
                + section(
                    Words("Common rows that were found", "已找到的共同样本"), id: "found",
                    Words(
                        "Each site knows which of its rows the other has as well, and has them in the same order.",
                        "双方各自知道哪些行是共有的，并按相同顺序保存。")
                ) { found(visit, choice, fitting, rows) }
        }
        let isUnder = fitting.contains { !$0.isOver }
        if !isUnder, visit.may(.manage(.jobs)) {
            content = content + (try await asking(visit, choice, again: !fitting.isEmpty))
        }
        return content
    }

    private static func fits(_ job: JobView, _ choice: TrainingChoice) -> Bool {
        guard job.tasks.count == 1, job.tasks[0]["operator"]?.string == "align",
            let parameters = job.tasks[0]["parameters"]
        else { return false }
        return parameters["guestDataset"]?.string == choice["dataset"]
            && parameters["hostDataset"]?.string == choice["theirs"]
            && job.spec["peers"]?.array?.first?["peer"]?.string == choice["peer"]
    }

    private static func found(
        _ visit: Visit, _ choice: TrainingChoice, _ jobs: [JobView], _ rows: [String: Int64]
    ) -> HTML {
        Table(
            Words("Common rows that were found", "已找到的共同样本"),
            [
                .init(Words("Job", "任务")), .init(Words("State", "状态")), .init(Words("Progress", "进度")),
                .init(Words("Common rows", "共同样本"), isNumber: true), .init(Words("Begun", "开始时间")),
                .init(Words("Message", "消息")), .init(Words("Next", "下一步")),
            ],
            rows: jobs.map { job in
                [
                    job.nameLink, JobState.html(job.stateName), plain(job.progress),
                    job.id.flatMap { rows[$0] }.map { number($0) } ?? plain("–"), time(job.created),
                    job.messageHTML(.class("brief")),
                    job.state == .succeeded
                        ? link(
                            Words("Train on these rows", "用这些样本训练"),
                            choice.address(visit, step: .model, ["match": job.name]), class: "button primary")
                        : plain("–"),
                ]
            }
        ).html
    }

    private static func asking(_ visit: Visit, _ choice: TrainingChoice, again: Bool) async throws -> HTML {
        let document = choice.matching(in: visit.place)
        let plan: HTML
        do {
            plan =
                PlanView(plan: try await visit.api.plan(document, visit), names: try await SiteNames.read(visit)).html
        } catch let refusal as Refusal {
            return visit.problem == nil ? problemBox(refusal) : HTML()
        }
        return section(
            again ? Words("Find them anew", "重新查找") : Words("Find the common rows", "查找共同样本"), id: "find",
            Words(
                "The ids of rows that only one site has are not shown to the other.", "只有一方拥有的样本标识不会透露给另一方。")
        ) {
            visit.form(visit.link("/training/new/match")) {
                hidden(visit, choice, but: ["match"], next: .match)
                void(
                    "input", Attribute("type", "hidden"), Attribute("name", "match"),
                    Attribute("value", again ? fresh(choice) : choice.matchName))
                tag("button", .class(again ? "" : "primary")) { Words("Find them", "开始查找") }
            }
        } + plan
    }

    /// A name that an earlier job does not have.
    private static func fresh(_ choice: TrainingChoice) -> String {
        "\(choice.name.prefix(40))-\(Timestamp.now.description.filter(\.isNumber).prefix(14))"
    }

    // MARK: Plan

    private static func plan(_ visit: Visit, _ choice: TrainingChoice) async throws -> HTML {
        let document = choice.training(in: visit.place)
        let yaml = YAMLWriter.write(document)
        let copies = section(Words("The same by command line", "命令行方式"), id: "cli") {
            more(Words("Document (YAML)", "任务文档 (YAML)")) {
                copyable(yaml, id: "document", Words("Document", "任务文档"))
                copyable(
                    "atoll job submit -f \(choice.name).yaml", id: "command", Words("Command", "命令"), isBlock: false)
            }
        }
        let plan: JSONValue
        do {
            plan = try await visit.api.plan(document, visit)
        } catch let refusal as Refusal {
            return (visit.problem == nil ? problemBox(refusal) : HTML()) + copies
        }
        let names = try await SiteNames.read(visit)
        return section(Words("Start", "启动"), id: "start") {
            facts {
                fact(Words("Name", "名称"), plain(choice.name))
                fact(Words("Algorithm", "算法"), HTML(choice.algorithm.words))
                fact(
                    Words("Compared with the own columns alone", "与仅用本方变量对比"),
                    HTML(choice.hasBaseline ? Words("yes", "是") : Words("no", "否")))
            }
            if visit.may(.manage(.jobs)) {
                visit.form(visit.link("/training/new/submit")) {
                    hidden(visit, choice, but: [], next: .plan)
                    tag("button", .class("primary")) { Words("Start the training", "启动训练") }
                }
            } else {
                tag("p", .class("note")) { Words("Your role may look at jobs and not start them.", "您的角色只能查看任务，不能启动。") }
            }
        } + PlanView(plan: plan, names: names).html + copies
    }
}
