import Faults
import Modeling
import Resources
import TaskRuntime

/// Makes the part of a report that is about bins and points.
struct ScorecardBuilder {
    let spec: TrialSpec
    /// What each site shows of its bins.
    let bins: [JSONValue]
    let baseline: WoeBaseline
    /// Of the rows that were left out.
    let labels: [Double]

    /// - Throws: what stands against a scorecard of these columns.
    func build() throws(Fault) -> TrialDocument.Scorecard {
        let (card, logOdds) = try baseline.scorecard()
        let (_, alone) = try guestAlone()
        var columns: [TrialDocument.Scorecard.Column] = []
        for (party, part) in baseline.parts.enumerated() {
            for column in part.columns {
                let points = card.columns.first { $0.party == party && $0.name == column.name }
                columns.append(described(column, party, points, card.scale))
            }
        }
        columns.sort { ($0.iv ?? -1, $1.site, $1.column) > ($1.iv ?? -1, $0.site, $0.column) }
        var models: [TrialDocument.Scorecard.Model] = []
        for (name, scores, parties) in [("guest", alone, 1), ("all", logOdds, baseline.parts.count)] {
            guard let scores else { continue }
            let count = baseline.parts.prefix(parties).reduce(0) { $0 + $1.columns.count { $0.bins != nil } }
            let measures = try ModelMeasures(scores.map(Objective.binary.prediction), labels, .binary).model(name)
                .measures
            models.append(.init(name: name, columns: count, measures: measures))
        }
        return TrialDocument.Scorecard(columns: columns, models: models, isEqual: isEqual)
    }

    /// A guest none of whose columns has bins has no scorecard of its own.
    private func guestAlone() throws(Fault) -> (card: Scorecard?, logOdds: [Double]?) {
        guard baseline.parts[0].columns.contains(where: { $0.bins != nil }) else { return (nil, nil) }
        let (card, logOdds) = try baseline.scorecard(parties: 1)
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
