import People
import Resources

/// What a new site or project is to do first, as long as one of the three is not done: join a partner, bring data, train.
struct FirstSteps {
    private struct Step {
        let title: Words
        let why: Words
        let path: String?
        let command: String
        let isDone: Bool
    }

    private let steps: [Step]

    init(_ visit: Visit, hasPeers: Bool) async throws {
        let (sees, seesJobs) = (visit.may(.view(.datasets)), visit.may(.view(.jobs)))
        let hasData =
            sees
            ? try await !visit.api.list("/datasets", visit.placed([("limit", "1")])).isEmpty : true
        let hasJobs =
            seesJobs
            ? try await !visit.api.list("/jobs", visit.placed([("limit", "1")])).isEmpty : true
        let shows = visit.may(.view(.peers)) && sees && seesJobs
        guard shows, !(hasPeers && hasData && hasJobs) else {
            steps = []
            return
        }
        steps = [
            Step(
                title: Words("Join a partner", "与合作方互联"),
                why: Words(
                    "One site prints a code, the other accepts it.", "一方站点生成邀请码，另一方站点接受。"),
                path: Self.path(.federation, visit), command: "atoll peer invite --name partner", isDone: hasPeers),
            Step(
                title: Words("Upload data", "上传数据"),
                why: Words("Rows stay at this site.", "数据行不会离开本站点。"), path: Self.path(.data, visit),
                command: "atoll data upload FILE --name NAME --id COLUMN", isDone: hasData),
            Step(
                title: Words("Train a model", "训练模型"),
                why: Words(
                    "See what a job costs and what each party learns before it begins.", "任务开始前即可看到成本和各方获知的信息。"),
                path: Self.path(.training, visit), command: "atoll job submit -f FILE --wait", isDone: hasJobs),
        ]
    }

    /// The page of a section that the viewer's menu has.
    private static func path(_ section: MenuEntry.Section, _ visit: Visit) -> String? {
        Portal.modules.flatMap(\.entries).first { entry in
            entry.section == section && entry.asks.map { visit.viewer.mayAnywhere($0) } ?? true
        }.map { visit.link($0.path) }
    }

    var html: HTML {
        guard !steps.isEmpty else { return HTML() }
        return section(
            Words("Getting started", "快速开始"), id: "steps",
            Words("Three steps to the first model with a partner.", "三步完成与合作方的第一个模型。")
        ) {
            tag("ol", .class("steps")) {
                for step in steps {
                    tag("li") {
                        step.isDone
                            ? state(HTML(Words("Done", "已完成")), .good) : state(HTML(Words("To do", "待办")), .plain)
                        plain(" ")
                        tag("strong") { step.path.map { link(step.title, $0) } ?? HTML(step.title) }
                        tag("p", .class("muted")) { step.why }
                        if !step.isDone { tag("code") { plain(step.command) } }
                    }
                }
            }
        }
    }
}
