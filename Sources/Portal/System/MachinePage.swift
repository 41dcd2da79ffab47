import API
import Charts
import People
import Resources

/// How one machine was used over a day, a week or 90 days.
enum MachinePage {
    private struct Range {
        let name: String
        let words: Words
        let seconds: Int64
        /// Between two points of a line.
        let step: Int64

        static let all = [
            Range(name: "day", words: Words("24 hours", "24 小时"), seconds: 86_400, step: 300),
            Range(name: "week", words: Words("7 days", "7 天"), seconds: 7 * 86_400, step: 3_600),
            Range(name: "quarter", words: Words("90 days", "90 天"), seconds: 90 * 86_400, step: 43_200),
        ]
    }

    /// One chart: some figures of the same unit.
    private struct Panel {
        let id: String
        let name: Words
        let format: ValueFormat
        let lines: [(name: Words, path: [String])]
        /// Where the total stands, as a limit across the chart.
        var total: [String]?

        static let all = [
            Panel(
                id: "cpu", name: Words("Processor cores", "处理器核"), format: .fixed(1),
                lines: [(Words("In use", "使用中"), ["cpu", "used"])], total: ["cpu", "total"]),
            Panel(
                id: "memory", name: Words("Memory", "内存"), format: .bytes,
                lines: [(Words("In use", "使用中"), ["memory", "used"])], total: ["memory", "total"]),
            Panel(
                id: "storage", name: Words("Storage", "存储"), format: .bytes,
                lines: [(Words("In use", "使用中"), ["storage", "used"])], total: ["storage", "total"]),
            Panel(
                id: "network", name: Words("Network, bytes a second", "网络，每秒字节数"), format: .bytes,
                lines: [(Words("Received", "接收"), ["received"]), (Words("Sent", "发送"), ["sent"])]),
            Panel(
                id: "load", name: Words("Load over one minute", "1 分钟平均负载"), format: .number,
                lines: [(Words("Load", "负载"), ["load"])]),
            Panel(
                id: "gpu", name: Words("Graphics processors", "图形处理器（GPU）"), format: .fixed(1),
                lines: [(Words("Busy", "使用中"), ["gpu", "used"])], total: ["gpu", "total"]),
            Panel(
                id: "gpu-memory", name: Words("Graphics memory", "GPU 显存"), format: .bytes,
                lines: [(Words("In use", "使用中"), ["gpuMemory", "used"])], total: ["gpuMemory", "total"]),
        ]
    }

    @Sendable static func page(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let chosen = Range.all.firstIndex { $0.name == visit.query("range") } ?? 0
        let range = Range.all[chosen]
        let now = Timestamp.now
        let from = Timestamp(milliseconds: now.milliseconds - range.seconds * 1000)
        let path = "/machines/\(encoded(name))/samples"
        let samples = try await visit.api.list(
            path, [("from", from.description), ("until", now.description), ("step", "\(range.step)")])
        let here = "/system/machines/\(encoded(name))"
        let content = tabs(
            Range.all.map { ($0.words, visit.link(here, [("range", $0.name)])) }, chosen: chosen)
        let panels = Panel.all.compactMap { chart($0, samples, range, from, now) }
        return Page(
            title: .name(name, kind: Words("Machine", "机器")), section: .system,
            trail: [(HTML(Words("System", "系统")), visit.link("/system"))],
            intro: Words("Averages; times are UTC.", "平均值；时间为 UTC。"), live: .init(every: 60),
            content
                + (panels.isEmpty
                    ? emptyState(Words("Nothing was measured in this time.", "这段时间没有测量数据。")) { HTML() }
                    : panels.reduce(HTML(), +)))
    }

    /// Nil for what the machine does not have.
    private static func chart(
        _ panel: Panel, _ samples: [JSONValue], _ range: Range, _ from: Timestamp, _ until: Timestamp
    ) -> HTML? {
        func value(_ sample: JSONValue, _ path: [String]) -> Double? {
            path.reduce(sample as JSONValue?) { $0?[$1] }?.number
        }
        let series = panel.lines.compactMap { line -> TimeChart.Series? in
            let points = machineLine(samples, step: range.step, line.path)
            return points.contains { $0.value != nil } ? .init(line.name.phrase, points) : nil
        }
        guard !series.isEmpty else { return nil }
        let total = panel.total.flatMap { path in samples.last.flatMap { value($0, path) } }
        let most = series.flatMap { $0.points.compactMap(\.value) }.max() ?? 0
        let chart = TimeChart(
            panel.name.phrase,
            summary: Phrase("At most {0}.", chinese: "最高 {0}。").filled(Phrase(panel.format.text(most))),
            value: .init(panel.name.phrase, panel.format, includesZero: true), series: series,
            limits: total.map { [.init(Phrase("All there is", chinese: "总量"), $0)] } ?? [],
            range: Double(from.milliseconds) / 1000...Double(until.milliseconds) / 1000)
        return tag("section", .class("card"), .label(panel.name)) {
            figure(chart, id: panel.id)
        }
    }
}
