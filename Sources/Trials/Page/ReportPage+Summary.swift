import Charts

extension ReportPage {
    /// What went wrong, before anything else.
    var problems: String {
        let failed = document.expectations.filter { !$0.holds }
        guard document.failure != nil || !failed.isEmpty else { return "" }
        var content = ""
        if let failure = document.failure {
            content += Markup.text("h2", [], ReportText.wrong.phrase) + Markup.text("p", [], Phrase(failure))
        }
        if !failed.isEmpty {
            let items = failed.map { expectation in
                var says = Markup.text("code", [], Phrase(expectation.text))
                if let found = expectation.found {
                    says += " " + Markup.text("span", [], ReportText.found.filled(number(found)))
                }
                return Markup.element("li", [], says)
            }
            content +=
                Markup.text("h2", [], ReportText.notAsExpected.phrase)
                + Markup.element("ul", [], items.joined())
        }
        return Markup.element("section", [("class", "problems"), ("role", "alert")], content)
    }

    /// One sentence and three numbers.
    var summary: String {
        let numbers = document.learning == nil ? [held, passed, time] : [uplift, sameness, time]
        return Markup.element(
            "section", [("class", "summary"), ("aria-labelledby", "summary")],
            Markup.text("h2", [("id", "summary"), ("class", "unseen")], ReportText.summary.phrase)
                + Markup.text("p", [("class", "sentence")], sentence)
                + Markup.element("div", [("class", "numbers")], numbers.joined()))
    }

    private var sentence: Phrase {
        guard let learning = document.learning else {
            return (document.held ? ReportText.allHeld : .someFailed).filled(number(Double(document.sites.count)))
        }
        guard let uplift = findings.uplift else { return ReportText.nothingMeasured.phrase }
        let text: ReportText =
            switch uplift.verdict {
            case .better: uplift.isAUC ? .better : .betterNumbers
            case .worse: uplift.isAUC ? .worse : .worseNumbers
            case .unclear: uplift.isAUC ? .unclear : .unclearNumbers
            }
        let format: ValueFormat = uplift.isAUC ? .fixed(3) : .number
        return text.filled(
            number(uplift.federated, format), number(uplift.guest, format), Phrase(Figures.count(learning.rows.test)))
    }

    private var uplift: String {
        guard let uplift = findings.uplift else {
            return big(ReportText.upliftAUC.phrase, Phrase(Figures.none), ReportText.nothingMeasured.phrase)
        }
        let text = uplift.isAUC ? ReportText.upliftAUC : .upliftRMSE
        let write = { (value: Double) in
            uplift.isAUC ? Figures.signed(value, 3) : (value > 0 ? "+" : "") + Figures.short(value)
        }
        var note = Phrase("")
        if let interval = uplift.interval {
            note = (uplift.isWide ? ReportText.independent : .interval)
                .filled(Phrase(write(interval.lowerBound)), Phrase(write(interval.upperBound)))
        } else if !uplift.isAUC, uplift.guest > 0 {
            note = Phrase(Figures.percent(uplift.value / uplift.guest))
        }
        let looks = uplift.verdict == .better ? "good" : uplift.verdict == .worse ? "bad" : ""
        return big(text.phrase, Phrase(write(uplift.value)), note, looks)
    }

    private var sameness: String {
        guard let digests = document.learning?.digests, !digests.federated.isEmpty, !digests.centralised.isEmpty else {
            return big(ReportText.sameModel.phrase, Phrase(Figures.none), ReportText.noDigest.phrase)
        }
        let one = Phrase(String(digests.federated.prefix(12)))
        let other = Phrase(String(digests.centralised.prefix(12)))
        return digests.areEqual
            ? big(ReportText.sameModel.phrase, ReportText.equal.phrase, ReportText.equalNote.filled(one), "good")
            : big(
                ReportText.sameModel.phrase, ReportText.different.phrase, ReportText.differentNote.filled(one, other),
                "bad")
    }

    private var time: String {
        let total = document.figures["seconds"] ?? document.phases.map { $0.start + $0.seconds }.max() ?? 0
        let training = document.phases.first { $0.name == "train" }?.seconds
        return big(
            ReportText.time.phrase, Figures.duration(total),
            training.map { ReportText.ofWhichTraining.filled(Figures.duration($0)) } ?? Phrase(""))
    }

    private var held: String {
        let count = document.expectations.count { $0.holds }
        let all = document.expectations.count
        return big(
            ReportText.expectations.phrase, Phrase("\(count) / \(all)"),
            ReportText.ofHeld.filled(Phrase("\(count)"), Phrase("\(all)")), count == all ? "good" : "bad")
    }

    private var passed: String {
        let count = document.routes.count { $0.outcome == "pass" }
        return big(
            ReportText.sites.phrase, Phrase("\(document.sites.count)"),
            ReportText.routesPassed.filled(Phrase("\(count)"), Phrase("\(document.routes.count)")))
    }

    private func big(_ name: Phrase, _ value: Phrase, _ note: Phrase, _ looks: String = "") -> String {
        Markup.element(
            "div", [("class", "number")],
            Markup.text("p", [("class", "name")], name) + Markup.text("p", [("class", "value " + looks)], value)
                + Markup.text("p", [("class", "note")], note))
    }
}
