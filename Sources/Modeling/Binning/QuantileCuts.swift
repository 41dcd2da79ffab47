/// Where bins of about equally many rows end, by whole numbers alone.
public enum QuantileCuts {
    /// Equal values stay together. Going up through the distinct values, a bin ends where ending is nearer to the rows that
    /// are left per bin that is left than going on (2·rows + next value's rows, times bins left, above twice the rows
    /// left): a value of many rows takes a bin and the others share what remains. With at most `bins` distinct values each
    /// has its own.
    ///
    /// - Parameters:
    ///   - rows: of each distinct value, ascending by value.
    ///   - bins: at least 1.
    ///   - leastRows: no bin has fewer rows than this, unless all together do.
    /// - Returns: the places of the last value of every bin but the last bin, ascending.
    public static func ends(of rows: [Int], bins: Int, leastRows: Int = 1) -> [Int] {
        var ends: [Int] = []
        var rowsLeft = rows.reduce(0, +)
        var binsLeft = bins
        var inBin = 0
        for place in rows.indices.dropLast() {
            inBin += rows[place]
            guard binsLeft > 1 else { break }
            guard inBin >= leastRows, rowsLeft - inBin >= leastRows else { continue }
            guard rows.count <= bins || (2 * inBin + rows[place + 1]) * binsLeft > 2 * rowsLeft else { continue }
            ends.append(place)
            rowsLeft -= inBin
            binsLeft -= 1
            inBin = 0
        }
        return ends
    }
}
