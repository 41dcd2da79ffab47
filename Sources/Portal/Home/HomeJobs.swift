import People
import Resources

/// The jobs that have not ended, newest first.
struct HomeJobs {
    private static let most = 10

    private let jobs: [JSONValue]
    private let showsPlace: Bool

    /// Nil for viewers who may not see jobs in the place of the page.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.jobs)) else { return nil }
        jobs = try await visit.api.list("/work/jobs", visit.placed([("limit", "\(Self.most)")]))
        showsPlace = visit.place.project == nil
    }

    var html: HTML {
        section(Words("Jobs under way", "进行中的任务"), id: "jobs") {
            if jobs.isEmpty {
                tag("p", .class("muted")) { Words("No job is under way.", "没有进行中的任务。") }
            } else {
                Table(
                    Words("Jobs under way", "进行中的任务"),
                    [
                        .init(Words("Job", "任务")), .init(Words("State", "状态")),
                        .init(Words("Done", "进度"), isNumber: true),
                    ],
                    rows: jobs.map(row)
                ).html
            }
        }
    }

    private func row(_ job: JSONValue) -> [HTML] {
        let place = [job[path: "metadata", "tenant"]?.string, job[path: "metadata", "project"]?.string]
            .compactMap(\.self).joined(separator: " / ")
        let text = job[path: "status", "message"]?.string ?? ""
        let (words, mood) = Self.standing(job[path: "status", "state"]?.string ?? "")
        return [
            plain(job[path: "metadata", "name"]?.string ?? "")
                + (showsPlace ? tag("div", .class("muted")) { plain(place) } : HTML()),
            state(words, mood)
                + (text.isEmpty ? HTML() : tag("div", .class("muted"), Attribute("lang", "en")) { plain(text) }),
            plain(job[path: "status", "progress"]?.string ?? "–"),
        ]
    }

    /// As people read what the API writes.
    static func standing(_ name: String) -> (HTML, Mood) {
        switch name {
        case "Proposed": (HTML(Words("Proposed", "已提议")), .waiting)
        case "AwaitingApproval": (HTML(Words("Awaits approval", "等待批准")), .waiting)
        case "Reserved": (HTML(Words("Reserved", "已预留资源")), .waiting)
        case "Running": (HTML(Words("Running", "运行中")), .busy)
        case "Paused": (HTML(Words("Paused", "已暂停")), .waiting)
        case "Succeeded": (HTML(Words("Succeeded", "成功")), .good)
        case "Failed": (HTML(Words("Failed", "失败")), .bad)
        case "Cancelled": (HTML(Words("Cancelled", "已取消")), .plain)
        case "": (HTML(Words("Begins", "开始中")), .waiting)
        default: (plain(name), .plain)
        }
    }
}
