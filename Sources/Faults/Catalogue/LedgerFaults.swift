/// 310x-312x: the ledger.
public enum LedgerFaults {
    public static let notRecorded = FaultEntry(
        3100, "not-recorded", status: 507, "A frame could not be recorded, so it was not sent.",
        fix: "Make the ledger's disk writable and give it room; sending goes on by itself."
    )
    public static let outOfSequence = FaultEntry(
        3101, "ledger-gap", status: 409, "A frame would leave a gap in its channel, so it was not recorded.",
        fix: "Send the frames of a channel in order, each with the next sequence number."
    )
    public static let invalidRecord = FaultEntry(
        3102, "invalid-record", status: 400, "The ledger cannot hold a value of this record.",
        fix: "This is a mistake of the program; report it with the line of the log."
    )
    public static let chainClosed = FaultEntry(
        3103, "chain-closed", status: 409, "Both sites have signed the closing receipt of this job.",
        fix: "Start the job again; a new epoch opens its chains again."
    )
    public static let damaged = FaultEntry(
        3104, "ledger-damaged", status: 500, "What the ledger holds does not fit together.",
        fix: "Stop the site, keep its data directory as it is, and run `atoll ledger verify` to see where."
    )
    public static let otherSite = FaultEntry(
        3105, "ledger-of-another-site", status: 409, "This ledger was begun by another site.",
        fix: "Use the data directory that belongs to this site's root key."
    )
    public static let notOpened = FaultEntry(
        3106, "job-not-opened", status: 409, "The job was not opened towards this peer.",
        fix: "Open the job's plan at both sites before its heads are co-signed."
    )
    public static let malformedStatement = FaultEntry(
        3110, "malformed-statement", status: 400, "A proposal or statement of a peer cannot be read.",
        fix: "Run the same or a neighbouring version of the program at both sites."
    )
    public static let disagreement = FaultEntry(
        3111, "ledgers-disagree", status: 409, "The ledgers of the two sites do not agree; the job stops.",
        fix: "Export the job's ledger at both sites and compare: `tools/verify_ledger.py ONE OTHER` says where."
    )
    public static let badSignature = FaultEntry(
        3112, "bad-co-signature", status: 403, "A co-signature does not fit the statement and the site's root key.",
        fix: "Check that the peer's root key is the one that was pinned when the peer joined."
    )
    public static let outdated = FaultEntry(
        3113, "statement-outdated", status: 409, "The statement speaks of an older state than one already signed.",
        fix: "Nothing; the next exchange brings a newer one."
    )
    public static let coSignatureMissing = FaultEntry(
        3114, "co-signature-missing", status: 503,
        "The peer has not co-signed new ledger lines in time; the job stops.",
        fix: "Look at the peer's log; `atoll ledger show` tells up to where both have signed."
    )
    public static let notEnded = FaultEntry(
        3115, "channels-not-ended", status: 409, "The job's channels have not ended, so its receipt is not signed yet.",
        fix: "Nothing; the receipt is asked for again until both sites have sent and received everything."
    )
    public static let unknownKey = FaultEntry(
        3116, "root-key-unknown", status: 409, "The root key of a site is not known or does not fit its id.",
        fix: "Join the peer again, or check that the site id is the right one."
    )
    public static let notVerified = FaultEntry(
        3120, "ledger-not-verified", status: 422, "The ledger does not hold together.",
        fix: "Keep the export and the data directory as they are; each finding says where."
    )
    public static let malformedExport = FaultEntry(
        3121, "malformed-export", status: 400, "This is not an export of a ledger.",
        fix: "Write one with `atoll ledger export`; it is one JSON object a line and ends with an object of type 'end'."
    )
    public static let unreadable = FaultEntry(
        3122, "ledger-unreadable", status: 404, "There is no ledger that can be read here.",
        fix: "Name the data directory of a site with --data, or an export with --file."
    )

    static let all: [FaultEntry] = [
        notRecorded, outOfSequence, invalidRecord, chainClosed, damaged, otherSite, notOpened, malformedStatement,
        disagreement, badSignature, outdated, coSignatureMissing, notEnded, unknownKey, notVerified, malformedExport,
        unreadable,
    ]
}
