/// 420x-429x: starting and ending workers.
public enum RunnerFaults {
    static let all: [FaultEntry] = []
}
