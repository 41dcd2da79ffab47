/// This site in the middle and its peers beside it, each with how it is reached and how that goes.
public struct RouteMap: Chart, Hashable {
    public struct Peer: Sendable, Hashable {
        public var name: Phrase
        public var tone: ChartTone
        /// The word of its link's state.
        public var state: Phrase
        /// How it is reached, such as `direct`.
        public var route: Phrase
        public var detail: Phrase?

        public init(_ name: Phrase, tone: ChartTone, state: Phrase, route: Phrase, detail: Phrase? = nil) {
            self.name = name
            self.tone = tone
            self.state = state
            self.route = route
            self.detail = detail
        }
    }

    public var title: Phrase
    public var summary: Phrase
    /// This site's name.
    public var site: Phrase
    public var peers: [Peer]

    public init(_ title: Phrase, summary: Phrase, site: Phrase, peers: [Peer]) {
        self.title = title
        self.summary = summary
        self.site = site
        self.peers = peers
    }

    /// Peers that are drawn; all are in the table.
    private static let most = 24
    private static let width = 600.0
    private static let box = (width: 126.0, height: 44.0)
    private static let row = 56.0

    private var drawn: Int { min(peers.count, Self.most) }
    private var rows: Int { max(1, (drawn + 1) / 2) }

    public var size: (width: Double, height: Double) {
        (Self.width, Double(rows) * Self.row + (peers.count > Self.most ? 24 : 0))
    }

    public var table: ChartTable {
        ChartTable(
            columns: [
                Phrase("Peer", chinese: "对等站点"), Phrase("State", chinese: "状态"), Phrase("Route", chinese: "路由"),
                Phrase("Detail", chinese: "详情"),
            ],
            rows: peers.map { [$0.name, $0.state, $0.route, $0.detail ?? Phrase(Figures.none)] })
    }

    public func content(_ pen: Pen) -> String {
        let (width, height) = Self.box
        let middle = (x: Self.width / 2, y: Double(rows) * Self.row / 2)
        var lines = ""
        var boxes = ""
        for (index, peer) in peers.prefix(drawn).enumerated() {
            // To the right and to the left in turn, those of a side evenly from above.
            let isRight = index % 2 == 0
            let (place, count) = (index / 2, isRight ? (drawn + 1) / 2 : drawn / 2)
            let y = (Double(place) + 0.5) * Double(rows) * Self.row / Double(count)
            let edge = isRight ? Self.width - width - 1 : width + 1
            let from = (x: middle.x + (isRight ? width / 2 : -width / 2), y: middle.y)
            lines += pen.line(
                "line " + ChartStyle.stroke(peer.tone.series), from.x, from.y, edge, y, dash: peer.tone.dash)
            let at = (x: from.x + (edge - from.x) * 0.5, y: from.y + (y - from.y) * 0.5)
            let room = abs(edge - from.x) - 8
            let word = TextWidth.fit(peer.state, room - 14, size: 10.5)
            let length = 16 + TextWidth.of(pen.language == .chinese ? word.inChinese : word.english, size: 10.5)
            lines += pen.rectangle("ground", at.x - length / 2, at.y - 8, length, 16)
            lines += pen.state(peer.tone, word, at.x - length / 2, at.y + 4, room: room + 2)
            boxes += box(pen, peer, left: isRight ? edge : 1, y: y - height / 2)
        }
        boxes += pen.rectangle("box axis", middle.x - width / 2, middle.y - height / 2, width, height, round: 5)
        boxes += pen.text(
            "strong", middle.x, middle.y, TextWidth.fit(site, width - 12, size: 12.8), anchor: .middle)
        boxes += pen.text(
            "muted small", middle.x, middle.y + 15, Phrase("this site", chinese: "本站点"), anchor: .middle)
        if peers.count > drawn {
            boxes += pen.text(
                "muted", middle.x, size.height - 6, Phrase("+ \(peers.count - drawn)"), anchor: .middle)
        }
        return lines + boxes
    }

    private func box(_ pen: Pen, _ peer: Peer, left: Double, y: Double) -> String {
        let (width, height) = Self.box
        let how = peer.detail.map { peer.route + " · " + $0 } ?? peer.route
        return pen.rectangle(
            "box axis", left, y, width, height, round: 5, title: peer.name + ", " + peer.state + ", " + how)
            + pen.text("strong", left + 9, y + 18, TextWidth.fit(peer.name, width - 18, size: 12.8))
            + pen.text("muted small", left + 9, y + 34, TextWidth.fit(how, width - 18, size: 10.5))
    }
}
