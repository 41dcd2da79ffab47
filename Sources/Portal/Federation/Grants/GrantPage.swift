import Charts
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// `/federation/grants/NAME`: the terms of one grant, what was counted with it, by which jobs, and its end.
enum GrantPage {
    private static let usesOnPage = 50

    static func add(to routes: PortalRoutes) {
        routes.page("federation/grants/:name", page)
        revocation.add(to: routes)
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let path = "/grants/\(encoded(name))"
        let grant = try await visit.api.get(path, visit.placed())
        let meter = try await visit.api.get("\(path)/meter", visit.placed())
        let uses = try await visit.api.list(
            "\(path)/uses", visit.placed([("limit", "\(usesOnPage)"), ("before", visit.query("before"))]))
        let history = try await visit.api.listIfSeen("\(path)/history", visit.placed())
        let approvals = try await visit.api.every("/approvals", visit.placed()).filter {
            $0[path: "spec", "about"]?.string == "dataUse"
                && $0[path: "spec", "binding"]?.string == grant[path: "metadata", "uid"]?.string
        }
        let jobs = try await KnownJobs.of(visit, ids: Set(uses.compactMap { $0["job"]?.string }))
        let isRevoked = grant[path: "spec", "revoked"]?.bool ?? false
        var actions = HTML()
        if visit.may(.manage(.grants)), !isRevoked {
            actions = link(
                Words("Revoke…", "撤销…"), visit.link("/federation/grants/\(encoded(name))/revoke"),
                class: "button danger")
        }
        let content =
            meters(grant, meter) + terms(visit, grant, history, try await dataset(visit, grant))
            + section(
                Words("Jobs that used it", "使用该授权的任务"), id: "uses",
                Words("A use is one job, however often its tasks start.", "一次使用为一个任务，与其步骤启动次数无关。")
            ) { table(visit, name, uses, jobs) }
            + decisions(approvals)
            + commandLines([
                "atoll describe grant \(name)" + visit.place.optionText,
                "atoll grant uses \(name)" + visit.place.optionText,
            ])
        return Page(
            title: .name(name, kind: Words("Grant", "授权")), section: .federation,
            trail: FederationTab.grants.trail(visit), actions: actions, live: Page.Live(kinds: ["grants"]), content)
    }

    private static func meters(_ grant: JSONValue, _ meter: JSONValue) -> HTML {
        let spec = grant["spec"] ?? [:]
        let (used, uses) = (meter["uses"]?.integer ?? 0, spec["uses"]?.integer ?? 1)
        let (tested, ids) = (meter["idsTested"]?.integer ?? 0, spec["distinctIds"]?.integer)
        return section(Words("What was counted", "计量"), id: "meters") {
            tag("div", .class("grid")) {
                figure(
                    MeterBar(
                        Words("Jobs", "任务").phrase,
                        summary: Words("\(used) of \(uses) jobs have used it.", "\(uses) 个任务中已有 \(used) 个使用。").phrase,
                        used: Double(used), hard: Double(uses)), id: "meter-uses")
                figure(
                    MeterBar(
                        Words("Ids tested", "已测试标识").phrase,
                        summary: Words(
                            "\(numberText(tested)) ids were tested against the dataset.",
                            "已对该数据集测试 \(numberText(tested)) 个标识。"
                        ).phrase,
                        used: Double(tested), hard: ids.map(Double.init)), id: "meter-ids")
            }
        }
    }

    /// With the way to its page, as long as it is here.
    private static func dataset(_ visit: Visit, _ grant: JSONValue) async throws -> HTML {
        let name = grant[path: "spec", "dataset"]?.string ?? ""
        guard try await visit.api.find("/datasets/\(encoded(name))", visit.placed()) != nil else { return plain(name) }
        return link(name, visit.link("/data/datasets/\(encoded(name))"))
    }

    private static func terms(
        _ visit: Visit, _ grant: JSONValue, _ history: [JSONValue], _ dataset: HTML
    ) -> HTML {
        let (spec, status) = (grant["spec"] ?? [:], grant["status"] ?? [:])
        let peer = spec["peer"]?.string ?? ""
        let columns = spec.texts("columns")
        let names = { (texts: [String]) -> HTML in
            texts.isEmpty ? HTML(Words("nothing", "无")) : .joined(texts.map(code), by: plain(", "))
        }
        let count = { (name: String) -> HTML in
            spec[name]?.integer.map { number($0) } ?? HTML(Words("no limit", "不限"))
        }
        return section(Words("Terms", "条件"), id: "terms") {
            facts {
                fact(Words("State", "状态"), StateWord.grant(status["state"]?.string).html)
                fact(Words("Peer", "对等站点"), link(peer, visit.link("/federation/peers/\(encoded(peer))")))
                fact(Words("Dataset", "数据集"), dataset)
                fact(Words("What for", "用途"), plain(spec["purpose"]?.string ?? ""))
                fact(Words("Operators", "算子"), names(spec.texts("algorithms")))
                fact(Words("May be told beyond", "此外可告知"), names(spec.texts("reveals")))
                spec["notBefore"]?.string.map { fact(Words("From", "起始"), time($0)) }
                fact(Words("Until", "期限"), time(spec["notAfter"]?.string))
                fact(Words("Most rows", "行数上限"), count("rows"))
                fact(Words("Fewest common ids", "最少共同标识"), number(spec["minimumIntersection"]?.integer ?? 0))
                fact(Words("Fewest rows in a bin", "分箱最少行数"), number(spec["minimumBin"]?.integer ?? 0))
                history.first.map { first in
                    fact(
                        Words("Given by", "授予人"),
                        plain(first["author"]?.string ?? "") + plain(", ") + time(first["time"]?.string))
                }
                history.count > 1
                    ? history.last.map { last in
                        fact(
                            Words("Last change", "最近变更"),
                            plain(last["author"]?.string ?? "") + plain(", ") + time(last["time"]?.string)
                                + plain(last["reason"]?.string.map { $0.isEmpty ? "" : ": \($0)" } ?? ""))
                    } : nil
            }
            columns.count <= 20
                ? tag("p") {
                    Words("Columns: ", "列：")
                    names(columns)
                }
                : more(Words("\(columns.count) columns", "\(columns.count) 列")) { tag("p") { names(columns) } }
        }
    }

