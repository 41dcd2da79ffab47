public import Faults

extension Selection {
    /// Number of columns, each name; number of decisions, each: place of the column, rule (text), a flag and the figure, a flag
    /// and the limit (doubles), whether it was kept (flag), reason (text). Little-endian.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(UInt32(columns.count))
        for column in columns { writer.put(column) }
        writer.put(UInt32(decisions.count))
        for decision in decisions {
            writer.put(UInt32(columns.firstIndex(of: decision.column) ?? 0))
            writer.put(decision.rule.rawValue)
            for number in [decision.figure, decision.limit] {
                writer.put(number != nil)
                if let number { writer.put(number) }
            }
            writer.put(decision.isKept)
            writer.put(decision.reason)
        }
        return writer.bytes
    }

    /// A selection that was made, to be looked at or gone on with by signs.
    ///
    /// - Throws: `ModelingFaults.encoding`.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes[...])
        var columns: [String] = []
        for _ in 0..<(try reader.count(each: 4)) { columns.append(try reader.text()) }
        var decisions: [SelectionDecision] = []
        for _ in 0..<(try reader.count(each: 15)) {
            let place = Int(try reader.number(UInt32.self))
            guard columns.indices.contains(place), let rule = SelectionDecision.Rule(rawValue: try reader.text()) else {
                throw ByteReader.damaged("these are no decisions about columns")
            }
            let figure = try reader.flag() ? try reader.double() : nil
            let limit = try reader.flag() ? try reader.double() : nil
            decisions.append(
                SelectionDecision(
                    column: columns[place], rule: rule, figure: figure, limit: limit, isKept: try reader.flag(),
                    reason: try reader.text()))
        }
        let numbers = decisions.flatMap { [$0.figure, $0.limit].compactMap(\.self) }
        guard reader.isAtEnd, Set(columns).count == columns.count, numbers.allSatisfy(\.isFinite) else {
            throw ByteReader.damaged("these are no decisions about columns")
        }
        self.init(columns: columns, decisions: decisions)
    }
}
