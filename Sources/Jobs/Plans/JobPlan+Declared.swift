import Crypto
public import Ledger
public import Sites
public import TaskRuntime

extension JobPlan {
    /// What the gateway of a party lets cross: the message tables of all tasks, as far as the site is an end of them.
    ///
    /// - Parameter site: a party of the plan.
    public func declared(at site: SiteID, digest: [UInt8], epoch: UInt64, _ catalogue: OperatorCatalogue)
        -> DeclaredPlan
    {
        var declarations: [String: [MessageDeclaration]] = [:]
        for task in tasks {
            guard let known = catalogue[task.operatorName]?.description else { continue }
            declarations[task.name] = self.declarations(known.messages(setting(of: task)), at: site)
        }
        return DeclaredPlan(
            job: job, planDigest: digest, epoch: epoch, peers: parties.map(\.site).filter { $0 != site },
            tasks: declarations)
    }

    /// One for each pair of which the site is an end.
    private func declarations(_ rows: [MessageRow], at site: SiteID) -> [MessageDeclaration] {
        rows.compactMap { row in
            let (from, to) = (parties[row.from].site, parties[row.to].site)
            guard from == site || to == site else { return nil }
            return MessageDeclaration(
                type: row.type, senders: [from], receivers: [to], steps: row.steps,
                schemaDigest: Array(SHA256.hash(data: Array(row.schema.utf8))), elementBits: row.elementBits,
                maximumBytes: row.maximumBytes)
        }
    }
}
