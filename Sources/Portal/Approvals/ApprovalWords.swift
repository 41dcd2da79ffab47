import People
import Resources

/// What approvals say of themselves, in words.
enum ApprovalWords {
    static func standing(_ approval: Item) -> Approval.State {
        Approval.State(rawValue: approval.text("status", "state")) ?? .waiting
    }

    static func words(_ standing: Approval.State) -> Words {
        switch standing {
        case .waiting: Words("waits", "待审批")
        case .approved: Words("approved", "已批准")
        case .refused: Words("refused", "已拒绝")
        case .expired: Words("too late", "已过期")
        case .void: Words("not needed any more", "不再需要")
        }
    }

    static func shown(_ standing: Approval.State) -> HTML {
        let mood: Mood =
            switch standing {
            case .waiting: .waiting
            case .approved: .good
            case .refused: .bad
            case .expired, .void: .plain
            }
        return state(HTML(words(standing)), mood)
    }

    static func about(_ approval: Item) -> HTML {
        switch Approval.About(rawValue: approval.text("spec", "about")) {
        case .job: HTML(Words("A job begins", "开始任务"))
        case .dataUse: HTML(Words("A peer learns from data", "对等站点使用数据"))
        case .resultRelease: HTML(Words("A result leaves the site", "结果导出站点"))
        case nil: plain(approval.text("spec", "about"))
        }
    }

    /// What happens when it is approved, and when it is refused.
    static func consequence(_ approval: Item) -> Words {
        switch Approval.About(rawValue: approval.text("spec", "about")) {
        case .dataUse:
            Words(
                "Approved, the peer's jobs can read the dataset while the grant lasts. Refused, nothing is read.",
                "批准后，在授权有效期内对等站点的任务可读取该数据集；拒绝则不会读取任何内容。")
        case .resultRelease:
            Words(
                "Approved, who asked can take exactly this out within 24 hours. Refused, it stays here.",
                "批准后，申请人可在 24 小时内导出该内容；拒绝则保留在本站点。")
        case .job, nil:
            Words(
                "Approved, the job begins at once. Refused, it is cancelled at every site, with the reason.",
                "批准后任务立即开始；拒绝则在所有站点取消，并附上原因。")
        }
    }
}
