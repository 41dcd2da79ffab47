import Faults
import Hummingbird
import Resources

/// `/federation/ledger/lines`: the lines of one job with one peer, as they stand in the chain.
enum LedgerLinesPage {
    private static let page = 100

    static func add(to routes: PortalRoutes) {
        routes.page("federation/ledger/lines", lines)
    }

    @Sendable private static func lines(_ visit: Visit) async throws -> Page {
        let (job, after) = (visit.query("job"), visit.query("after"))
        let peers = try await KnownPeers.of(visit)
        let site = visit.query("peer").map(peers.site)
        let lines = try await visit.api.list(
            "/ledger/lines", [("job", job), ("peer", site), ("after", after), ("limit", "\(page)")])
        let peer = peers.name(ofSite: site)
        let here = [("job", job), ("peer", site)]
        let known = try await KnownJobs.of(visit, ids: Set([job].compactMap(\.self)))
        let content = section(Words("With \(peer)", "与 \(peer)"), id: "lines") {
            if lines.isEmpty {
                emptyState(Words("There are no more lines.", "没有更多的行。")) { HTML() }
            } else {
                Table(
                    Words("Lines of the chain", "链中各行"),
                    [
                        .init(Words("Line", "行"), isNumber: true), .init(Words("Time", "时间")),
                        .init(Words("What", "内容")),
                        .init(Words("Task", "步骤")), .init(Words("Message", "消息")),
                        .init(Words("Elements", "元素"), isNumber: true),
                        .init(Words("Bits each", "每元素位数"), isNumber: true),
                        .init(Words("Bytes", "字节"), isNumber: true), .init(Words("Digest", "摘要")),
                    ], rows: lines.map(row)
                ).html
            }
            tag("p", .class("actions")) {
                if after != nil {
                    link(
                        Words("From the first line", "从第一行起"), visit.link("/federation/ledger/lines", here),
                        class: "button")
                }
                if lines.count == page, let last = lines.last?["number"]?.integer {
                    link(
                        Words("Following lines", "后续各行"),
                        visit.link("/federation/ledger/lines", here + [("after", "\(last)")]), class: "button")
                }
            }
        }
        return Page(
            title: .name(job.map { known[$0]?.name ?? $0 } ?? "", kind: Words("Ledger of a job", "任务账本")),
            section: .federation,
            trail: FederationTab.ledger.trail(visit), content)
    }

    private static func row(_ line: JSONValue) -> [HTML] {
        let when = line["time"]?.integer.map { time(Timestamp(milliseconds: $0)) } ?? plain("–")
        let head = [number(line["number"]?.integer ?? 0), when]
        let dash = plain("–")
        let (task, type) = (line["task"]?.string ?? "", line["messageType"]?.string ?? "")
        switch line["kind"]?.string {
        case "frame":
            return head + [
                way(line) + standing(line["standing"]?.string), plain(task), MessageWords.kind(type),
                number(line["elements"]?.integer ?? 0), number(line["elementBits"]?.integer ?? 0),
                number(line["bytes"]?.integer ?? 0), digest(line["payloadDigest"]),
            ]
        case "refusal":
            let fault =
                line["fault"]?.integer.flatMap { UInt16(exactly: $0) }
                .map { FaultNumber(rawValue: $0).description } ?? ""
            return head + [
                state(HTML(Words("refused", "被拒绝")) + plain(" \(fault)"), .bad), plain(task), MessageWords.kind(type),
                dash, dash, dash, dash,
            ]
        case "statement":
            return head + [
                state(HTML(Words("co-signed by both sites", "双方共同签名")), .good), dash, dash, dash, dash, dash,
                digest(line["hash"]),
            ]
        case "opened":
            return head + [
                state(HTML(Words("the job was opened", "任务开启")), .plain), dash, dash, dash, dash, dash,
                digest(line["planDigest"]),
            ]
        case let kind:
            return head + [plain(kind ?? "–"), plain(task), plain(type), dash, dash, dash, digest(line["hash"])]
        }
    }

    private static func way(_ line: JSONValue) -> HTML {
        line["direction"]?.string == "sent" ? HTML(Words("sent", "发出")) : HTML(Words("received", "收到"))
    }

    private static func standing(_ standing: String?) -> HTML {
        switch standing {
        case "resent": HTML(Words(", again", "，重发"))
        case "replaced": HTML(Words(", with other content", "，内容不同"))
        default: HTML()
        }
    }

    /// The beginning of a digest; all of it is in the export.
    private static func digest(_ value: JSONValue?) -> HTML {
        guard let text = value?.string, !text.isEmpty else { return plain("–") }
        return tag("span", .class("id"), Attribute("title", text)) { plain(String(text.prefix(12)) + "…") }
    }
}
