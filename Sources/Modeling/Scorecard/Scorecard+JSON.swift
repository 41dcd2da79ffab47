public import Faults

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Scorecard {
    /// The scorecard as JSON: format, version, digest, content; keys sorted, numbers with all their digits. Reading it back
    /// gives the same scorecard to the bit.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // All numbers are finite, which is all that the encoder could refuse.
        let bytes = try! encoder.encode(ScorecardFile(self))
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    /// - Throws: `ModelingFaults.scorecardEncoding` for text that is no scorecard of version 1, that says another rounding or
    ///   weight of evidence than Atoll's, or whose content has another digest than it says.
    public init(json: String) throws(Fault) {
        let file: ScorecardFile
        do { file = try JSONDecoder().decode(ScorecardFile.self, from: Data(json.utf8)) } catch {
            throw Fault(ModelingFaults.scorecardEncoding, "no JSON of a scorecard")
        }
        guard file.format == ScorecardFile.format, file.version == ScorecardFile.version else {
            throw Fault(
                ModelingFaults.scorecardEncoding, "another format or version",
                wanted: "\(ScorecardFile.format), version \(ScorecardFile.version)")
        }
        guard file.scale.rounding == ScorecardFile.rounding, file.woe == ScorecardFile.woe else {
            throw Fault(
                ModelingFaults.scorecardEncoding, "another rounding or weight of evidence",
                wanted: "\(ScorecardFile.rounding); \(ScorecardFile.woe)")
        }
        let scorecard: Scorecard
        do throws(Fault) { scorecard = try file.scorecard() } catch {
            throw Fault(ModelingFaults.scorecardEncoding, error.what, at: error.place)
        }
        guard scorecard.digest.description == file.digest else {
            throw Fault(ModelingFaults.scorecardEncoding, "the content has another digest")
        }
        self = scorecard
    }
}

/// What stands in the file.
private struct ScorecardFile: Codable {
    static let format = "atoll scorecard"
    static let version = 1
    static let rounding = "half to even, per bin"
    static let woe = "ln(share of bads / share of goods)"

    struct Scale: Codable {
        let pdo: Double
        let base: Double
        let odds: Double
        let decimals: Int
        /// How points were rounded: there is one way.
        let rounding: String
    }

    struct Column: Codable {
        let party: Int
        let name: String
        let edges: [Float]
        let specials: [Double]
        let specialBins: [Int]
        let missingBin: Int
        let groups: [Int]
        let coefficient: Double
        let woe: [Double]
        let units: [Int]
        let mean: Double
    }

    let format: String
    let version: Int
    let digest: String
    let scale: Scale
    let base: Scorecard.Base
    let baseUnits: Int
    let intercept: Double
    /// What the weights are: there is one sign.
    let woe: String
    let columns: [Column]

    init(_ card: Scorecard) {
        format = Self.format
        version = Self.version
        digest = card.digest.description
        scale = Scale(
            pdo: card.scale.pdo, base: card.scale.base, odds: card.scale.odds, decimals: card.scale.decimals,
            rounding: Self.rounding)
        base = card.base
        baseUnits = card.baseUnits
        intercept = card.intercept
        woe = Self.woe
        columns = card.columns.map {
            Column(
                party: $0.party, name: $0.name, edges: $0.partition.edges.values, specials: $0.partition.specials,
                specialBins: $0.partition.specialBins, missingBin: $0.partition.missingBin,
                groups: $0.groups.assignment, coefficient: $0.coefficient, woe: $0.woe, units: $0.units, mean: $0.mean)
        }
    }

    func scorecard() throws(Fault) -> Scorecard {
        var made: [ScorecardColumn] = []
        for column in columns {
            let partition = try FinePartition(
                column: column.name, edges: BinEdges(column.edges), specials: column.specials,
                specialBins: column.specialBins, missingBin: column.missingBin)
            made.append(
                try ScorecardColumn(
                    party: column.party, partition: partition,
                    groups: BinGroups(ordinary: partition.edges.bins, assignment: column.groups),
                    coefficient: column.coefficient, woe: column.woe, units: column.units, mean: column.mean))
        }
        return try Scorecard(
            scale: ScorecardScale(pdo: scale.pdo, base: scale.base, odds: scale.odds, decimals: scale.decimals),
            base: base, intercept: intercept, baseUnits: baseUnits, columns: made)
    }
}
