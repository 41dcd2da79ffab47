/// 310x-312x: the ledger.
public enum LedgerFaults {
    public static let notRecorded = FaultEntry(
        3100, "not-recorded", status: 507, "A frame could not be recorded, so it was not sent.",
        fix: "Make the ledger's disk writable and give it room; sending goes on by itself."
    )

    static let all: [FaultEntry] = [notRecorded]
}
