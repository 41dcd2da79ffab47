/// Every fault the product can raise, in order of number. `docs/errors.md` is generated from it, and a test compares.
public enum FaultCatalogue {
    public static let all: [FaultEntry] = [
        ProgramFaults.all,
        ResourceFaults.all,
        ArithmeticFaults.all,
        EncryptionFaults.all,
        JoiningFaults.all,
        LinkFaults.all,
        GatewayFaults.all,
        LedgerFaults.all,
        RouteFaults.all,
        JobFaults.all,
        TaskFaults.all,
        AlignFaults.all,
        BoostFaults.all, WoeFaults.all, LogisticFaults.all,
        RunnerFaults.all,
        ObjectFaults.all,
        DataFaults.all,
        GrantFaults.all,
        TableFaults.all,
        ModelingFaults.all,
        TrialFaults.all,
        ModelFaults.all,
        PeopleFaults.all, RequestFaults.all,
        ObservabilityFaults.all,
    ].flatMap { $0 }.sorted { $0.number.rawValue < $1.number.rawValue }

    public static func entry(_ number: FaultNumber) -> FaultEntry? {
        all.first { $0.number == number }
    }
}
