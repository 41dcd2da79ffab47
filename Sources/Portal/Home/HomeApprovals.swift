import People
import Resources

/// What waits for a decision: what the viewer may decide, and what the viewer asked for.
struct HomeApprovals {
    private static let most = 10

    private let mine: [Item]
    private let asked: [Item]
    private let path: String
    private let mayDecide: Bool

    /// Nil for viewers who may not see approvals in the place of the page.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.approvals)) else { return nil }
        let waiting = try await ApprovalsModule.load(visit).filter { ApprovalWords.standing($0) == .waiting }
            .sorted { $0.text("spec", "until") < $1.text("spec", "until") }
        mine = waiting.filter { ApprovalsModule.mayDecide($0, visit) }
        asked = waiting.filter { ApprovalsModule.isOwn($0, visit) }
        mayDecide = visit.viewer.mayAnywhere(.manage(.approvals))
        path = visit.link("/approvals")
    }

    var html: HTML {
        let shown = mayDecide ? mine : asked
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
                        .init(Words("What is asked for", "申请内容")), .init(Words("Who asks", "申请人")),
                        .init(Words("Until", "截止时间")),
                    ], cells: shown.prefix(Self.most).map(row)
                ).html
            }
            tag("p") {
                link(Words("All approvals", "全部审批"), path)
                plain(" (\(numberText(Int64(shown.count))))")
            }
        }
    }

    private func row(_ approval: Item) -> [Table.Cell] {
        let until = approval.text("spec", "until")
        return [
            .init(
                tag("a", .href(ApprovalsModule.path(approval))) { ApprovalWords.what(approval.text("spec", "what")) }
                    + tag("div", .class("muted")) { approval.scope.html }),
            .init(plain(approval.text("spec", "requester"))), .init(time(until), sortedBy: until),
        ]
    }
}
