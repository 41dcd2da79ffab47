/// 412x: aligning ids without showing the others.
public enum AlignFaults {
    public static let pointUnusable = FaultEntry(
        4120, "align-point-unusable", status: 409,
        "A peer sent a point that no honest party sends: a coordinate out of range, or a point of small order.",
        fix: "Look at the peer's program and log: its worker does not keep to the protocol."
    )
    public static let messageMalformed = FaultEntry(
        4121, "align-message-malformed", status: 409,
        "A peer's message of the alignment does not have the size that both sides computed.",
        fix: "Run the same version of the program at both parties, and start the job again."
    )
    public static let tooManyIdentifiers = FaultEntry(
        4122, "align-too-many-ids", status: 409, "A dataset has more rows or distinct ids than its plan says.",
        fix: "Propose the job again with the dataset's present number of rows."
    )
    public static let keyRuleUnknown = FaultEntry(
        4123, "align-key-rule-unknown", status: 400, "The rules of the key columns cannot be read.",
        fix:
            "Give one rule per key column, separated by commas: words of trim, nfc, fold, digits, alphanumeric; or exact."
    )
    public static let keyColumns = FaultEntry(
        4124, "align-key-columns", status: 400, "The key columns of the two parties do not fit together.",
        fix: "Name as many key columns at the host as at the guest, in the same order, each once."
    )
    public static let curveSelfTest = FaultEntry(
        4125, "align-curve-self-test", status: 500, "A curve kernel did not reproduce its known answer.",
        fix: "Set ATOLL_KERNEL=portable and report the processor model; this machine's fast kernel cannot be trusted."
    )
    public static let tooFewCommon = FaultEntry(
        4126, "align-too-few-common", status: 409,
        "Fewer ids are common than the plan asks for; nothing is kept of the alignment.",
        fix:
            "Align datasets that have more in common, or ask the owner for a grant with a smaller minimum intersection."
    )
    public static let partUneven = FaultEntry(
        4127, "align-part-uneven", status: 409,
        "More distinct ids fall into one part than its fixed size holds; with honest data this happens once in 10^12 runs.",
        fix: "Run the job again with another seed."
    )

    public static let columnUnusable = FaultEntry(
        4128, "align-column-unusable", status: 400, "A dataset does not have a key column, or it cannot be a key.",
        fix: "Name columns of the dataset that hold texts, categories, integers, decimals or dates."
    )

    static let all: [FaultEntry] = [
        pointUnusable, messageMalformed, tooManyIdentifiers, keyRuleUnknown, keyColumns, curveSelfTest, tooFewCommon,
        partUneven, columnUnusable,
    ]
}
