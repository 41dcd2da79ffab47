import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Every spec that a resource had: who changed it and why, what changed between two of them, and the way back.
struct HistoryModule: PortalModule {
    var entries: [MenuEntry] { [] }

    func add(to routes: PortalRoutes) {
        routes.page("history", Self.page)
        routes.form("history", on: Self.page, Self.rollBack)
    }

    /// What the address names.
    private struct Subject {
        let kind: Item
        let name: String
        let place: Scope

        var plural: String { kind.text("plural") }
        var path: String { "/\(encoded(plural))/\(encoded(name))" }
        /// Whether an old spec can be written again.
        var goesBack: Bool { kind.isSet("rollback") }

        func address(_ visit: Visit, _ more: [(String, String?)] = []) -> String {
            visit.historyPath(plural, name, in: place, more)
        }
    }

    private static func subject(_ visit: Visit) async throws -> Subject {
        let wanted = visit.query("kind") ?? ""
        let kinds = try await visit.api.list("/kinds").map(Item.init)
        guard let kind = kinds.first(where: { [$0.text("plural"), $0.text("name")].contains(wanted) }) else {
            throw Fault(
                ResourceFaults.unknownKind, at: "kind", wanted: kinds.map { $0.text("plural") }.joined(separator: ", "))
        }
        let name = visit.query("name") ?? ""
        try Names.check(name, at: "name")
        // Only as much of the place as the kind has, whatever the page came with.
        let place =
            switch kind.text("scope") {
            case "platform": Scope.platform
            case "tenant": Scope(tenant: visit.place.tenant)
            default: visit.place
            }
        return Subject(kind: kind, name: name, place: place)
    }

    @Sendable private static func page(_ visit: Visit) async throws -> Page {
        let subject = try await subject(visit)
        let revisions = try await visit.api.list("\(subject.path)/history", subject.place.parameters).map(Item.init)
        let numbers = revisions.compactMap { $0.integer("number") }
        let newest = numbers.last ?? 1
        let to = number(visit, "to", numbers) ?? newest
        let from = number(visit, "from", numbers) ?? max(numbers.first ?? 1, to - 1)
        let back = number(visit, "back", numbers)
        let mayManage =
            visit.viewer.may(.manage(Noun(subject.plural)), in: subject.place) && subject.goesBack
        return Page(
            title: .name(
                subject.name,
                kind: Words("History of \(subject.kind.text("name"))", "\(subject.kind.text("name")) 的变更历史")),
            section: .none,
            intro: Words(
                "Every version of what was wanted, kept as it was written.", "每一次声明的内容都按原样保留。"),
            try await (back == nil ? HTML() : rollback(visit, subject, to: back ?? newest, from: newest, mayManage))
                + table(revisions, visit, subject, newest, mayManage)
                + differences(visit, subject, from: from, to: to, numbers)
                + commandLines([
                    ["atoll", "history", subject.kind.text("name").lowercased(), subject.name] + subject.place.options,
                    ["atoll", "diff", subject.kind.text("name").lowercased(), subject.name] + subject.place.options
                        + ["--from", "\(from)", "--to", "\(to)"],
                ]))
    }

    /// A number of a revision that there is.
    private static func number(_ visit: Visit, _ name: String, _ numbers: [Int64]) -> Int64? {
        visit.query(name).flatMap(Int64.init).flatMap { numbers.contains($0) ? $0 : nil }
    }

    private static func table(
        _ revisions: [Item], _ visit: Visit, _ subject: Subject, _ newest: Int64, _ mayManage: Bool
    ) -> HTML {
        let paging = Paging(Array(revisions.reversed()), visit)
        return section(Words("Versions", "版本"), id: "revisions") {
            Table(
                Words("Versions", "版本"),
                [
                    .init(Words("Number", "编号")), .init(Words("When", "时间")), .init(Words("Who", "谁")),
                    .init(Words("Why", "原因")), .init(Words("What changed", "变更")),
                ] + (mayManage ? [.init(Words("Go back", "回退"))] : []),
                rows: paging.shown.map { revision in
                    let count = revision.integer("number") ?? 0
                    let isDeletion = revision.json["spec"]?.object == nil
                    return [
                        plain("\(count)"), time(revision.text("time")), plain(revision.text("author")),
                        isDeletion ? HTML(Words("deleted", "已删除")) : PlaceParts.orNone(revision.text("reason")),
                        count > 1
                            ? link(
                                Words("Compare with the one before", "与前一版本比较"),
                                subject.address(visit, [("from", "\(count - 1)"), ("to", "\(count)")]) + "#differences")
                            : HTML(Words("the first", "首个版本")),
                    ]
                        + (mayManage
                            ? [
                                count == newest || isDeletion
                                    ? plain("–")
                                    : link(
                                        Words("Go back to it", "回退到此版本"),
                                        subject.address(visit, [("back", "\(count)")]),
                                        class: "button quiet")
                            ] : [])
                }
            ).html
            paging.links(visit, "/history", [("kind", subject.plural), ("name", subject.name)])
        }
    }

