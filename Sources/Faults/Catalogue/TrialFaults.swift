/// 700x-709x: trials.
public enum TrialFaults {
    static let all: [FaultEntry] = []
}
