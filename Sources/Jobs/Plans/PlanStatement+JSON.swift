import Ledger
public import Resources
import TaskRuntime

extension PlanStatement {
    /// As the API answers it; sites by their ids.
    public var json: JSONValue {
        let rates = known.rates
        return [
            "job": .string(plan.job), "name": .string(plan.name), "owner": .string(plan.owner.text),
            "digest": .string(Hexadecimal.text(plan.digest)),
            "parties": .array(
                plan.parties.enumerated().map { index, party in
                    [
                        "site": .string(party.site.text), "role": .string(party.role),
                        "total": Self.json(totals[index]), "memoryAsked": .integer(Int64(clamping: plan.limits.memory)),
                        "coresAsked": .integer(Int64(plan.limits.cores)),
                    ]
                }),
            "secondsAllowed": .integer(plan.limits.seconds),
            "rates": [
                "measured": .bool(known.measured != nil),
                "since": known.measured.map { .string($0.description) } ?? .null, "bandwidth": .number(rates.bandwidth),
                "roundTrip": .number(rates.roundTrip), "productsPerSecond": .number(rates.productsPerSecond),
                "encryptionsPerSecond": .number(rates.encryptionsPerSecond),
                "decryptionsPerSecond": .number(rates.decryptionsPerSecond),
            ],
            "tasks": .array(tasks.map(json)),
            "grants": .array(tasks.flatMap(\.grants).map(Self.json)),
        ]
    }

    private func json(_ task: Task) -> JSONValue {
        let sites = plan.parties.map { JSONValue.string($0.site.text) }
        return [
            "name": .string(task.name), "operator": .string(task.operatorName),
            "version": .integer(Int64(task.operatorVersion)), "after": .array(task.after.map { .string($0) }),
            "costs": .array(
                task.costs.enumerated().map { index, cost in ["site": sites[index], "cost": Self.json(cost)] }),
            "learns": .array(
                task.leakage.map { row in
                    [
                        "role": .string(row.role), "learns": .string(row.learns),
                        "sites": .array(plan.parties.filter { $0.role == row.role }.map { .string($0.site.text) }),
                    ]
                }),
            "messages": .array(
                task.messages.map { row in
                    [
                        "type": .string(row.type), "from": sites[row.from], "to": sites[row.to],
                        "firstStep": .integer(Int64(row.steps.lowerBound)),
                        "lastStep": .integer(Int64(row.steps.upperBound)),
                        "count": .integer(Int64(clamping: row.count)), "isMost": .bool(row.isMost),
                        "bytes": .integer(Int64(clamping: row.expectedBytes)),
                        "bits": .integer(Int64(clamping: Self.bits(row))),
                        "largest": .integer(Int64(row.maximumBytes)), "elementBits": .integer(Int64(row.elementBits)),
                        "schema": .string(row.schema),
                    ]
                }),
        ]
    }

    private static func json(_ need: GrantNeed) -> JSONValue {
        [
            "owner": .string(need.owner.text), "dataset": .string(need.dataset), "peer": .string(need.peer.text),
            "task": .string(need.task), "operator": .string(need.operatorName),
        ]
    }

    private static func json(_ cost: TaskCost) -> JSONValue {
        [
            "seconds": .number(cost.seconds), "bytesOut": .integer(Int64(clamping: cost.bytesOut)),
            "memory": .integer(Int64(clamping: cost.memory)),
        ]
    }

}
