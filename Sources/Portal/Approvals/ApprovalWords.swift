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

    /// What would be done, as the site says it in English: its five sentences in both languages, any other as it is.
    static func what(_ text: String) -> HTML { sentence(text).map { HTML($0) } ?? inEnglish(text) }

    private static func sentence(_ text: String) -> Words? {
        if let parts = text.wholeMatch(of: /The job (\S+) of this site alone runs (.+)\./) {
            return Words(text, "任务 \(parts.1) 仅在本站点运行 \(parts.2)。")
        }
        if let parts = text.wholeMatch(of: /The job (\S+) of (\d+) sites runs (.+)\./) {
            return Words(text, "\(parts.2) 个站点的任务 \(parts.1) 将运行 \(parts.3)。")
        }
        if let parts = text.wholeMatch(of: /(\S+) may use the dataset (\S+) in up to (\d+) jobs until (\S+)/) {
            return Words(text, "在 \(parts.4) 之前，\(parts.1) 可在至多 \(parts.3) 个任务中使用数据集 \(parts.2)")
        }
        if let parts = text.wholeMatch(of: /the (\d+) rows of dataset (\S+), columns (.+)/) {
            return Words(text, "数据集 \(parts.2) 的 \(parts.1) 行，列：\(parts.3)")
        }
        if let parts = text.wholeMatch(of: /this site's part of version (\d+) of model (\S+)/) {
            return Words(text, "模型 \(parts.2) 第 \(parts.1) 版的本站点部分")
        }
        if let parts = text.wholeMatch(of: /what the job (\S+) has left at this site/) {
            return Words(text, "任务 \(parts.1) 在本站点留下的结果")
        }
        return nil
    }

    /// Who learns what: a line of a job, of a grant, or of a release.
    static func leak(_ line: String) -> HTML {
        (OperatorTexts.learnt(line) ?? terms(line) ?? release(line)).map { HTML($0) } ?? inEnglish(line)
    }

    private static func terms(_ line: String) -> Words? {
        if let parts = line.wholeMatch(of: /(\S+) learns what (.+?) tells of the columns (.+)/) {
            return Words(line, "\(parts.1) 得知 \(parts.2) 从这些列中得出的内容：\(parts.3)")
        }
        if let parts = line.wholeMatch(of: /it may be told (.+)/) {
            let told = ["bins": "特征分箱", "partial_scores": "部分得分", "model": "模型中的列名与切分点"]
            let names = parts.1.split(separator: ", ").map { told[String($0)] ?? String($0) }
            return Words(line, "可告知对方：\(names.joined(separator: "、"))")
        }
        if let parts = line.wholeMatch(of: /it can test up to (\d+) ids/) {
            return Words(line, "对方最多可测试 \(parts.1) 个标识")
        }
        if line == "it can test any number of ids" { return Words(line, "对方可测试的标识数不限") }
        if let parts = line.wholeMatch(of: /no fewer than (\d+) common ids and (\d+) rows in a bin are told of/) {
            return Words(line, "共同标识少于 \(parts.1) 个或分箱少于 \(parts.2) 行时不告知")
        }
        return nil
    }

    private static func release(_ line: String) -> Words? {
        guard let parts = line.wholeMatch(of: /(.+?) has it outside of the site: (.+)/),
            let what = sentence(String(parts.2))
        else { return nil }
        return Words(line, "\(parts.1) 将在站点之外持有：\(what.chinese)")
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
