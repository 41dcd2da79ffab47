import People
import Resources

/// What tenants and projects say of themselves, in words.
enum PlaceWords {
    static func standing(_ place: Item) -> HTML {
        place.isBeingDeleted
            ? state(HTML(Words("Goes once it is empty", "清空后删除")), .waiting)
            : state(HTML(Words("Active", "正常")), .good)
    }

    static let stages: [(value: String, words: Words)] = [
        ("exploration", Words("exploration", "探索")), ("development", Words("development", "开发")),
        ("production", Words("production", "生产")),
    ]

    static func stage(_ stage: String) -> HTML {
        stages.first { $0.value == stage }.map { HTML($0.words) } ?? plain(stage)
    }

    static let abouts: [(about: Approval.About, words: Words)] = [
        (.job, Words("jobs", "任务")), (.dataUse, Words("uses of data", "数据使用")),
        (.resultRelease, Words("releases of results", "结果导出")),
    ]

    static func approvals(_ wanted: [String]) -> HTML {
        let shown = abouts.filter { wanted.contains($0.about.rawValue) }
        guard !shown.isEmpty else { return HTML(Words("nothing", "无")) }
        return joined(shown.map { HTML($0.words) })
    }

    /// `3 datasets, 2 jobs`, as the site counts what lives in a place.
    static func contents(_ place: Item) -> HTML {
        let counts = place.json[path: "status", "contents"]?.object ?? [:]
        let parts = counts.sorted { $0.key < $1.key }.compactMap { kind, count -> HTML? in
            guard let count = count.integer, count > 0 else { return nil }
            return kindWords(kind) + plain(" \(numberText(count))")
        }
        return parts.isEmpty ? HTML(Words("nothing", "无")) : joined(parts)
    }

    /// The plural of a kind; a kind that this page does not know is told by its name.
    static func kindWords(_ kind: String) -> HTML {
        switch kind {
        case "Project": HTML(Words("projects", "项目"))
        case "Quota": HTML(Words("quotas", "配额"))
        case "File": HTML(Words("files", "文件"))
        case "Dataset": HTML(Words("datasets", "数据集"))
        case "AccessRequest": HTML(Words("requests for data", "数据申请"))
        case "Grant": HTML(Words("grants", "授权"))
        case "Job": HTML(Words("jobs", "任务"))
        case "Approval": HTML(Words("approvals", "审批"))
        case "Model": HTML(Words("models", "模型"))
        case "ModelVersion": HTML(Words("versions of models", "模型版本"))
        default: plain(kind)
        }
    }

    /// With commas between.
    static func joined(_ parts: [HTML]) -> HTML {
        var result = HTML()
        for (index, part) in parts.enumerated() {
            if index > 0 { result.append(HTML(Words(", ", "、"))) }
            result.append(part)
        }
        return result
    }
}
