public import Faults
public import Resources

/// One of the bounds of a quota, with what is used of it.
public struct QuotaBound: Sendable, Hashable {
    /// A field of `Quota`: `runningJobs`.
    public let field: String
    /// In a sentence, with its unit: `running jobs`.
    public let what: String
    public let used: Int64
    public let hard: Int64

    /// - Parameter hard: nil where the quota does not bound it; there is no bound then.
    public init?(_ field: String, _ what: String, used: Int64, hard: Int64?) {
        guard let hard else { return nil }
        (self.field, self.what, self.used, self.hard) = (field, what, used, hard)
    }

    /// Of so much nothing is refused; what asks for nothing is not held up by what others use.
    func fits(_ asked: Int64) -> Bool { asked <= 0 || asked <= hard - used }
}

extension Quota {
    /// - Parameters:
    ///   - asked: what would be used more, by the bounds' fields.
    ///   - name: the quota's, and the scope that it is for.
    ///   - entry: the fault of a refusal.
    /// - Throws: that fault with used, asked and hard of every bound that would be passed.
    public static func check(
        _ bounds: [QuotaBound], asked: [String: Int64], name: String, scope: Scope, refusal entry: FaultEntry
    ) throws(Fault) {
        let faults = bounds.compactMap { bound -> Fault? in
            let asked = asked[bound.field] ?? 0
            guard !bound.fits(asked) else { return nil }
            return Fault(
                entry,
                "The quota '\(name)' of \(scope) would be passed: \(bound.what): used \(bound.used), asked "
                    + "\(asked), hard \(bound.hard).", at: "quota \(name)",
                wanted: "at most \(max(0, bound.hard - bound.used)) \(bound.what)")
        }
        if faults.count == 1 { throw faults[0] }
        if !faults.isEmpty { throw Fault(entry, parts: faults) }
    }
}
