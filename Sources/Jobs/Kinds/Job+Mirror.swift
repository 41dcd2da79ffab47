public import Ledger
public import Resources
import TaskRuntime

extension Job {
    /// The spec of the job that a partner keeps for a plan that was proposed to it: the same tasks, seen from its side.
    /// It passes the kind's checks wherever the plan passed `PlanChecks` and every party is a peer.
    ///
    /// - Parameters:
    ///   - site: this site, one of the plan's parties.
    ///   - peerName: the name of the `Peer` of a site; a party that is no peer here is left out of the list.
    public static func mirror(
        of plan: JobPlan, at site: SiteID, needsApproval: Bool = false, peerName: (SiteID) -> String?
    ) -> JSONValue {
        let peers = plan.parties.compactMap { party -> JSONValue? in
            guard party.site != site, let name = peerName(party.site) else { return nil }
            return ["peer": .string(name), "role": .string(party.role)]
        }
        let tasks = plan.tasks.map { task -> JSONValue in
            [
                "name": .string(task.name), "operator": .string(task.operatorName),
                "version": .integer(Int64(task.operatorVersion)), "after": .array(task.after.map { .string($0) }),
                "parameters": .object(task.parameters.mapValues(\.json)),
            ]
        }
        return [
            "role": .string(plan.parties.first { $0.site == site }?.role ?? "member"),
            "peers": .array(peers), "tasks": .array(tasks),
            "limits": [
                "memory": .integer(Int64(plan.limits.memory >> 20)), "cores": .integer(Int64(plan.limits.cores)),
                "seconds": .integer(plan.limits.seconds),
            ],
            "seed": .string(Hexadecimal.text(plan.seed)), "approval": .bool(needsApproval), "wanted": "run",
            "attempt": 1,
        ]
    }
}
