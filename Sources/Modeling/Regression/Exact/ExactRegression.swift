public import Faults

/// A logistic regression on weights of evidence whose every exchanged number is whole: in one place and between two sites it
/// is the same to the bit (`docs/protocols/logistic.md`).
public struct ExactRegression: Hashable, Sendable {
    public let guest: LogisticPart
    public let host: LogisticPart
    /// How often the host told its scores.
    public let passes: Int
    /// −2 · log likelihood.
    public let deviance: Double

    /// - Parameters:
    ///   - most: passes.
    ///   - tolerance: settled when no step of the host's times its column's deviation is longer.
    /// - Throws: as `HostSteps` and `GuestAnswer`; `ModelingFaults.regressionUnsettled` after `most` passes.
    public init(
        guest: WeightedColumns, host: WeightedColumns, labels: [Double], l2: Double = 0, tolerance: Double = 1e-9,
        most: Int = 30
    ) throws(Fault) {
        var steps = try HostSteps(host, l2: l2, tolerance: tolerance)
        var answer = try GuestAnswer(guest, labels: labels, l2: l2)
        for pass in 1...most {
            let residuals = try answer.answer(try steps.scores())
            guard steps.advance(host.gradient(residuals)) else { continue }
            self.guest = LogisticPart(
                party: 0, intercept: answer.values[0], names: guest.names, values: Array(answer.values.dropFirst()))
            self.host = LogisticPart(party: 1, intercept: 0, names: host.names, values: steps.coefficients)
            passes = pass
            deviance = answer.deviance
            return
        }
        throw Fault(ModelingFaults.regressionUnsettled)
    }
}

/// One party's coefficients.
public struct LogisticPart: Hashable, Sendable {
    /// 0 for the guest.
    public let party: Int
    /// 0 at hosts.
    public let intercept: Double
    public let names: [String]
    /// One per name.
    public let values: [Double]

    public init(party: Int, intercept: Double, names: [String], values: [Double]) {
        precondition(names.count == values.count, "a value for each name")
        self.party = party
        self.intercept = intercept
        self.names = names
        self.values = values
    }

    /// Party (4 bytes), intercept (double), number of columns, each name and value. Little-endian.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(UInt32(party))
        writer.put(intercept)
        writer.put(UInt32(names.count))
        for (name, value) in zip(names, values) {
            writer.put(name)
            writer.put(value)
        }
        return writer.bytes
    }

    /// - Throws: `ModelingFaults.encoding`.
    public init(bytes: [UInt8]) throws(Fault) {
        var reader = ByteReader(bytes[...])
        party = Int(try reader.number(UInt32.self))
        intercept = try reader.double()
        var names: [String] = []
        var values: [Double] = []
        for _ in 0..<(try reader.count(each: 12)) {
            names.append(try reader.text())
            values.append(try reader.double())
        }
        guard reader.isAtEnd, (values + [intercept]).allSatisfy(\.isFinite), Set(names).count == names.count else {
            throw ByteReader.damaged("these are no coefficients")
        }
        self.names = names
        self.values = values
    }

    /// SHA-256 of "atoll logistic part 1\n", the length of the salt (4 bytes), the salt and the bytes.
    public func digest(salt: [UInt8] = []) -> ModelDigest {
        var writer = ByteWriter()
        writer.put(UInt32(salt.count))
        writer.put(bytes: salt)
        writer.put(bytes: bytes)
        return ModelDigest(domain: "atoll logistic part 1\n", writer.bytes)
    }

    /// The scores of rows by these columns and the intercept: log-odds.
    public func scores(_ columns: WeightedColumns) -> [Double] {
        let parts = columns.weights.enumerated().map { column, weights in
            weights.map { values[column] * (Double($0) / WeightedColumns.unit) }
        }
        return (0..<columns.rows).map { row in
            var score = intercept
            for column in parts.indices { score += parts[column][Int(columns.bins[column][row])] }
            return score
        }
    }
}

extension ModelDigest {
    /// Of a regression of several parties: SHA-256 of "atoll logistic joint 1\n" and the digests of the parts in the order of
    /// the parties.
    public static func logistic(parts: [ModelDigest]) -> ModelDigest {
        ModelDigest(domain: "atoll logistic joint 1\n", parts.flatMap(\.bytes))
    }
}
