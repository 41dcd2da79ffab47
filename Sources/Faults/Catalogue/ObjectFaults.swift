/// 500x: object stores, 502x-503x: uploads and files.
public enum ObjectFaults {
    static let all: [FaultEntry] = stores + uploads

    // MARK: 5000-5009: object stores

    public static let notFound = FaultEntry(
        5000, "object-not-found", status: 404, "There is no such object in the object store.",
        fix: "The content was removed by other means than Atoll; upload it again."
    )
    public static let full = FaultEntry(
        5001, "object-store-full", status: 507, "The object store has no room left.",
        fix: "Free space or give the store more, then send again; nothing of the attempt is kept."
    )
    public static let failed = FaultEntry(
        5002, "object-store-failed", status: 500, "The object store failed.",
        fix: "See the log of the site for the cause; look at the disk or the object server."
    )
    public static let unreachable = FaultEntry(
        5003, "object-store-unreachable", status: 503, "The object store does not answer.",
        fix: "See that its endpoint is right and that this site reaches it, then try again."
    )
    public static let denied = FaultEntry(
        5004, "object-store-denied", status: 502, "The object store refuses what this site asks for.",
        fix: "See that bucket, access key and secret key are right and allow reading, writing, listing and deleting."
    )
    public static let invalidKey = FaultEntry(
        5005, "object-key", status: 422, "The key of an object is not allowed.",
        fix: "Use words of a-z, 0-9, '.', '_' and '-', separated by '/'."
    )
    public static let changed = FaultEntry(
        5006, "object-changed", status: 409, "An object was replaced while it was being read.",
        fix: "Read it again."
    )
    public static let wrongParts = FaultEntry(
        5007, "object-parts", status: 409, "The parts of an object do not fit together.",
        fix: "Send the parts again: all of one size but the last, in order, none missing."
    )
    public static let unknownParts = FaultEntry(
        5008, "object-parts-unknown", status: 404, "The object store knows no such upload in parts.",
        fix: "Begin the upload again."
    )
    public static let settings = FaultEntry(
        5009, "object-store-settings", status: 422, "The settings of the object store cannot be used.",
        fix: "Correct the setting named; `atoll config show` tells where it comes from."
    )

    private static let stores = [
        notFound, full, failed, unreachable, denied, invalidKey, changed, wrongParts, unknownParts, settings,
    ]

    // MARK: 5020-5039: uploads and files

    public static let unknownUpload = FaultEntry(
        5020, "upload-unknown", status: 404, "There is no such upload.",
        fix: "It was aborted, or forgotten because nothing was sent for a day; begin again."
    )
    public static let uploadSize = FaultEntry(
        5021, "upload-size", status: 413, "A file of this size cannot be uploaded.",
        fix: "Split the file, or compress it."
    )
    public static let wrongChunk = FaultEntry(
        5022, "upload-chunk", status: 422, "A chunk is not one of the upload's, or has another size.",
        fix: "Send each chunk whole: all have the size that the upload says, but the last."
    )
    public static let chunkDigest = FaultEntry(
        5023, "upload-chunk-digest", status: 422, "A chunk arrived with another digest than its sender computed.",
        fix: "Send the chunk again."
    )
    public static let incomplete = FaultEntry(
        5024, "upload-incomplete", status: 409, "Chunks of the upload are missing.",
        fix: "Send the missing chunks, then complete the upload."
    )
    public static let digestDiffers = FaultEntry(
        5025, "upload-digest", status: 422, "What arrived has another digest than its sender computed.",
        fix: "Compare the digests of the chunks and send those again that differ."
    )
    public static let rowsDiffer = FaultEntry(
        5026, "upload-rows", status: 422, "What arrived has another number of rows than its sender counted.",
        fix: "See whether the file has a header and how it quotes, and upload it again."
    )
    public static let uploadClosed = FaultEntry(
        5027, "upload-closed", status: 409, "The upload takes no more chunks.",
        fix: "See its state; begin another upload where it has failed."
    )
    public static let uploadBusy = FaultEntry(
        5028, "upload-busy", status: 429, "Too much is being uploaded at this moment.",
        fix: "Send the same again in a moment."
    )
    public static let tooManyUploads = FaultEntry(
        5029, "upload-too-many", status: 429, "Too many uploads are open.",
        fix: "Complete or abort others: `atoll file uploads`, `atoll file abort ID`."
    )
    public static let fileChanged = FaultEntry(
        5030, "file-changed", status: 409, "The file changed while it was being read.",
        fix: "Let whoever writes it finish, and upload it again."
    )
    public static let noContent = FaultEntry(
        5031, "file-no-content", status: 409, "The file or dataset was not made by an upload and has no content.",
        fix: "Delete the document, and upload the file with `atoll file upload` or `atoll data upload`."
    )

    private static let uploads = [
        unknownUpload, uploadSize, wrongChunk, chunkDigest, incomplete, digestDiffers, rowsDiffer, uploadClosed,
        uploadBusy, tooManyUploads, fileChanged, noContent,
    ]
}
