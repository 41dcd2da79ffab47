import Faults
import TaskRuntime

/// An operator for tests that reads the results of earlier tasks and a dataset of each host.
struct StudyOperator: Operator {
    /// Parameters that are those of the tasks whose results are read.
    var kept: [String] = []

    var description: OperatorDescription {
        OperatorDescription(
            name: "study", version: 1, summary: "Reads what earlier tasks left.",
            roles: [OperatorRole("guest", 1...1), OperatorRole("host", 1...3)],
            parameters: [
                OperatorParameter("model", .text(0...90), default: .text(""), "A result."),
                OperatorParameter("other", .text(0...90), default: .text(""), "Another result."),
                OperatorParameter("table", .text(0...90), default: .text(""), "A dataset of each host."),
                OperatorParameter("rows", .integer(0...9_999), default: .integer(1), "Rows of the first host's."),
            ],
            leakage: [], messages: { _ in [] },
            cost: { _, _, _ in TaskCost(seconds: 0, bytesOut: 0, memory: 1 << 20) },
            reads: { setting in
                guard !setting.text("table").isEmpty else { return [] }
                return setting.parties.indices.filter { setting.parties[$0].role == "host" }
                    .map { DatasetUse(party: $0, dataset: setting.text("table")) }
            },
            inputs: { setting in ["model", "other"].map { setting.text($0) }.filter { !$0.isEmpty } },
            keptParameters: kept, sizes: [DatasetSize("rows", role: "host", dataset: "table")], isReusable: true)
    }

    func makeProtocol(_ setting: TaskSetting, party: Int, data: TaskData) throws(Fault) -> any TaskProtocol {
        throw Fault(JobFaults.unknownOperator)
    }
}
