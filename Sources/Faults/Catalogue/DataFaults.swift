/// 510x: datasets.
public enum DataFaults {
    static let all: [FaultEntry] = [unknownDataset, ambiguousDataset, otherDataset, overQuota]

    public static let unknownDataset = FaultEntry(
        5100, "dataset-unknown", status: 404, "There is no such dataset at this site.",
        fix: "`atoll data list` shows what there is; a name is NAME, TENANT/PROJECT/NAME or NAME@JOB/TASK."
    )
    public static let ambiguousDataset = FaultEntry(
        5101, "dataset-ambiguous", status: 409, "Several datasets of this site have this name.",
        fix: "Name it with its place: TENANT/PROJECT/NAME."
    )
    public static let otherDataset = FaultEntry(
        5102, "dataset-of-task-differs", status: 409,
        "There is another dataset in the place of the one that a task has left.",
        fix: "Delete that dataset, or give it another name, and retry the job; the same task leaves the same table."
    )
    public static let overQuota = FaultEntry(
        5103, "storage-over-quota", status: 409, "What is stored would pass a quota.",
        fix: "Delete files and datasets that are not needed, or have the quota raised: `atoll quota list`."
    )
}
