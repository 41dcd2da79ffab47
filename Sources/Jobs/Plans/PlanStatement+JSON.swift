import Ledger
public import Resources
import TaskRuntime

extension PlanStatement {
    /// As the API answers it; sites by their ids.
    public var json: JSONValue {
        let sites = plan.parties.map { JSONValue.string($0.site.text) }
        return [
            "job": .string(plan.job), "name": .string(plan.name), "owner": .string(plan.owner.text),
            "digest": .string(plan.digest.map { Self.hexadecimal($0) }.joined()),
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
                "measured": .bool(rates.isMeasured), "bandwidth": .number(rates.bandwidth),
                "roundTrip": .number(rates.roundTrip), "productsPerSecond": .number(rates.productsPerSecond),
                "encryptionsPerSecond": .number(rates.encryptionsPerSecond),
                "decryptionsPerSecond": .number(rates.decryptionsPerSecond),
            ],
            "tasks": .array(tasks.map { Self.json($0, sites) }),
            // Operators that read datasets will say here which permissions they need.
            "grants": [],
        ]
    }

    private static func json(_ task: Task, _ sites: [JSONValue]) -> JSONValue {
        [
            "name": .string(task.name), "operator": .string(task.operatorName),
            "version": .integer(Int64(task.operatorVersion)), "after": .array(task.after.map { .string($0) }),
            "costs": .array(task.costs.enumerated().map { index, cost in ["site": sites[index], "cost": json(cost)] }),
            "learns": .array(task.leakage.map { ["role": .string($0.role), "learns": .string($0.learns)] }),
            "messages": .array(
                task.messages.map { row in
                    [
                        "type": .string(row.type), "from": sites[row.from], "to": sites[row.to],
                        "firstStep": .integer(Int64(row.steps.lowerBound)),
                        "lastStep": .integer(Int64(row.steps.upperBound)), "count": .integer(Int64(clamping: row.count)),
                        "bytes": .integer(Int64(clamping: row.expectedBytes)),
                        "largest": .integer(Int64(row.maximumBytes)), "elementBits": .integer(Int64(row.elementBits)),
                        "schema": .string(row.schema),
                    ]
                }),
        ]
    }

    private static func json(_ cost: TaskCost) -> JSONValue {
        [
            "seconds": .number(cost.seconds), "bytesOut": .integer(Int64(clamping: cost.bytesOut)),
            "memory": .integer(Int64(clamping: cost.memory)),
        ]
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = Array("0123456789abcdef")
        return String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
