/// 410x-419x: operators, task protocols and workers.
public enum TaskFaults {
    static let all: [FaultEntry] = []
}