    private static func table(_ visit: Visit, _ grant: String, _ uses: [JSONValue], _ jobs: KnownJobs) -> HTML {
        guard !uses.isEmpty else { return emptyState(Words("No job has used it.", "还没有任务使用。")) { HTML() } }
        let table = Table(
            Words("Uses", "使用记录"),
            [
                .init(Words("Job", "任务")), .init(Words("First read", "首次读取")),
                .init(Words("Ids tested", "测试标识数"), isNumber: true), .init(Words("State", "状态")),
                .init(Words("Ended", "结束")),
            ],
            rows: uses.map { use in
                let isReading = (use["reading"]?.integer ?? 0) > 0
                return [
                    jobs.link(use["job"]?.string ?? ""), time(use["time"]?.string),
                    number(use["idsTested"]?.integer ?? 0),
                    isReading ? state(HTML(Words("reads now", "正在读取")), .busy) : ending(use["reason"]?.string),
                    time(use["ended"]?.string),
                ]
            })
        guard uses.count == usesOnPage, let last = uses.last?["job"]?.string else { return table.html }
        return table.html
            + tag("p") {
                link(
                    Words("Older jobs", "更早的任务"),
                    visit.link("/federation/grants/\(encoded(grant))", [("before", last)]), class: "button")
            }
    }

    private static func ending(_ reason: String?) -> HTML {
        switch reason {
        case "given back": state(HTML(Words("done", "已完成")), .good)
        case "revoked": state(HTML(Words("stopped: revoked", "已停止：授权撤销")), .bad)
        case "cancelled": state(HTML(Words("stopped", "已停止")), .bad)
        case "expired": state(HTML(Words("ended with its process", "随进程结束")), .plain)
        default: state(HTML(Words("over", "已结束")), .plain)
        }
    }

    private static func decisions(_ approvals: [JSONValue]) -> HTML {
        guard !approvals.isEmpty else { return HTML() }
        return section(Words("Who asked, and who decided", "申请与审批"), id: "approvals") {
            Table(
                Words("Approvals", "审批"),
                [
                    .init(Words("Approval", "审批")), .init(Words("Asked by", "申请人")), .init(Words("State", "状态")),
                    .init(Words("Decided by", "审批人")), .init(Words("Why", "理由")),
                ],
                rows: approvals.map { approval in
                    let status = approval["status"] ?? [:]
                    return [
                        plain(approval.resourceName), plain(approval[path: "spec", "requester"]?.string ?? ""),
                        ApprovalWords.shown(ApprovalWords.standing(Item(approval))),
                        plain(status["decidedBy"]?.string ?? "–"),
                        plain(status["reason"]?.string ?? "–"),
                    ]
                }
            ).html
        }
    }

    private static let revocation = Revocation(
        things: "grants", isPlaced: true, tab: .grants, title: Words("Revoke a grant", "撤销授权"),
        asking: Words("Write the grant's name", "请输入授权名称"), noun: "grant"
    ) { visit, name in
        let grant = try await visit.api.get("/grants/\(encoded(name))", visit.placed())
        let reading = try await visit.api.list("/grants/\(encoded(name))/uses", visit.placed())
            .count { ($0["reading"]?.integer ?? 0) > 0 }
        let peer = grant[path: "spec", "peer"]?.string ?? ""
        return [
            Words(
                "\(peer) reads nothing with it any more, from the moment that this is done.",
                "自执行之时起，\(peer) 不能再用它读取任何数据。"),
            Words("Jobs that read with it now are stopped: \(reading).", "正在使用它读取的任务将被停止：\(reading) 个。"),
            Words(
                "It cannot be undone, and no rollback gives it back. What was read before stays read; the ledger keeps it.",
                "此操作不可撤回，回滚也不能恢复。此前已读取的内容无法收回，账本保留记录。"),
        ]
    }
}
