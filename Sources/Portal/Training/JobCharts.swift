import Charts
import Resources

/// A job's tasks as a graph, and what each party did when.
struct JobCharts {
    let job: JobView
    let now: Timestamp

    var graph: GraphDiagram {
        let names = job.tasks.map { $0["name"]?.string ?? "" }
        let nodes = job.tasks.map { task -> GraphDiagram.Node in
            let name = task["name"]?.string ?? ""
            let state = job.taskState(name)
            let after = (task["after"]?.array ?? []).compactMap(\.string).compactMap { names.firstIndex(of: $0) }
            return GraphDiagram.Node(
                Phrase(name), tone: state.mood.tone, state: state.words.phrase,
                detail: progress(name).map { Phrase($0) } ?? Phrase(task["operator"]?.string ?? ""), after: after)
        }
        return GraphDiagram(
            Phrase("Steps", chinese: "步骤"),
            summary: Phrase(
                "Each step runs at every party at once, after those that its arrows come from.",
                chinese: "每个步骤在各参与方同时执行，箭头表示先后顺序。"),
            item: Phrase("Step", chinese: "步骤"), nodes: nodes)
    }

    /// As far as the slowest party says.
    private func progress(_ task: String) -> String? {
        let sides = job.parties.compactMap { party in
            (party["tasks"]?.array ?? []).first { $0["name"]?.string == task && $0["state"]?.string == "running" }
        }
        let shares = sides.compactMap { side -> Double? in
            guard let total = side["total"]?.number, total > 0 else { return nil }
            return (side["done"]?.number ?? 0) / total
        }
        return shares.min().map { Figures.percent($0, 0) }
    }

    /// Nil before anything was heard of anybody.
    var lanes: LaneChart? {
        let changes = job.status["timeline"]?.array ?? []
        guard !changes.isEmpty else { return nil }
        let sites = job.parties.map { $0["site"]?.string ?? "" }
        let times = changes.map { $0["at"]?.string.flatMap(Timestamp.init)?.milliseconds ?? 0 }
        let begin = times.min() ?? 0
        func seconds(_ time: Int64) -> Double { Double(time - begin) / 1_000 }
        let end = seconds(max(now.milliseconds, times.max() ?? 0))
        let lanes = job.parties.enumerated().map { place, party -> LaneChart.Lane in
            let own = changes.indices.filter { changes[$0]["site"]?.string == sites[place] }
            let spans = own.enumerated().compactMap { number, index -> LaneChart.Span? in
                let next = number + 1 < own.count ? seconds(times[own[number + 1]]) : nil
                return span(changes[index], from: seconds(times[index]), to: next)
            }
            return LaneChart.Lane(job.words(of: party).phrase, spans)
        }
        return LaneChart(
            Phrase("What each party did", chinese: "各参与方进度"),
            summary: Phrase(
                "Since the job was submitted, as this site saw it; an arrow leads from who waits to whom it waits for.",
                chinese: "自提交以来本站点所见的情况；箭头由等待方指向被等待方。"), lanes: lanes, now: end)
    }

    private func span(_ change: JSONValue, from start: Double, to end: Double?) -> LaneChart.Span? {
        let state = change["state"]?.string.flatMap(JobState.init(rawValue:))
        // The end is no span of time.
        if state?.isOver ?? false { return nil }
        let waits = change["waitsFor"]?.string
        let waitsFor = waits.flatMap { name in
            job.parties.firstIndex { $0["name"]?.string == name || $0["site"]?.string == name }
        }
        if let task = change["task"]?.string {
            let state: TaskState = end == nil ? .running : job.taskState(task) == .failed ? .failed : .done
            return LaneChart.Span(
                Phrase(task), tone: state.mood.tone, state: state.words.phrase, start: start, end: end)
        }
        let words = state?.words.phrase ?? Phrase("unknown", chinese: "未知")
        let tone: ChartTone = state == .running ? .neutral : .waiting
        return LaneChart.Span(
            state == .running ? Phrase("between steps", chinese: "步骤之间") : words, tone: tone,
            state: state == .running ? Phrase("between steps", chinese: "步骤之间") : Phrase("waits", chinese: "等待"),
            start: start,
            end: end, waitsFor: waitsFor)
    }
}
