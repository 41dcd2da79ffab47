import HTTPTypes
import Hummingbird
import People
import Resources

/// `/federation/ledger`: what crossed between this site and its peers, in sentences; verified and taken out on request.
enum LedgerPage {
    /// Jobs with a peer that one page tells of.
    private static let page = 20

    static func add(to routes: PortalRoutes) {
        routes.page("federation/ledger", summary)
        routes.form("federation/ledger/verify", on: summary) { visit, _ in
            .page(LedgerFindings.page(visit, try await visit.api.send(.post, "/ledger/verify", [], [:])))
        }
        routes.file("federation/ledger/export", export)
    }

    /// A download: named by what is in it, and never shown as a page.
    @Sendable private static func export(_ visit: Visit) async throws -> Response {
        let job = visit.query("job")
        var response = try await visit.api.respond(
            "/ledger/export", [("job", job), ("peer", visit.query("peer")), ("withSalts", visit.query("withSalts"))])
        guard response.status.code < 400 else {
            // Nothing was written yet: asked again for the problem itself.
            _ = try await visit.api.get("/ledger/export", [("job", job), ("peer", visit.query("peer"))])
            return response
        }
        let name = (job ?? "ledger").utf8.filter { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
        }
        response.headers[.contentDisposition] =
            "attachment; filename=\"\(String(decoding: name.prefix(64), as: UTF8.self)).jsonl\""
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    @Sendable private static func summary(_ visit: Visit) async throws -> Page {
        let peers = try await KnownPeers.of(visit)
        let (peer, job) = (visit.query("peer"), visit.query("job"))
        // The newest job first.
        let chains = try await visit.api.list("/ledger", [("job", job), ("peer", peer.map(peers.site))])
            .sorted { ($0["job"]?.string ?? "") > ($1["job"]?.string ?? "") }
        let paging = Paging(chains, visit, size: page)
        let jobs = try await KnownJobs.of(visit, ids: Set(paging.shown.compactMap { $0["job"]?.string }))
        return Page(
            Words("Ledger", "账本"), in: .federation,
            intro: Words(
                "The record of every frame that left or entered this site: hash-chained, signed by both sides, without payloads.",
                "进出本站点的每一帧的记录：哈希链接、双方签名，不含内容本身。"),
            actions: visit.button(
                visit.link("/federation/ledger/verify"), Words("Verify everything", "全部校验"), class: "primary",
                key: false)
        ) {
            FederationTab.ledger.bar(visit)
            visit.filter("/federation/ledger") {
                visit.choice(
                    "peer", Words("Peer", "对等站点"),
                    [(value: "", shown: HTML(Words("all", "全部")))] + peers.options,
                    chosen: peer.map { text in peers.all.first { $0.site == text }?.name ?? text })
                visit.field("job", Words("Job", "任务"), value: job, hint: nil)
            }
            if chains.isEmpty {
                emptyState(Words("Nothing has crossed.", "没有任何往来。")) { HTML() }
            } else {
                section(
                    Words("By peer", "按对等站点"), id: "totals",
                    Words(
                        "The bound on information is elements times their width: no frame can say more.",
                        "信息量上限为元素数乘以其宽度：任何一帧都不可能表达更多。")
                ) { totals(visit, chains, peers) }
                for (index, chain) in paging.shown.enumerated() { one(visit, chain, peers, jobs, index) }
                paging.links(visit, "/federation/ledger", [("peer", peer), ("job", job)])
            }
            taking(visit, peer.map(peers.site), job)
            commandLines(["atoll ledger show", "atoll ledger verify", "atoll ledger export --output ledger.jsonl"])
        }
    }

    private static func totals(_ visit: Visit, _ chains: [JSONValue], _ peers: KnownPeers) -> HTML {
        struct Total {
            var jobs: Set<String> = []
            /// Messages, bytes and bits: sent, then received.
            var counts = [[Int64]](repeating: [0, 0, 0], count: 2)
            var refusals: Int64 = 0
        }
        var totals: [String: Total] = [:]
        for chain in chains {
            var total = totals[chain["peer"]?.string ?? ""] ?? Total()
            total.jobs.insert(chain["job"]?.string ?? "")
            total.refusals = total.refusals.addingSaturating(chain["refusals"]?.integer)
            for flow in chain["flows"]?.array ?? [] {
                let way = flow["direction"]?.string == "sent" ? 0 : 1
                for (place, member) in ["frames", "bytes", "bits"].enumerated() {
                    total.counts[way][place] = total.counts[way][place].addingSaturating(flow[member]?.integer)
                }
            }
            totals[chain["peer"]?.string ?? ""] = total
        }
        let rows = totals.map { (name: peers.name(ofSite: $0.key), total: $0.value) }.sorted { $0.name < $1.name }
        return Table(
            Words("What crossed, by peer", "按对等站点的往来"),
            [
                .init(Words("Peer", "对等站点")), .init(Words("Jobs", "任务"), isNumber: true),
                .init(Words("Messages sent", "发出消息"), isNumber: true),
                .init(Words("Bytes sent", "发出字节"), isNumber: true),
                .init(Words("At most, of information", "信息量至多"), isNumber: true),
                .init(Words("Messages received", "收到消息"), isNumber: true),
                .init(Words("Bytes received", "收到字节"), isNumber: true), .init(Words("Refused", "被拒绝"), isNumber: true),
            ],
            cells: rows.map { name, total in
                let (sent, received) = (total.counts[0], total.counts[1])
                return [
                    .init(link(name, visit.link("/federation/ledger", [("peer", name)]))),
                    .init(number(Int64(total.jobs.count))), .init(number(sent[0])), .bytes(sent[1]),
                    .init(plain(MessageWords.bits(sent[2])), sortedBy: "\(sent[2])"), .init(number(received[0])),
                    .bytes(received[1]), .init(number(total.refusals)),
                ]
            }
        ).html
    }

    /// One job with one peer.
    private static func one(
        _ visit: Visit, _ chain: JSONValue, _ peers: KnownPeers, _ jobs: KnownJobs, _ index: Int
    ) -> HTML {
        let (job, site) = (chain["job"]?.string ?? "", chain["peer"]?.string ?? "")
        let peer = peers.name(ofSite: site)
        let name = jobs[job]?.name ?? job
        // What left comes first.
        let all = chain["flows"]?.array ?? []
        let flows = all.filter { $0["direction"]?.string == "sent" } + all.filter { $0["direction"]?.string != "sent" }
        let refusals = chain["refusals"]?.integer ?? 0
        let title =
            job.isEmpty
            ? Words("No job, with \(peer)", "无任务，与 \(peer)")
            : Words("Job \(name), with \(peer)", "任务 \(name)，与 \(peer)")
        return section(title, id: "chain-\(index)") {
            tag("ul") {
                for flow in flows { tag("li") { MessageWords.sentence(flow, peer: peer) } }
                if flows.isEmpty { tag("li") { Words("No frame has crossed.", "没有任何帧往来。") } }
                if refusals > 0 {
                    tag("li") {
                        Words(
                            "Refused were \(numberText(refusals)) frames: they left or entered nothing; the lines say why.",
                            "\(numberText(refusals)) 帧被拒绝：没有任何内容进出，原因见各行。")
                    }
                }
            }
            tag("p") { signed(chain) }
            // What belongs to no job cannot be asked for by one.
            if !job.isEmpty {
                tag("p", .class("actions")) {
                    jobs[job].map { link(Words("The job", "该任务"), $0.path(), class: "button quiet") + plain(" ") }
                    link(
                        Words("Line by line", "逐行查看"),
                        visit.link("/federation/ledger/lines", [("job", job), ("peer", site)]), class: "button quiet")
                    plain(" ")
                    link(
                        Words("Export", "导出"), visit.link("/federation/ledger/export", [("job", job), ("peer", site)]),
                        class: "button quiet")
                }
            }
        }
    }

    private static func signed(_ chain: JSONValue) -> HTML {
        let (signed, lines) = (chain["signedLines"]?.integer ?? 0, chain["lines"]?.integer ?? 0)
        if chain["closed"]?.bool == true {
            return state(
                HTML(Words("closed: both sites have signed the receipt over everything", "已关闭：双方已对全部内容签收")), .good)
        }
        let numbers = "\(numberText(signed)) / \(numberText(lines))"
        if signed == 0 {
            return state(HTML(Words("nothing is co-signed yet (\(numbers) lines)", "尚无共同签名（\(numbers) 行）")), .waiting)
        }
        let when = chain["signedAt"]?.string.map { plain(", ") + time($0) } ?? HTML()
        let rest =
            chain["waiting"]?.bool == true ? HTML(Words("; newer lines wait", "；较新的行待签")) : HTML()
        return state(HTML(Words("co-signed: \(numbers) lines", "已共同签名：\(numbers) 行")), .good) + when + rest
    }

    /// How the ledger leaves the site, and is checked without it.
    private static func taking(_ visit: Visit, _ site: String?, _ job: String?) -> HTML {
        section(
            Words("Take it out and verify it elsewhere", "导出并在别处校验"), id: "export",
            Words(
                "An export holds counts, digests and signatures, no payload. Anyone can check it without this site.",
                "导出内容只有计数、摘要与签名，不含消息内容；任何人都可脱离本站点校验。")
        ) {
            tag("p", .class("actions")) {
                link(
                    job == nil && site == nil
                        ? Words("Download everything", "下载全部") : Words("Download what is chosen", "下载所选"),
                    visit.link("/federation/ledger/export", [("job", job), ("peer", site)]), class: "button")
                plain(" ")
                link(
                    Words("With salts", "含盐值"),
                    visit.link("/federation/ledger/export", [("job", job), ("peer", site), ("withSalts", "true")]),
                    class: "button")
            }
            tag("p", .class("note")) {
                Words(
                    "Salts let whoever has a payload check its digest, and whoever guesses one test the guess.",
                    "盐值使持有消息内容者可核对摘要，也使猜测内容者可验证猜测。")
            }
            copyable(
                "atoll ledger verify --file ledger.jsonl\n"
                    + "atoll ledger verify --file ours.jsonl --file theirs.jsonl\npython3 verify_ledger.py ledger.jsonl",
                id: "verify-offline", Words("Commands that verify an export", "校验导出文件的命令"))
        }
    }
}

extension Int64 {
    fileprivate func addingSaturating(_ other: Int64?) -> Int64 {
        let (sum, isOver) = addingReportingOverflow(other ?? 0)
        return isOver ? .max : sum
    }
}
