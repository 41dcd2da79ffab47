/// 400x-409x: jobs, their plans and how their parties agree.
public enum JobFaults {
    static let all: [FaultEntry] = []
}
