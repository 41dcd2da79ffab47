import People
import Resources

/// One operator: what it needs and tells, and a form of its parameters that writes the task.
enum OperatorPage {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let known = OperatorView(json: try await visit.api.get("/operators/\(encoded(try visit.part("name")))"))
        return Page(
            title: .name(known.name, kind: known.words ?? Words("Operator", "算子")), section: .algorithms,
            trail: [(HTML(Words("Algorithms", "算法")), visit.link("/algorithms"))],
            OperatorTexts.said(known.summary, in: "p", .class("intro"))
                + about(known) + learns(known) + messages(known) + form(known, visit))
    }

    static func roles(_ known: OperatorView) -> HTML {
        var result = HTML()
        for (index, role) in known.roles.enumerated() {
            if index > 0 { result = result + plain(", ") }
            let (least, most) = (role["least"]?.integer ?? 0, role["most"]?.integer ?? 0)
            let name =
                switch role["name"]?.string {
                case "guest": HTML(Words("guest", "发起方"))
                case "host": HTML(Words("hosts", "数据方"))
                case "member": HTML(Words("members", "成员"))
                default: plain(role["name"]?.string ?? "")
                }
            result = result + name + plain(least == most ? " \(least)" : " \(least)–\(most)")
        }
        return result
    }

    private static func about(_ known: OperatorView) -> HTML {
        section(Words("About", "概况"), id: "about") {
            facts {
                fact(Words("Version", "版本"), number(known.version))
                fact(Words("Parties", "参与方"), roles(known))
                fact(
                    Words("Crosses between sites", "站点间通信"),
                    known.crosses
                        ? HTML(Words("messages, listed below", "有消息，见下文")) : HTML(Words("nothing", "无")))
            }
        }
    }

    private static func learns(_ known: OperatorView) -> HTML {
        section(Words("What each role learns", "各角色会得知什么"), id: "learns") {
            if known.learns.isEmpty {
                tag("p") { Words("Nothing of any data is told to another party.", "不会向其他参与方透露任何数据。") }
            } else {
                Table(
                    Words("What each role learns", "各角色会得知什么"),
                    [.init(Words("Role", "角色")), .init(Words("Learns", "得知"))],
                    rows: known.learns.map { row in
                        [OperatorWords.role(row["role"]?.string), OperatorTexts.said(row["learns"]?.string ?? "")]
                    }
                ).html
            }
        }
    }

    private static func messages(_ known: OperatorView) -> HTML {
        guard known.crosses else { return HTML() }
        return section(
            Words("Messages", "消息"), id: "messages",
            Words(
                "With every parameter at its default and the fewest parties; a job's plan says its own.",
                "按默认参数和最少参与方计算；任务的计划会给出实际数值。")
        ) {
            Table(
                Words("Messages", "消息"),
                [
                    .init(Words("Message", "消息")), .init(Words("From party", "自参与方"), isNumber: true),
                    .init(Words("To party", "至参与方"), isNumber: true), .init(Words("Frames", "帧数"), isNumber: true),
                    .init(Words("Bits an element", "每元素比特"), isNumber: true),
                    .init(Words("Largest frame", "最大帧"), isNumber: true), .init(Words("Form", "格式")),
                ],
                cells: known.messages.map { row in
                    [
                        .init(code(row["type"]?.string ?? "")), .init(number(row["from"]?.integer ?? 0)),
                        .init(number(row["to"]?.integer ?? 0)), .init(number(row["count"]?.integer ?? 0)),
                        .init(number(row["elementBits"]?.integer ?? 0)), .bytes(row["largest"]?.integer),
                        .init(OperatorTexts.said(row["schema"]?.string ?? "")),
                    ]
                }
            ).html
        }
    }

    // MARK: Form

    /// Prefix of the fields, so that a parameter `tenant` is not the page's.
    private static let prefix = "p."

    private static func form(_ known: OperatorView, _ visit: Visit) -> HTML {
        let typed = values(known, visit)
        return section(
            Words("Write a task", "编写步骤"), id: "task",
            Words(
                "What is left at its default is not written. The task goes into the document of a job.",
                "保持默认值的参数不会写入。生成的步骤可放入任务文档。")
        ) {
            if !typed.isEmpty { written(known, typed, visit) }
            tag("form", Attribute("method", "get"), .action("/algorithms/\(encoded(known.name))#task"), .class("form"))
            {
                visit.placeFields
                for parameter in known.parameters where parameter.isRequired { field(parameter, typed, visit) }
                let others = known.parameters.filter { !$0.isRequired }
                if !others.isEmpty {
                    more(Words("Parameters with defaults (\(others.count))", "有默认值的参数（\(others.count) 个）")) {
                        for parameter in others { field(parameter, typed, visit) }
                    }
                }
                void("input", Attribute("type", "hidden"), Attribute("name", "written"), Attribute("value", "yes"))
                tag("button", .class("primary")) { Words("Check and show the task", "检查并显示步骤") }
            }
        }
    }

    private static func field(_ parameter: ParameterView, _ typed: [String: String], _ visit: Visit) -> HTML {
        ParameterField(parameter: parameter, name: prefix + parameter.name).html(visit, value: typed[parameter.name])
    }

    /// What the address says of each parameter; empty for a page that was not sent yet.
    private static func values(_ known: OperatorView, _ visit: Visit) -> [String: String] {
        guard visit.query("written") != nil else { return [:] }
        var values: [String: String] = [:]
        for parameter in known.parameters { values[parameter.name] = visit.query(prefix + parameter.name) ?? "" }
        return values
    }

    private static func written(_ known: OperatorView, _ typed: [String: String], _ visit: Visit) -> HTML {
        var parameters: [String: JSONValue] = [:]
        var wrong: [ParameterView] = []
        for parameter in known.parameters {
            let text = typed[parameter.name] ?? ""
            if text == (parameter.defaultText ?? "") && !parameter.isRequired { continue }
            if let value = parameter.value(text) { parameters[parameter.name] = value } else { wrong.append(parameter) }
        }
        guard wrong.isEmpty else {
            return tag("div", .class("problem"), Attribute("role", "alert")) {
                tag("h3") { Words("These parameters cannot be used", "以下参数无效") }
                tag("ul") {
                    for parameter in wrong {
                        tag("li") {
                            link(parameter.name, "#field-\(prefix)\(parameter.name)")
                            wanted(parameter)
                        }
                    }
                }
            }
        }
        let task: JSONValue = [
            "tasks": [
                ["name": .string(taskName(known)), "operator": .string(known.name), "parameters": .object(parameters)]
            ]
        ]
        let document = jobDocument(known, task, visit)
        return tag("div") {
            copyable(YAMLWriter.write(task), id: "task-yaml", Words("Task", "步骤"))
            if visit.may(.manage(.jobs)), visit.place.project != nil {
                link(
                    Words("Put it into the document of a job", "放入任务文档"),
                    visit.link("/training/document", [("text", document)]), class: "button")
            }
        }
    }

    private static func wanted(_ parameter: ParameterView) -> HTML {
        let words = parameter.wantedWords
        return tag("span", OperatorTexts.language(words)) {
            words.map { HTML(Words(": \($0.english)", "：\($0.chinese)")) } ?? plain(": \(parameter.wanted)")
        }
    }

    private static func taskName(_ known: OperatorView) -> String {
        known.name.split(separator: ".").first.map(String.init) ?? known.name
    }

    private static func jobDocument(_ known: OperatorView, _ task: JSONValue, _ visit: Visit) -> String {
        var metadata: [String: JSONValue] = ["name": .string("my-\(taskName(known))")]
        metadata["tenant"] = visit.place.tenant.map { .string($0) }
        metadata["project"] = visit.place.project.map { .string($0) }
        return YAMLWriter.write([
            "apiVersion": "atoll.dev/v1alpha1", "kind": "Job", "metadata": .object(metadata),
            "spec": [
                "role": .string(known.roles.first?["name"]?.string ?? "member"), "peers": [],
                "tasks": task["tasks"] ?? [],
            ],
        ])
    }
}
