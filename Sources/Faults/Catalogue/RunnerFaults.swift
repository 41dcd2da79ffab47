/// 420x-429x: starting and ending workers.
public enum RunnerFaults {
    public static let notStarted = FaultEntry(
        4200, "worker-not-started", status: 500, "A worker could not be started.",
        fix: "See what the system says; processes, descriptors or memory of the machine may be used up."
    )
    public static let orderTooLarge = FaultEntry(
        4201, "worker-order-too-large", status: 422, "The order of a worker is larger than a worker takes.",
        fix: "Give the task fewer or shorter parameters."
    )
    public static let beyondCapacity = FaultEntry(
        4202, "worker-beyond-capacity", status: 422, "A worker wants more than the machine has for all workers.",
        fix: "Lower the job's limits, or give the site a larger machine or group."
    )
    public static let records = FaultEntry(
        4203, "worker-records", status: 500, "The records of workers cannot be kept.",
        fix: "Let the site's user write in the data directory, and free space on its disk."
    )
    public static let leftOver = FaultEntry(
        4204, "worker-left-over", status: 500, "A worker of an earlier life of the site cannot be ended.",
        fix: "End the processes named, or restart the machine; one that waits for a broken disk cannot be ended."
    )
    public static let controlGroup = FaultEntry(
        4205, "worker-control-group", status: 500, "No control groups can be made where the workers' are to be.",
        fix: "Name a group that the site's user may write and that has the memory controller, or none."
    )

    static let all: [FaultEntry] = [notStarted, orderTooLarge, beyondCapacity, records, leftOver, controlGroup]
}
