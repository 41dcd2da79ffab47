import Charts
import Resources

/// What a job will mean: who takes part, cost, every message, what each party learns, and the grants that it needs.
struct PlanView {
    let plan: JSONValue
    let names: SiteNames

    var html: HTML {
        parties + learning + tasks + grants
    }

    private var parties: HTML {
        section(
            Words("Cost at each party", "各参与方的开销"), id: "cost",
            plan[path: "rates", "measured"]?.bool == true
                ? Words(
                    "Reckoned with what a check between these sites has measured.", "依据这些站点之间实测的速率估算。")
                : Words(
                    "Reckoned with careful defaults: these sites have not measured each other by a job with the operator verify yet.",
                    "按保守的默认值估算：这些站点尚未通过 verify 任务互相测量。")
        ) {
            Table(
                Words("Cost at each party", "各参与方的开销"),
                [
                    .init(Words("Site", "站点")), .init(Words("Role", "角色")), .init(Words("Time", "时间"), isNumber: true),
                    .init(Words("Sends", "发送"), isNumber: true),
                    .init(Words("Memory needed", "所需内存"), isNumber: true),
                    .init(Words("Memory asked for", "申请内存"), isNumber: true),
                    .init(Words("Cores", "核数"), isNumber: true),
                ],
                cells: (plan["parties"]?.array ?? []).map { party in
                    let total = party["total"]
                    let seconds = total?["seconds"]?.number ?? 0
                    return [
                        .init(names.html(party["site"]?.string)), .init(OperatorWords.role(party["role"]?.string)),
                        .init(plain(Figures.seconds(seconds)), sortedBy: "\(seconds)"),
                        .bytes(total?["bytesOut"]?.integer), .bytes(total?["memory"]?.integer),
                        .bytes(party["memoryAsked"]?.integer), .init(number(party["coresAsked"]?.integer ?? 0)),
                    ]
                }
            ).html
        }
    }

    /// The first thing that a reviewer looks for: nothing is hidden in a part that folds.
    private var learning: HTML {
        let rows = (plan["tasks"]?.array ?? []).flatMap { task in
            (task["learns"]?.array ?? []).map { row in
                [
                    plain(task["name"]?.string ?? ""), sites(row["sites"]),
                    OperatorTexts.said(row["learns"]?.string ?? ""),
                ]
            }
        }
        return section(Words("What each party learns", "各参与方会得知什么"), id: "learns") {
            if rows.isEmpty {
                tag("p") { Words("Nothing of any data is told to another party.", "不会向其他参与方透露任何数据。") }
            } else {
                Table(
                    Words("What each party learns", "各参与方会得知什么"),
                    [.init(Words("Step", "步骤")), .init(Words("Site", "站点")), .init(Words("Learns", "得知"))], rows: rows
                ).html
            }
        }
    }

    private func sites(_ ids: JSONValue?) -> HTML {
        var result = HTML()
        for (index, id) in (ids?.array ?? []).compactMap(\.string).enumerated() {
            if index > 0 { result = result + plain(", ") }
            result = result + names.html(id)
        }
        return result
    }

    private var tasks: HTML {
        section(
            Words("Messages", "消息"), id: "messages",
            Words(
                "The gateways of all sites let exactly these cross, and the ledger records each.",
                "各站点的网关只放行这些消息，账本会逐条记录。")
        ) {
            for task in plan["tasks"]?.array ?? [] {
                more(title(task)) {
                    let rows = task["messages"]?.array ?? []
                    if rows.isEmpty {
                        tag("p") { Words("Nothing crosses.", "没有任何数据离开站点。") }
                    } else {
                        messages(task, rows)
                    }
                }
            }
        }
    }

    private func title(_ task: JSONValue) -> Words {
        let (name, operatorName) = (task["name"]?.string ?? "", task["operator"]?.string ?? "")
        let all = (task["messages"]?.array ?? []).reduce(Int64(0)) { $0 + ($1["bytes"]?.integer ?? 0) }
        let text = "\(name): \(operatorName) (\(bytesText(all)))"
        return Words(text, text)
    }

    private func messages(_ task: JSONValue, _ rows: [JSONValue]) -> HTML {
        Table(
            Words("Messages of \(task["name"]?.string ?? "")", "\(task["name"]?.string ?? "") 的消息"),
            [
                .init(Words("Message", "消息")), .init(Words("From", "自")), .init(Words("To", "至")),
                .init(Words("Frames", "帧数"), isNumber: true), .init(Words("Bytes", "字节"), isNumber: true),
                .init(Words("Bits an element", "每元素比特"), isNumber: true),
            ],
            cells: rows.map { row in
                let count = row["count"]?.integer ?? 0
                let most = row["isMost"]?.bool == true ? HTML(Words("at most ", "至多 ")) : HTML()
                return [
                    .init(code(row["type"]?.string ?? "")), .init(names.html(row["from"]?.string)),
                    .init(names.html(row["to"]?.string)), .init(most + number(count), sortedBy: "\(count)"),
                    .bytes(row["bytes"]?.integer), .init(number(row["elementBits"]?.integer ?? 0)),
                ]
            }
        ).html
    }

    private var grants: HTML {
        let rows = plan["grants"]?.array ?? []
        return section(Words("Grants that it needs", "所需授权"), id: "grants") {
            if rows.isEmpty {
                tag("p") { Words("None: no task reads a dataset towards another site.", "无：没有步骤向其他站点使用数据集。") }
            } else {
                Table(
                    Words("Grants that it needs", "所需授权"),
                    [
                        .init(Words("Dataset", "数据集")), .init(Words("Granted by", "授权方")),
                        .init(Words("To", "被授权方")), .init(Words("For", "用途")),
                    ],
                    rows: rows.map { row in
                        [
                            plain(row["dataset"]?.string ?? ""), names.html(row["owner"]?.string),
                            names.html(row["peer"]?.string),
                            plain("\(row["operator"]?.string ?? "") (\(row["task"]?.string ?? ""))"),
                        ]
                    }
                ).html
            }
        }
    }
}
