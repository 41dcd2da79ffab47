/// 1xxx: documents, resources, the store.
public enum ResourceFaults {
    public static let syntax = FaultEntry(
        1001, "syntax", status: 400, "The document is not valid YAML or JSON.",
        fix: "Correct the document at the place named."
    )
    public static let unknownField = FaultEntry(
        1002, "unknown-field", status: 422, "The document has a field that this kind does not know.",
        fix: "Correct the name or remove the field; `atoll explain KIND` lists the fields."
    )
    public static let wrongType = FaultEntry(
        1003, "wrong-type", status: 422, "A field has a value of the wrong type.",
        fix: "Write a value of the wanted type."
    )
    public static let outOfRange = FaultEntry(
        1004, "out-of-range", status: 422, "A field's value is outside its range.",
        fix: "Choose a value inside the range."
    )
    public static let missingField = FaultEntry(
        1005, "missing-field", status: 422, "A required field is missing.",
        fix: "Add the field."
    )
    public static let danglingReference = FaultEntry(
        1006, "dangling-reference", status: 422, "A field names a resource that does not exist.",
        fix: "Create the resource first, or correct the name."
    )
    public static let immutableField = FaultEntry(
        1007, "immutable-field", status: 422, "A field that cannot change after creation was changed.",
        fix: "Keep the old value, or delete the resource and create a new one."
    )
    public static let unknownKind = FaultEntry(
        1008, "unknown-kind", status: 404, "There is no kind of that name.",
        fix: "`atoll kinds` lists the kinds."
    )
    public static let invalidName = FaultEntry(
        1009, "invalid-name", status: 422, "A name is not allowed.",
        fix: "Use 1 to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit."
    )
    public static let conflict = FaultEntry(
        1010, "conflict", status: 409, "The resource has changed since it was read.",
        fix: "Read it again and repeat the change on the new version."
    )
    public static let alreadyExists = FaultEntry(
        1011, "already-exists", status: 409, "A resource of that kind and name exists already.",
        fix: "Choose another name, or update the existing resource."
    )
    public static let notFound = FaultEntry(
        1012, "not-found", status: 404, "There is no such resource.",
        fix: "Check kind, name, tenant and project; `atoll get KIND` lists what exists."
    )
    public static let tooOld = FaultEntry(
        1013, "too-old", status: 410, "The watch asks for changes that are no longer kept.",
        fix: "List the resources again and watch from the version of that list."
    )
    public static let invalidDocument = FaultEntry(
        1014, "invalid-document", status: 422, "The document has several mistakes.",
        fix: "Correct each of them; nothing was changed."
    )
    public static let duplicateKey = FaultEntry(
        1015, "duplicate-key", status: 400, "A key appears twice in one group of fields.",
        fix: "Remove one of the two."
    )
    public static let unsupportedVersion = FaultEntry(
        1016, "unsupported-version", status: 422, "The document's apiVersion is not one that this program speaks.",
        fix: "Write `apiVersion: atoll.dev/v1alpha1`."
    )
    public static let invalidSelector = FaultEntry(
        1017, "invalid-selector", status: 400, "A label selector cannot be read.",
        fix: "Write `key=value`, `key!=value`, `key` or `!key`, joined by commas."
    )
    public static let invalidPageToken = FaultEntry(
        1018, "invalid-page-token", status: 400, "The page token is not one that this list gave out.",
        fix: "Begin the list again without a token."
    )
    public static let beingDeleted = FaultEntry(
        1019, "being-deleted", status: 409, "The resource is being deleted and takes no changes of its spec.",
        fix: "Wait until it is gone, then create it anew."
    )
    public static let rollbackRefused = FaultEntry(
        1020, "rollback-refused", status: 409, "This resource cannot be rolled back.",
        fix: "Create a new resource with the wanted spec."
    )
    public static let noSuchRevision = FaultEntry(
        1021, "no-such-revision", status: 404, "The resource has no revision of that number.",
        fix: "`atoll history KIND NAME` lists the revisions."
    )
    public static let immutableKind = FaultEntry(
        1022, "immutable-kind", status: 409, "Resources of this kind cannot change after creation.",
        fix: "Create a new resource under another name."
    )
    public static let madeBySite = FaultEntry(
        1036, "made-by-site", status: 403, "Resources of this kind are made by the site alone.",
        fix: "Ask for what they stand for: `atoll explain KIND` says how they come to be."
    )
    public static let tooDeep = FaultEntry(
        1023, "too-deep", status: 400, "The document is nested too deeply.",
        fix: "Flatten the document."
    )
    public static let tooLarge = FaultEntry(
        1024, "too-large", status: 413, "The document is too large.",
        fix: "Split it into several documents; large data belongs in files, not in specs."
    )
    public static let invalidLabel = FaultEntry(
        1025, "invalid-label", status: 422, "A label is not allowed.",
        fix: "Use keys of 1 to 63 and values of up to 63 letters, digits, '-', '_', '.' and '/'."
    )
    public static let scopeMismatch = FaultEntry(
        1026, "scope-mismatch", status: 422, "Tenant or project does not fit this kind.",
        fix: "Give tenant and project exactly where the kind has them; `atoll kinds` shows the scope."
    )
    public static let invalidVersion = FaultEntry(
        1027, "invalid-version", status: 400, "The resource version is not one that this store gave out.",
        fix: "Use the version of a list or of a resource as it was returned."
    )
    public static let storeLocked = FaultEntry(
        1030, "store-locked", status: 503, "Another server uses this data directory.",
        fix: "Stop the other server, or choose another directory with --data."
    )
    public static let storeFull = FaultEntry(
        1031, "store-full", status: 507, "The disk of the data directory is full; the change was not made.",
        fix: "Free space on that disk and repeat the command."
    )
    public static let storeReadOnly = FaultEntry(
        1032, "store-read-only", status: 503, "The data directory cannot be written; the change was not made.",
        fix: "Give the server's user write permission, or mount the file system for writing."
    )
    public static let storeDamaged = FaultEntry(
        1033, "store-damaged", status: 500, "The store's file is not a usable database.",
        fix: "Restore the newest snapshot from the data directory's `snapshots` folder."
    )
    public static let storeNewer = FaultEntry(
        1034, "store-newer", status: 500, "The store was written by a newer version of this program.",
        fix: "Start the newer version, or restore a snapshot made before the upgrade."
    )
    public static let storeFailed = FaultEntry(
        1035, "store-failed", status: 500, "The store could not read or write.",
        fix: "See the server's log for the database's own message."
    )

    static let all: [FaultEntry] = [
        syntax, unknownField, wrongType, outOfRange, missingField, danglingReference, immutableField, unknownKind,
        invalidName, conflict, alreadyExists, notFound, tooOld, invalidDocument, duplicateKey, unsupportedVersion,
        invalidSelector, invalidPageToken, beingDeleted, rollbackRefused, noSuchRevision, immutableKind, tooDeep,
        tooLarge, invalidLabel, scopeMismatch, invalidVersion, storeLocked, storeFull, storeReadOnly, storeDamaged,
        storeNewer, storeFailed, madeBySite,
    ]
}
