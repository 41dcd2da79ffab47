import Faults
import Ledger
import Modeling
import Resources
import TaskRuntime

/// Makes the part of a report that is about bins and points.
struct ScorecardBuilder {
    /// The regression that was fitted between the sites.
    struct Regression {
        /// The same in one place.
        let one: LogisticBaseline
        /// Points of the rows that were left out, as the guest was told them.
        let points: [Double]
    }

    let spec: TrialSpec
    let findings: LearningFindings
    let baseline: WoeBaseline
    /// Of the rows that were left out.
    let labels: [Double]

    /// What each site shows of its bins.
    private var bins: [JSONValue] { findings.bins }

    /// By site, the columns that it keeps; nil where nothing was selected.
    var selected: [[String]]? {
        findings.decisions.map { sites in
            sites.map { decisions in
                let names = (decisions.array ?? []).filter { $0["columnKept"]?.bool == true }
                return Set(names.compactMap { $0["column"]?.string }).sorted()
            }
        }
    }

    /// - Throws: what stands against a scorecard of these columns.
    func build(_ regression: Regression?) throws(Fault) -> TrialDocument.Scorecard {
        let (card, logOdds) = try baseline.scorecard(selected: selected)
        let (_, alone) = try guestAlone()
        let cards = try regression == nil ? [card] : ownCards()
        var columns: [TrialDocument.Scorecard.Column] = []
        for (party, part) in baseline.parts.enumerated() {
            for column in part.columns {
                let points = cards.lazy.compactMap { card in
                    card.columns.first { $0.party == party && $0.name == column.name }
                }.first
                columns.append(described(column, party, points, card.scale))
            }
        }
        columns.sort { ($0.iv ?? -1, $1.site, $1.column) > ($1.iv ?? -1, $0.site, $0.column) }
        let between = regression.map { $0.points.map(card.scale.logOdds) }
        var models: [TrialDocument.Scorecard.Model] = []
        for (name, scores, count) in [
            ("guest", alone, used(parties: 1)), ("all", logOdds, used(parties: baseline.parts.count)),
            ("federated", between, used(parties: baseline.parts.count)),
        ] {
            guard let scores else { continue }
            guard scores.count == labels.count else {
                throw Fault(TrialFaults.jobFailed, "The points are not of the rows that were left out.")
            }
            let measures = try ModelMeasures(scores.map(Objective.binary.prediction), labels, .binary).model(name)
                .measures
            models.append(.init(name: name, columns: count, measures: measures))
        }
        let cutoffs = try CutoffTable(
            scores: (between ?? logOdds).map(card.scale.score), labels: labels, steps: Self.steps)
        return TrialDocument.Scorecard(
            columns: columns, models: models, isEqual: isEqual, decisions: decisions,
            regression: regression.map(described),
            cutoffs: cutoffs.lines.map { line in
                .init(
                    score: line.cutoff, approved: line.approvalRate, badRate: line.badRate,
                    badsCaught: line.badsCaught, goodsLost: line.goodsLost)
            })
    }

    /// Lines of the table of cut-offs.
    private static let steps = 10

    /// How many columns a scorecard of the first parties uses.
    private func used(parties: Int) -> Int {
        let selected = selected
        return baseline.parts.prefix(parties).enumerated().reduce(0) { sum, part in
            sum
                + part.element.columns.count {
                    $0.bins != nil && selected?[part.offset].contains($0.name) ?? true
                }
        }
    }

    /// The parts of the scorecard that the sites have.
    private func ownCards() throws(Fault) -> [Scorecard] {
        var cards: [Scorecard] = []
        for card in findings.cards ?? [] where card != .null {
            cards.append(try Scorecard(json: String(decoding: JSONWriter.compact(card), as: UTF8.self)))
        }
        return cards
    }

    private var decisions: [TrialDocument.Scorecard.Decision]? {
        findings.decisions.map { sites in
            zip(spec.sites, sites).flatMap { site, decisions in
                (decisions.array ?? []).map { decision in
                    .init(
                        site: site.name, column: decision["column"]?.string ?? "",
                        rule: decision["rule"]?.string ?? "", figure: decision["figure"]?.number,
                        limit: decision["limit"]?.number, kept: decision["kept"]?.bool ?? false,
                        reason: decision["reason"]?.string ?? "")
                }
            }
        }
    }

    private func described(_ regression: Regression) -> TrialDocument.Scorecard.Regression {
        let expected = Set(regression.one.partDigests.map(Hexadecimal.text))
        let guest = findings.fitted?.first ?? [:]
        return .init(
            passes: Int(guest["passes"] ?? 0), deviance: guest["deviance"] ?? 0,
            centralised: "\(regression.one.digest)", isEqual: findings.digests(of: findings.fit) == expected)
    }

    /// A guest none of whose columns has bins has no scorecard of its own.
    private func guestAlone() throws(Fault) -> (card: Scorecard?, logOdds: [Double]?) {
        guard used(parties: 1) > 0 else { return (nil, nil) }
        let (card, logOdds) = try baseline.scorecard(parties: 1, selected: selected)
        return (card, logOdds)
    }

    /// Whether every site has the information values of one place.
    private var isEqual: Bool {
        zip(bins, baseline.parts).allSatisfy { listed, part in
            part.columns.allSatisfy { column in
                let found = listed.array?.first {
                    [column.name, "guest.\(column.name)"].contains($0["column"]?.string ?? "")
                }
                return found != nil && found?["iv"]?.number == column.bins?.iv
            }
        } && bins.count == baseline.parts.count
    }

    private func described(
        _ column: WoePart.Column, _ party: Int, _ points: ScorecardColumn?, _ scale: ScorecardScale
    ) -> TrialDocument.Scorecard.Column {
        let partition = column.partition
        let edges = partition.edges.values
        var found: [TrialDocument.Scorecard.Bin] = []
        for (group, bin) in (column.bins?.bins ?? []).enumerated() {
            let own = Set(column.bins?.groups.fineBins(of: group) ?? [])
            let fine = column.bins?.groups.ordinaryBins(of: group)
            let values = zip(partition.specials, partition.specialBins).filter { own.contains($0.1) }.map(\.0)
            // Bins that no row was in say nothing.
            guard bin.counts.rows > 0 else { continue }
            found.append(
                .init(
                    from: fine.flatMap { $0.lowerBound > 0 ? Double(edges[$0.lowerBound - 1]) : nil },
                    below: fine.flatMap { $0.upperBound < edges.count ? Double(edges[$0.upperBound]) : nil },
                    values: values, missing: own.contains(partition.missingBin), isApart: fine == nil,
                    rows: bin.counts.rows, bads: bin.counts.bads, woe: bin.woe, iv: bin.iv,
                    points: points.map { scale.points($0.units[group]) }))
        }
        let listed = bins.indices.contains(0) ? bins[0].array ?? [] : []
        let name = (party == 0 ? "guest" : "host\(party)") + "." + column.name
        return .init(
            site: spec.sites[party].name, column: column.name, iv: column.bins?.iv,
            direction: listed.first { $0["column"]?.string == name }?["direction"]?.string, bins: found)
    }
}
