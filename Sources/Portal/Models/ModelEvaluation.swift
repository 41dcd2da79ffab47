import People
import Resources

/// How good a version is, as far as it was measured here.
enum ModelEvaluation {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let version = try await ModelVersionPage.load(visit)
        let found = try await Findings.measured(try await version.lineage(visit), visit)
        return version.page(visit, .evaluation, live: visit.live(.jobs)) {
            if found.isEmpty {
                emptyState(
                    Words(
                        "This version was not measured here yet. Score rows it did not learn from, with their label.",
                        "此版本尚未在本站评估。请对未参与训练的行评分，并带上标签列。")
                ) {
                    link(Words("Score rows", "前往评分"), visit.link("\(version.path)/scoring"), class: "button")
                }
            } else {
                if !visit.may(.view(.rows)) {
                    tag("p", .class("note")) {
                        Words("Cut-offs are for those who may see rows.", "截断分只对可查看行数据的人显示。")
                    }
                }
                found.measured
            }
            commandLines(
                [
                    "atoll model lineage \(version.reference)\(visit.place.optionText)",
                    "atoll job evaluation JOB"
                        + "\(visit.place.optionText)", "atoll job cutoffs JOB\(visit.place.optionText)",
                ], id: "command")
        }
    }
}

/// Columns of a version with their bins, and why they were kept.
enum ModelColumns {
    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let version = try await ModelVersionPage.load(visit)
        let found = try await Findings.columns(try await version.lineage(visit), visit)
        return version.page(visit, .columns) {
            if found.bins.isEmpty, found.decisions.isEmpty {
                emptyState(
                    Words(
                        "The training did not learn from weights of evidence, and no column was selected before it.",
                        "此训练未使用证据权重，也没有事先筛选列。")
                ) {}
            } else {
                found.divided
            }
            commandLines(
                ["atoll job bins JOB\(visit.place.optionText)", "atoll job selection JOB\(visit.place.optionText)"],
                id: "command")
        }
    }
}
