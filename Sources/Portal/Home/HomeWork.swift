import People
import Resources

/// Whose work uses the machines, told apart in the way that the reader chooses.
struct HomeWork {
    private static let groups: [(name: String, words: Words)] = [
        ("app", Words("App", "应用")), ("user", Words("User", "用户")), ("project", Words("Project", "项目")),
        ("tenant", Words("Tenant", "租户")), ("machine", Words("Machine", "机器")),
    ]
    /// Lines that are shown; the most busy come first.
    private static let most = 25

    private let group: Int
    private let lines: [JSONValue]
    private let total: Int64
    private let links: [(title: Words, path: String)]

    /// Nil for viewers who may not see jobs in the place of the page.
    init?(_ visit: Visit) async throws {
        guard visit.may(.view(.jobs)) else { return nil }
        let group = Self.groups.firstIndex { $0.name == visit.query("by") } ?? 0
        self.group = group
        let work = try await visit.api.get(
            "/work", visit.placed([("by", Self.groups[group].name), ("limit", "\(Self.most)")]))
        lines = work["items"]?.array ?? []
        total = work["total"]?.integer ?? 0
        links = Self.groups.map { ($0.words, visit.link("/", [("by", $0.name)]) + "#work") }
    }

    var html: HTML {
        section(
            Words("Who uses the machines", "谁在使用机器"), id: "work",
            Words(
                "What runs now, and the processor time of the last 24 hours.", "当前运行的工作，以及最近 24 小时的处理器时间。")
        ) {
            tabs(links, chosen: group)
            if lines.isEmpty {
                emptyState(Words("Nothing has run for 24 hours.", "最近 24 小时没有运行任何工作。")) { HTML() }
            } else {
                table.html
                if total > Int64(lines.count) {
                    tag("p", .class("note")) {
                        Words("The most busy are shown; in all there are ", "仅显示最忙的部分；总数为 ")
                        number(total)
                    }
                }
            }
        }
    }

    private var table: Table {
        let hasPlace = ["app", "project"].contains(Self.groups[group].name)
        let place: [Table.Column] = hasPlace ? [.init(Words("Place", "位置"))] : []
        return Table(
            Words("Who uses the machines", "谁在使用机器"),
            [.init(Self.groups[group].words)] + place + [
                .init(Words("Workers", "工作进程"), isNumber: true), .init(Words("Cores in use", "使用核数"), isNumber: true),
                .init(Words("Reserved", "预留核数"), isNumber: true), .init(Words("Memory in use", "使用内存"), isNumber: true),
                .init(Words("Reserved", "预留内存"), isNumber: true),
                .init(Words("CPU time, 24 h", "24 小时 CPU 时间"), isNumber: true),
            ], cells: lines.map { row($0, hasPlace: hasPlace) })
    }

    private func row(_ line: JSONValue, hasPlace: Bool) -> [Table.Cell] {
        let place = [line["tenant"]?.string, line["project"]?.string].compactMap(\.self).joined(separator: " / ")
        func memory(_ member: String) -> Table.Cell {
            .bytes(line["memory"]?[member]?.integer ?? 0)
        }
        let cores = line.amount("cpu", "used") ?? 0
        let seconds = line.amount("cpuSeconds") ?? 0
        return [.init(name(line))] + (hasPlace ? [.init(plain(place.isEmpty ? "–" : place))] : []) + [
            .init(number(line["workers"]?.integer ?? 0)), .init(number(cores, decimals: 1), sortedBy: "\(cores)"),
            .init(number(line["cpu"]?["reserved"]?.integer ?? 0)), memory("used"), memory("reserved"),
            .init(plain(durationText(seconds)), sortedBy: "\(seconds)"),
        ]
    }

    private func name(_ line: JSONValue) -> HTML {
        guard let name = line["name"]?.string else {
            return line["peer"]?.string.map { HTML(Words("Peer ", "对等站点 ")) + plain($0) } ?? plain("–")
        }
        guard let tenant = line["tenant"]?.string else {
            return name == "site" ? HTML(Words("The site itself", "站点自身")) : plain(name)
        }
        guard let job = line["job"]?.string, let project = line["project"]?.string else {
            return plain(name.hasPrefix("job/") ? String(name.dropFirst(4)) : name)
        }
        return link(job, address("/training/jobs/\(encoded(job))", [("tenant", tenant), ("project", project)]))
    }
}

/// 2.41 s, 12:30, 1:02:03.
func durationText(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds < 10 { return "\(decimalText(seconds, 2)) s" }
    let all = Int64(seconds.rounded())
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (all / 3600, all / 60 % 60)
    return hours > 0 ? "\(numberText(hours)):\(two(minutes)):\(two(all % 60))" : "\(minutes):\(two(all % 60))"
}