    private static func differences(
        _ visit: Visit, _ subject: Subject, from: Int64, to: Int64, _ numbers: [Int64]
    ) async throws -> HTML {
        guard numbers.count > 1 else { return HTML() }
        let changes = try await changes(visit, subject, from: from, to: to)
        let options = numbers.reversed().prefix(500).map { (value: "\($0)", shown: plain("\($0)")) }
        return section(Words("Differences", "差异"), id: "differences") {
            tag("form", Attribute("method", "get"), .action("/history"), .class("filter")) {
                for (name, value) in [("kind", subject.plural), ("name", subject.name)] { hidden(name, value) }
                for (name, value) in subject.place.parameters { value.map { hidden(name, $0) } }
                visit.choice("from", Words("From", "从"), options, chosen: "\(from)")
                visit.choice("to", Words("To", "到"), options, chosen: "\(to)")
                tag("button") { Words("Compare", "比较") }
            }
            changeTable(changes, from: from, to: to)
        }
    }

    private static func changes(
        _ visit: Visit, _ subject: Subject, from: Int64, to: Int64
    ) async throws -> [Item] {
        try await visit.api.list(
            "\(subject.path)/diff", subject.place.parameters + [("from", "\(from)"), ("to", "\(to)")]
        ).map(Item.init)
    }

    private static func changeTable(_ changes: [Item], from: Int64, to: Int64) -> HTML {
        guard !changes.isEmpty else {
            return emptyState(Words("The two are the same.", "两个版本相同。"))
        }
        return Table(
            Words("Differences", "差异"),
            [
                .init(Words("Field", "字段")), .init(Words("In \(from)", "版本 \(from)")),
                .init(Words("In \(to)", "版本 \(to)")),
            ],
            rows: changes.map { [plain($0.text("path")), value($0.json["old"]), value($0.json["new"])] }
        ).html
    }

    /// A value of a spec, as a document writes it.
    private static func value(_ value: JSONValue?) -> HTML {
        switch value {
        case nil: tag("span", .class("muted")) { Words("not there", "无") }
        case .string(let text)?: plain(text)
        case let value?: plain(String(decoding: JSONWriter.compact(value), as: UTF8.self))
        }
    }

    /// What going back would change, and the form that does it.
    private static func rollback(
        _ visit: Visit, _ subject: Subject, to: Int64, from: Int64, _ mayManage: Bool
    ) async throws -> HTML {
        guard mayManage else { return HTML() }
        let changes = try await changes(visit, subject, from: from, to: to)
        return section(
            Words("Go back to version \(to)?", "回退到版本 \(to)？"), id: "rollback",
            Words(
                "It is written again as a new version, through the same checks as any change. No version is lost.",
                "将其作为新版本重新写入，并经过与普通修改相同的检查。历史不会丢失。")
        ) {
            changeTable(changes, from: from, to: to)
            visit.form(subject.address(visit, [("back", "\(to)")])) {
                visit.field("reason", Words("Why, for the history", "原因（记入历史）"), isRequired: true)
                tag("div", .class("actions")) {
                    tag("button", .class("danger")) { Words("Go back to version \(to)", "回退到版本 \(to)") }
                    link(Words("Leave it as it is", "保持不变"), subject.address(visit), class: "button")
                }
            }
            commandLines(
                [
                    ["atoll", "rollback", subject.kind.text("name").lowercased(), subject.name] + subject.place.options
                        + ["--to", "\(to)", "--reason", "TEXT"]
                ], id: "rollback-command")
        }
    }

    @Sendable private static func rollBack(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let subject = try await subject(visit)
        guard let to = visit.query("back").flatMap(Int64.init) else {
            throw Fault(ProgramFaults.badRequest, "No version is named.", at: "back", wanted: "the number of a version")
        }
        try await visit.api.send(
            .post, "\(subject.path)/rollback", subject.place.parameters,
            ["to": .integer(to), "reason": .string(try form.required("reason"))], key: form.key)
        return .to(subject.address(visit), .saved)
    }
}
