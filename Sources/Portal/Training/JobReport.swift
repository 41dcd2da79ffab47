import Charts
import HTTPTypes
import Hummingbird
import NIOCore
import Resources

/// A job as one file that needs nothing else: what its pages show, to keep and to send on.
enum JobReport {
    @Sendable static func download(_ visit: Visit) async throws -> Response {
        let job = try await JobPage.job(visit)
        let plan = try await visit.api.find("/jobs/\(encoded(job.name))/plan", visit.placed())
        var content =
            JobPage.standing(job) + JobPage.pictures(JobCharts(job: job, now: .now)) + JobPage.parties(job)
            + (try await JobResults(visit: visit, job: job, isReport: true).html)
        if let plan { content = content + PlanView(plan: plan, names: try await SiteNames.read(visit)).html }
        content =
            content
            + section(Words("Document", "任务文档"), id: "source") {
                tag("pre") { plain(YAMLWriter.write(JobDocument.document(job, named: job.name))) }
            }
        let text = page(job, content, visit.language)
        // Names are of a few safe characters.
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"\(job.name).html\"",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func page(_ job: JobView, _ content: HTML, _ language: Language) -> String {
        let title = Words("Report of the job", "任务报告").text(language)
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        let head = [
            Markup.element("meta", [("charset", "utf-8")], nil),
            Markup.element("meta", [("http-equiv", "Content-Security-Policy"), ("content", policy)], nil),
            Markup.element("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")], nil),
            Markup.element("meta", [("name", "color-scheme"), ("content", "light dark")], nil),
            Markup.element("title", [], Markup.escape("\(job.name) · \(title)")),
            Markup.element("style", [], ChartStyle.css + "\n" + css),
        ]
        let made = Words("Made by Atoll at ", "由 Atoll 生成于 ").text(language) + Timestamp.now.description
        return "<!DOCTYPE html>\n"
            + Markup.element(
                "html", [("lang", language.tag)],
                Markup.element("head", [], head.joined())
                    + Markup.element(
                        "body", [],
                        Markup.element(
                            "main", [],
                            Markup.element("p", [("class", "kind")], Markup.escape(title))
                                + Markup.element("h1", [], Markup.escape(job.name))
                                + Markup.element("p", [("class", "note")], Markup.escape(made))
                                + content.write(language))))
    }

    /// The looks of the portal's pieces, without anything that is pressed: links lead nowhere outside of the site.
    private static let css = """
        :root{--page:#f4f6f8;--card:#fff;--ink:#1d2733;--muted:#55616f;--rule:#d5dbe2;--good:#00603f;--busy:#0b5d8f;\
        --waiting:#7a5200;--bad:#a81f17}
        @media screen and (prefers-color-scheme:dark){:root{--page:#0e141b;--card:#161d26;--ink:#e6ebf1;--muted:#a3afbd;\
        --rule:#2c3744;--good:#4fd3a8;--busy:#6cbdf3;--waiting:#e5c443;--bad:#ff8a80}}
        *{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",\
        Roboto,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
        main{max-width:72rem;margin:0 auto;padding:1.25rem}h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:0 0 .5rem}
        .note,.kind,dt,thead th{color:var(--muted)}.kind{margin:0}
        .card{background:var(--card);border:1px solid var(--rule);border-radius:.75rem;padding:1rem 1.15rem;margin:1rem 0 0}
        .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:0 1rem}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
        caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        th,td{text-align:left;padding:.4rem .8rem;border-bottom:1px solid var(--rule);vertical-align:top}
        th.n,td.n{text-align:right;white-space:nowrap}tbody th{font-weight:500}
        dl{margin:0}dl>div{display:grid;grid-template-columns:minmax(7rem,14rem) minmax(0,1fr);gap:.25rem 1rem;padding:.3rem 0}
        dd{margin:0}pre,.id{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}pre{white-space:pre-wrap}
        .good{color:var(--good)}.busy{color:var(--busy)}.waiting{color:var(--waiting)}.bad{color:var(--bad)}
        .state{display:inline-flex;gap:.35rem;font-weight:600}.button{display:none}a{color:inherit;text-decoration:none}
        @media print{.card{break-inside:avoid}}
        """
}
