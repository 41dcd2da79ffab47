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
        jobs = try await visit.api.list("/work" + "/jobs", visit.placed([("limit", "\(Self.most)")]))
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

    private func row(_ json: JSONValue) -> [HTML] {
        let job = JobView(json: json)
        let place = showsPlace ? tag("div", .class("muted")) { plain(Item(json).scope.path) } : HTML()
        return [
            job.nameLink + place,
            JobState.html(job.stateName)
                + (job.message.isEmpty ? HTML() : tag("div", .class("muted")) { job.messageHTML() }),
            plain(job.progress.isEmpty ? "–" : job.progress),
        ]
    }
}
