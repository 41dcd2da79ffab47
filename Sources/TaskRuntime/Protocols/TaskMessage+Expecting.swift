import Faults

extension TaskMessage {
    /// - Throws: `TaskFaults.messageUnexpected` for a message of another type or step, or of another party where one is named.
    func expect(_ type: String, step: UInt32, from party: Int? = nil) throws(Fault) {
        guard self.type == type, self.step == step, party == nil || party == self.party else {
            throw Fault(
                TaskFaults.messageUnexpected, "A message \(self.type) of step \(self.step) came.",
                at: "party \(self.party)", wanted: "\(type) of step \(step)")
        }
    }
}
