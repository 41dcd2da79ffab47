import Charts

/// What crossed, what it took, and what is needed to do it again.
extension ReportPage {
    var privacy: String {
        let parties = (document.learning?.learnt ?? []).map { learnt in
            let declared = learnt.declared.map { Markup.element("li", [("lang", "en")], Markup.escape($0)) }
            let counted = learnt.counted.sorted { $0.key < $1.key }.map { name, value in
                Markup.element(
                    "div", [("class", name.hasSuffix("bits_per_row") ? "strong" : "")],
                    Markup.text("dt", [], ReportNames.counted(name)) + Markup.text("dd", [], number(value)))
            }
            let numbers =
                counted.isEmpty
                ? Markup.text("p", [("class", "note")], ReportText.nothingCounted.phrase)
                : Markup.element("dl", [], counted.joined())
            return Markup.element(
                "div", [("class", "card learnt")],
                Markup.text("h3", [], Phrase(learnt.site))
                    + Markup.element(
                        "div", [("class", "pair")],
                        Markup.element(
                            "div", [],
                            Markup.text("h4", [], ReportText.declared.phrase)
                                + Markup.element("ul", [], declared.joined()))
                            + Markup.element(
                                "div", [], Markup.text("h4", [], ReportText.counted.phrase) + numbers)))
        }
        let ledgers = table(
            .ledgers, [.site, .peer, .lines, .head],
            document.ledgers.map {
                [Phrase($0.site), Phrase($0.peer), Phrase(Figures.count(Int($0.lines))), Phrase($0.head)]
            })
        let heads = ledgers.isEmpty ? "" : Markup.element("div", [("class", "hashes words")], ledgers)
        if parties.isEmpty { return section("ledgers", .ledgers, ReportText.ledgersNote.phrase, heads) }
        let title =
            heads.isEmpty
            ? ""
            : Markup.text("h3", [], ReportText.ledgers.phrase)
                + Markup.text("p", [("class", "note")], ReportText.ledgersNote.phrase)
        return section("privacy", .privacy, ReportText.privacyNote.phrase, parties.joined() + title + heads)
    }

    var timeline: String {
        guard let longest = document.phases.max(by: { $0.seconds < $1.seconds }) else { return "" }
        let total = document.phases.map { $0.start + $0.seconds }.max() ?? 0
        let bytes = document.phases.compactMap(\.bytes).reduce(0, +)
        let chart = WaterfallChart(
            ReportText.waterfall.phrase,
            summary: ReportText.waterfallSummary.filled(
                ReportNames.phase(longest.name), Figures.duration(longest.seconds)),
            phases: document.phases.map { phase in
                .init(
                    ReportNames.phase(phase.name), start: phase.start, seconds: phase.seconds,
                    note: phase.bytes.flatMap { $0 > 0 ? Phrase(Figures.bytes($0)) : nil })
            })
        let rows = document.phases.map { phase in
            [
                ReportNames.phase(phase.name), number(phase.start, .seconds), number(phase.seconds, .seconds),
                number(phase.cpuSeconds, .seconds), number(phase.memory, .bytes), number(phase.bytes, .bytes),
            ]
        }
        return section(
            "timeline", .timeline,
            ReportText.timelineNote.filled(Figures.duration(total), Phrase(Figures.bytes(bytes)))
                + (document.resumed.map { Phrase(" ") + ReportText.resumedNote.filled(Phrase("\($0)")) } ?? Phrase("")),
            Markup.element("div", [("class", "card")], chart.figure(id: "chart-phases"))
                + table(.timeline, [.phase, .start, .seconds, .cpu, .memory, .bytes], rows))
    }

    var expectations: String {
        section(
            "expectations", .expectations, ReportText.expectationsNote.phrase,
            table(
                .expectations, [.expectation, .holds, .value],
                document.expectations.map {
                    [
                        Phrase($0.text), Phrase($0.holds ? "✓ " : "✗ ") + ($0.holds ? ReportText.yes : .no).phrase,
                        number($0.found),
                    ]
                }))
    }

    var data: String {
        guard let learning = document.learning else { return "" }
        let parties = learning.parties.enumerated().map { index, party in
            let rows = learning.rows.sites.indices.contains(index) ? learning.rows.sites[index] : nil
            return [
                Phrase(party.site), ReportNames.role(party.role),
                Phrase(rows.map(Figures.count) ?? Figures.none),
                ReportText.columnCount.filled(Phrase("\(party.columns.count)")) + Phrase(": ", chinese: "：")
                    + Phrase(party.columns.joined(separator: ", ")),
            ]
        }
        let settings = learning.settings.sorted { $0.key < $1.key }.map { [Phrase($0.key), Phrase($0.value)] }
        return section(
            "data", .data,
            ReportText.dataNote.filled(
                Phrase(Figures.count(learning.rows.joined)), Phrase(Figures.count(learning.rows.training)),
                Phrase(Figures.count(learning.rows.test))),
            Markup.element(
                "div", [("class", "prose words")], table(.data, [.site, .role, .rowsAtSite, .columns], parties))
                + folded(
                    .settings,
                    Markup.element("div", [("class", "prose words")], table(.settings, [.setting, .value], settings))))
    }

    var routes: String {
        let rows = document.routes.map { route in
            [Phrase(route.from), Phrase(route.to), ReportNames.outcome(route.outcome), Phrase("\(route.layers)")]
        }
        guard !rows.isEmpty else { return "" }
        return section(
            "routes", .routes, nil,
            Markup.element("div", [("class", "words")], table(.routes, [.from, .to, .outcome, .layers], rows)))
    }

    var figures: String {
        let rows = document.figures.sorted { $0.key < $1.key }.map { [Phrase($0.key), number($0.value)] }
        let content = folded(.figures, table(.figures, [.figure, .value], rows))
        return section("figures", .figures, ReportText.figuresNote.phrase, content)
    }

    var again: String {
        let machine = document.environment.sorted { $0.key < $1.key }.map { name, value in
            Markup.element(
                "div", [],
                Markup.text("dt", [], ReportNames.environment(name)) + Markup.text("dd", [], Phrase(value)))
        }
        return section("machine", .environment, nil, machine.isEmpty ? "" : Markup.element("dl", [], machine.joined()))
            + section(
                "again", .reproduce, document.learning == nil ? nil : ReportText.reproduceNote.phrase,
                Markup.element("pre", [("tabindex", "0")], Markup.text("code", [], Phrase(document.reproduce))))
    }

    private func folded(_ title: ReportText, _ content: String) -> String {
        guard !content.isEmpty else { return "" }
        return Markup.element("details", [("class", "more")], Markup.text("summary", [], title.phrase) + content)
    }
}
