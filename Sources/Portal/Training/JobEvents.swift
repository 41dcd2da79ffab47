import Resources

/// What happened to a job: when each party came into a state, began a step or began to wait, as this site saw it.
struct JobEvents {
    let job: JobView

    /// Newest first; the status keeps the last 60.
    var html: HTML {
        let changes = (job.status["timeline"]?.array ?? []).reversed()
        return section(
            Words("Events", "事件"), id: "events",
            Words("The latest changes at every party, newest first.", "各参与方最近的变化，最新在前。")
        ) {
            if changes.isEmpty {
                tag("p") { Words("Nothing has happened yet.", "尚无事件。") }
            } else {
                Table(
                    Words("Events", "事件"),
                    [
                        .init(Words("Time", "时间")), .init(Words("Site", "站点")), .init(Words("State", "状态")),
                        .init(Words("Step", "步骤")), .init(Words("Waits for", "等待")),
                    ],
                    rows: changes.map { change in
                        let moment = (change["at"]?.string ?? "").prefix(19).replacing("T", with: " ")
                        return [
                            tag("span", .class("id nowrap")) { plain(String(moment)) },
                            HTML(job.words(ofSite: change["site"]?.string ?? "")),
                            JobState.html(change["state"]?.string), plain(change["task"]?.string ?? "–"),
                            change["waitsFor"]?.string.map { HTML(job.words(ofSite: $0)) } ?? plain("–"),
                        ]
                    }
                ).html
            }
        }
    }
}
