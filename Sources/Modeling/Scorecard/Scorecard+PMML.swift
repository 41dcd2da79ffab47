public import Faults

extension Scorecard {
    /// The scorecard in PMML 4.4, element `Scorecard`: base points as initial score, one characteristic per column, reason
    /// codes by points below the best bin. A field is a double; columns that several parties have are called "guest.NAME",
    /// "host1.NAME", …, and all of them where that is the name of another. What comes out is called "score" and "reason1",
    /// "reason2", …, with underscores behind it where a field is called so. Thresholds are such that comparing doubles puts every value into its bin.
    ///
    /// - Throws: `ModelingFaults.scorecardName` for a name that is empty or holds characters that XML has not.
    public func pmml(name: String = "scorecard") throws(Fault) -> String {
        var fields: [String] = []
        let names = tableNames
        for name in names { fields.append(try Self.attribute(name)) }
        func output(_ name: String) throws(Fault) -> String { try Self.attribute(Self.apart(name, from: names)) }
        let score = try output("score")
        let modelName = try Self.attribute(name)
        let data = fields.map { "    <DataField name=\($0) optype=\"continuous\" dataType=\"double\"/>" }
        let mining = fields.map {
            "      <MiningField name=\($0) usageType=\"active\" invalidValueTreatment=\"asIs\"/>"
        }
        var reasons: [String] = []
        for rank in 1...min(4, columns.count) {
            reasons.append(
                "      <OutputField name=\(try output("reason\(rank)")) feature=\"reasonCode\" rank=\"\(rank)\" "
                    + "optype=\"categorical\" dataType=\"string\"/>")
        }
        let characteristics = zip(columns, fields).map { characteristic($0, $1) }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
              <Header description="Atoll scorecard \(digest)"><Application name="Atoll"/></Header>
              <DataDictionary numberOfFields="\(columns.count)">
            \(data.joined(separator: "\n"))
              </DataDictionary>
              <Scorecard modelName=\(modelName) functionName="regression" initialScore="\(scale.text(baseUnits))" \
            useReasonCodes="true" reasonCodeAlgorithm="pointsBelow" baselineMethod="max">
                <MiningSchema>
            \(mining.joined(separator: "\n"))
                </MiningSchema>
                <Output>
                  <OutputField name=\(score) feature="predictedValue" optype="continuous" dataType="double"/>
            \(reasons.joined(separator: "\n"))
                </Output>
                <Characteristics>
            \(characteristics.joined(separator: "\n"))
                </Characteristics>
              </Scorecard>
            </PMML>

            """
    }

    private func characteristic(_ column: ScorecardColumn, _ field: String) -> String {
        let attributes = column.lines.map { line in
            "        <Attribute partialScore=\"\(scale.text(line.units))\">\(predicate(line.range, field))</Attribute>"
        }
        return """
                  <Characteristic name=\(field) reasonCode=\(field) baselineScore="\(scale.text(column.best))">
            \(attributes.joined(separator: "\n"))
                  </Characteristic>
            """
    }

    private func predicate(_ range: BinRange, _ field: String) -> String {
        func simple(_ operation: String, _ value: Double) -> String {
            "<SimplePredicate field=\(field) operator=\"\(operation)\" value=\"\(value)\"/>"
        }
        func below(_ edge: Float) -> String {
            let threshold = EdgeThreshold(edge)
            return simple(threshold.isInclusive ? "lessOrEqual" : "lessThan", threshold.value)
        }
        func from(_ edge: Float) -> String {
            let threshold = EdgeThreshold(edge)
            return simple(threshold.isInclusive ? "greaterThan" : "greaterOrEqual", threshold.value)
        }
        switch range {
        case .missing: return "<SimplePredicate field=\(field) operator=\"isMissing\"/>"
        case .special(let value): return simple("equal", value)
        case .values(nil, nil): return "<SimplePredicate field=\(field) operator=\"isNotMissing\"/>"
        case .values(nil, let edge?): return below(edge)
        case .values(let edge?, nil): return from(edge)
        case .values(let low?, let high?):
            return "<CompoundPredicate booleanOperator=\"and\">\(from(low))\(below(high))</CompoundPredicate>"
        }
    }

    /// A quoted attribute value.
    private static func attribute(_ text: String) throws(Fault) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": quoted += "&amp;"
            case "<": quoted += "&lt;"
            case ">": quoted += "&gt;"
            case "\"": quoted += "&quot;"
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}":
                throw Fault(ModelingFaults.scorecardName, "a name with characters that XML has not")
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        guard !quoted.isEmpty else { throw Fault(ModelingFaults.scorecardName, "an empty name") }
        return "\"\(quoted)\""
    }
}
