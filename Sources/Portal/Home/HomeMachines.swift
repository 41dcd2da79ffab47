import Charts
import People
import Resources

/// The site's machines: what is used of each now, and over the last 24 hours.
struct HomeMachines {
    /// Seconds between two points of a line.
    private static let step: Int64 = 1_800

    private let machines: [(now: JSONValue, past: [JSONValue])]
    /// What running jobs have reserved; nil for those who do not see all of them.
    private let reserved: JSONValue?

    /// Nil for viewers who may not see the site.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.site)) else { return nil }
        var machines: [(JSONValue, [JSONValue])] = []
        for machine in try await visit.api.list("/machines") {
            let path = "/machines/\(encoded(machine["name"]?.string ?? ""))/samples"
            machines.append((machine, try await visit.api.listIfSeen(path, [("step", "\(Self.step)")])))
        }
        self.machines = machines
        reserved =
            visit.place == .platform && visit.may(.view(.jobs))
            ? try await visit.api.list("/work", [("by", "machine")]).first : nil
    }

    /// One thing that a machine has so much of.
    private struct Measure {
        let member: String
        let name: Words
        let format: ValueFormat

        static let all = [
            Measure(member: "cpu", name: Words("Processor cores", "处理器核"), format: .fixed(1)),
            Measure(member: "memory", name: Words("Memory", "内存"), format: .bytes),
            Measure(member: "storage", name: Words("Storage", "存储"), format: .bytes),
            Measure(member: "gpu", name: Words("Graphics processors", "图形处理器（GPU）"), format: .fixed(1)),
            Measure(member: "gpuMemory", name: Words("Graphics memory", "GPU 显存"), format: .bytes),
        ]
    }

    var html: HTML {
        var result = HTML()
        for (index, machine) in machines.enumerated() { result.append(html(index, machine.now, machine.past)) }
        return result
    }

    private func html(_ index: Int, _ now: JSONValue, _ past: [JSONValue]) -> HTML {
        let id = "machine-\(index)"
        // What the machine does not have, or nobody measures, is not shown.
        let measures = Measure.all.filter { now[$0.member] != nil }
        return tag("section", .id(id), Attribute("aria-labelledby", "\(id)-title"), .class("card")) {
            tag("h2", .id("\(id)-title")) {
                Words("Machine ", "机器 ")
                plain(now["name"]?.string ?? "")
            }
            tag("p", .class("note")) {
                Words("Measured ", "测量于 ")
                time(now["time"]?.string)
                if let load = now.amount("load") {
                    Words("; load ", "；负载 ")
                    number(load, decimals: 2)
                }
            }
            tag("div", .class("grid small")) {
                for measure in measures { gauge(measure, id, now, past) }
            }
            if past.count > 1 {
                more(Words("The last 24 hours as a table", "最近 24 小时的数据表")) { table(measures, past) }
            }
        }
    }

    private func gauge(_ measure: Measure, _ id: String, _ now: JSONValue, _ past: [JSONValue]) -> HTML {
        let used = now.amount(measure.member, "used") ?? .nan
        let total = now.amount(measure.member, "total") ?? .nan
        let amounts = (Phrase(measure.format.text(used)), Phrase(measure.format.text(total)))
        let gauge = GaugeChart(
            measure.name.phrase,
            summary: Phrase("{0} of {1} in use.", chinese: "已用 {0}，共 {1}。").filled(amounts.0, amounts.1),
            used: used, requested: reserved?.amount(measure.member, "reserved").flatMap { $0 > 0 ? $0 : nil },
            total: total, format: measure.format)
        let points = machineLine(past, step: Self.step, [measure.member, "used"])
        let most = points.compactMap(\.value).max().map { Phrase(measure.format.text($0)) } ?? "–"
        let line = Sparkline(
            Phrase("{0}, the last 24 hours", chinese: "{0}，最近 24 小时").filled(measure.name.phrase),
            summary: Phrase("At most {0}.", chinese: "最高 {0}。").filled(most), points: points,
            value: .init(measure.name.phrase, measure.format, includesZero: true))
        return tag("div", .class("gauge-card")) {
            figure(gauge, id: "\(id)-\(measure.member)")
            if points.count > 1 {
                HTML { line.svg(id: "\(id)-\(measure.member)-line", language: $0.ofCharts) }
                tag("p", .class("note")) {
                    Words("24 h, at most ", "24 小时内最高 ")
                    HTML { $0 == .chinese ? most.inChinese : most.english }
                }
            }
        }
    }

    private func table(_ measures: [Measure], _ past: [JSONValue]) -> HTML {
        Table(
            Words("Averages over half an hour", "每半小时平均值"),
            [.init(Words("Time", "时间"))] + measures.map { .init($0.name, isNumber: true) },
            cells: past.reversed().map { sample in
                [.init(time(sample["time"]?.string), sortedBy: sample["time"]?.string)]
                    + measures.map { measure in
                        let used = sample.amount(measure.member, "used")
                        return .init(plain(used.map(measure.format.text) ?? "–"), sortedBy: used.map { "\($0)" })
                    }
            }
        ).html
    }
}
