extension Scorecard {
    /// SHA-256 of "atoll scorecard 1\n" and everything that makes the scorecard, little endian, in the order of
    /// docs/scorecard.md.
    public var digest: ModelDigest {
        var writer = ByteWriter()
        for number in [scale.pdo, scale.base, scale.odds] { writer.put(number) }
        writer.put(UInt32(scale.decimals))
        writer.put(base.rawValue)
        writer.put(intercept)
        writer.put(Int64(baseUnits))
        writer.put(UInt32(columns.count))
        for column in columns {
            writer.put(UInt32(column.party))
            column.partition.write(to: &writer)
            writer.put(UInt32(column.groups.assignment.count))
            for group in column.groups.assignment { writer.put(UInt32(group)) }
            writer.put(column.coefficient)
            writer.put(UInt32(column.woe.count))
            for (woe, units) in zip(column.woe, column.units) {
                writer.put(woe)
                writer.put(Int64(units))
            }
            writer.put(column.mean)
        }
        return ModelDigest(domain: "atoll scorecard 1\n", writer.bytes)
    }
}
