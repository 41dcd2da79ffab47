import People
import Resources

/// What waits for a decision: the viewer's own inbox where the viewer may decide, else what others are to decide.
struct HomeApprovals {
    private static let most = 10

    private let waiting: [JSONValue]
    /// The account of the viewer, as approvals name it.
    private let account: String?
    private let mayDecide: Bool

    /// Nil for viewers who may not see approvals in the place of the page.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.approvals)) else { return nil }
        let now = Timestamp.now
        waiting = try await visit.api.list("/approvals", visit.placed([("limit", "1000")])).filter { approval in
            let state = approval[path: "status", "state"]?.string ?? "Waiting"
            let until = approval[path: "spec", "until"]?.string.flatMap { Timestamp($0) }
            return state == "Waiting" && until.map { now <= $0 } ?? true
        }.sorted { ($0[path: "spec", "until"]?.string ?? "") < ($1[path: "spec", "until"]?.string ?? "") }
        account = visit.viewer.user.map { "user \($0)" }
        mayDecide = visit.may(.manage(.approvals))
    }

    var html: HTML {
        let own = waiting.filter { $0[path: "spec", "requester"]?.string == account }
        let others = waiting.filter { $0[path: "spec", "requester"]?.string != account }
        let shown = mayDecide ? others : own
        let title = mayDecide ? Words("To decide", "待您审批") : Words("What you asked for", "您的申请")
        return section(title, id: "approvals") {
            if shown.isEmpty {
                tag("p", .class("muted")) {
                    mayDecide
                        ? Words("Nothing waits for your decision.", "没有待您审批的事项。")
                        : Words("Nothing that you asked for waits.", "您没有等待审批的申请。")
                }
            } else {
                Table(
                    title,
                    [
                        .init(Words("What", "事项")), .init(Words("Asked by", "申请人")),
                        .init(Words("Until", "截止时间")),
                    ], cells: shown.prefix(Self.most).map(row)
                ).html
                if shown.count > Self.most {
                    tag("p", .class("note")) {
                        Words("In all: ", "共计：")
                        number(Int64(shown.count))
                    }
                }
            }
        }
    }

    private func row(_ approval: JSONValue) -> [Table.Cell] {
        let until = approval[path: "spec", "until"]?.string
        return [
            .init(
                plain(approval[path: "spec", "what"]?.string ?? "")
                    + tag("div", .class("muted")) { plain(approval[path: "spec", "subject"]?.string ?? "") }),
            .init(plain(approval[path: "spec", "requester"]?.string ?? "")), .init(time(until), sortedBy: until),
        ]
    }
}
