public import Faults
import WorkerSocket

extension TaskOrder {
    /// The largest order, in bytes.
    public static let largest = 1 << 20
    /// The most parties of a task.
    static let mostParties = 64
    /// The most files that a worker is given.
    public static let mostDescriptors = 32

    /// Reads an order that came from outside, and checks all that can be checked without an operator.
    ///
    /// - Throws: `TaskFaults.orderUnreadable`. No fault quotes what is in it: it holds a token.
    public static func read(_ bytes: [UInt8]) throws(Fault) -> TaskOrder {
        guard !bytes.isEmpty, bytes.count <= largest else {
            throw Fault(TaskFaults.orderUnreadable, wanted: "1 to \(largest) bytes of JSON on standard input")
        }
        let order: TaskOrder
        do {
            order = try TaskOrder(decoding: bytes)
        } catch {
            throw Fault(TaskFaults.orderUnreadable, wanted: "a task order of version \(currentVersion) as JSON")
        }
        guard order.version == currentVersion else {
            throw Fault(TaskFaults.orderUnreadable, at: "version", wanted: "\(currentVersion)")
        }
        try order.check()
        return order
    }

    private func check() throws(Fault) {
        let names = [("job", job), ("task", task)] + parties.map { ("parties", $0.site) }
        for (place, name) in names where !(1...WorkerSocket.maximumName).contains(name.utf8.count) {
            throw Fault(TaskFaults.orderUnreadable, at: place, wanted: "1 to \(WorkerSocket.maximumName) bytes")
        }
        guard Hexadecimal.bytes(token)?.count == WorkerSocket.tokenLength else {
            throw Fault(TaskFaults.orderUnreadable, at: "token", wanted: "32 bytes in hexadecimal")
        }
        guard Hexadecimal.bytes(seed)?.count == 32 else {
            throw Fault(TaskFaults.orderUnreadable, at: "seed", wanted: "32 bytes in hexadecimal")
        }
        guard parties.indices.contains(party), parties.count <= Self.mostParties else {
            throw Fault(TaskFaults.orderUnreadable, at: "party", wanted: "one of at most \(Self.mostParties) parties")
        }
        guard Set(parties.map(\.site)).count == parties.count else {
            throw Fault(TaskFaults.orderUnreadable, at: "parties", wanted: "each site once")
        }
        let descriptors =
            inputs.map(\.descriptor) + results.map(\.descriptor) + columns.map(\.descriptor)
            + [output].compactMap { $0 }
        guard descriptors.allSatisfy({ $0 > 2 }), Set(descriptors).count == descriptors.count,
            descriptors.count <= Self.mostDescriptors, Set(inputs.map(\.dataset)).count == inputs.count,
            Set(results.map(\.reference)).count == results.count,
            Set(columns.map(\.owner)).count == columns.count, columns.allSatisfy({ parties.indices.contains($0.owner) })
        else {
            throw Fault(
                TaskFaults.orderUnreadable, at: "inputs",
                wanted:
                    "each dataset, result and owner of columns once, and at most \(Self.mostDescriptors) descriptors above 2, each once"
            )
        }
        guard threads >= 1 else { throw Fault(TaskFaults.orderUnreadable, at: "threads", wanted: "at least 1") }
        guard (1...255).contains(operatorName.utf8.count) else {
            throw Fault(TaskFaults.orderUnreadable, at: "operatorName")
        }
    }

    /// What the protocols see of it. The seed was checked.
    var setting: TaskSetting {
        TaskSetting(
            parameters: parameters, parties: parties.map { TaskParty(site: $0.site, role: $0.role) },
            seed: Hexadecimal.bytes(seed) ?? [])
    }
}
