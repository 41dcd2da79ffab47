public import Faults
public import Modeling

/// The regression of `train.logistic` in one place, for whoever may read the tables of both parties: what it is compared with.
public struct LogisticBaseline: Sendable {
    public let regression: ExactRegression
    private let plan: LogisticPlan
    private let woe: [WoePart]
    private let host: WeightedColumns

    /// - Parameters:
    ///   - setting: of the task; its number of rows may be 0 for those that there are.
    ///   - weighed: the weights of evidence of the same rows in one place.
    ///   - selected: by party, the columns that the task's selection keeps; nil where it names none.
    /// - Throws: as the task would.
    public init(_ setting: TaskSetting, _ weighed: WoeBaseline, selected: [[String]]? = nil) throws(Fault) {
        var parameters = setting.parameters
        parameters["rows"] = .integer(Int64(weighed.rows))
        plan = try LogisticPlan(
            TaskSetting(parameters: parameters, parties: setting.parties, seed: setting.seed),
            shape: .paillier(bits: 2048))
        guard weighed.parts.count == 2 else { throw Fault(BoostFaults.parameters) }
        var columns: [WeightedColumns] = []
        for (place, part) in weighed.parts.enumerated() {
            let names = plan.names(part, selected: selected?[place], place: place)
            columns.append(try plan.columns(weighed.learning[place], part, names))
        }
        regression = try ExactRegression(
            guest: columns[0], host: columns[1], labels: weighed.labels, l2: plan.l2, tolerance: plan.tolerance,
            most: plan.passes)
        woe = weighed.parts
        host = columns[1]
    }

    /// The joint digest, with the salt that the host would use.
    public var digest: ModelDigest { results.guest.digest }

    /// The digests of what the task leaves at each party, as its job tells them.
    public var partDigests: [[UInt8]] {
        let (guest, host) = results
        return [guest.bytes, host.bytes].map { TaskResult(output: $0).partDigest(seed: plan.seed) }
    }

    private var results: (guest: LogisticGuestResult, host: LogisticHostResult) {
        let other = LogisticHostResult(
            part: regression.host, woe: woe[1], salt: LogisticHostResult.salt(of: host, seed: plan.seed))
        let own = LogisticGuestResult(
            part: regression.guest, woe: woe[0], host: other.part.digest(salt: other.salt),
            passes: regression.passes, deviance: regression.deviance)
        return (own, other)
    }
}
