import Faults
public import Resources
public import TaskRuntime

/// One federated computation between sites, as a person asks for it. Its plan is made from it once; what a person may
/// change later is whether it goes on.
public enum Job {
    public static let kindName = "Job"

    /// - Parameter catalogue: the operators that the tasks of a job may name; every parameter is checked against them.
    public static func kind(_ catalogue: OperatorCatalogue) -> KindDefinition {
        KindDefinition(
            kindName,
            plural: "jobs",
            shortNames: ["jb"],
            scope: .project,
            summary: "One federated computation between sites: a graph of tasks that run at every party at once.",
            fields: fields,
            rollbackRefusal: "a job's plan never changes; submit another job",
            finalizers: [finalizer],
            columns: [
                .init("STATE", "status", "state"), .init("OWNER", "status", "owner"), .init("EPOCH", "status", "epoch"),
                .init("TASKS", "status", "tasksDone"), .init("MESSAGE", "status", "message"),
            ],
            example: example,
            check: { new, old throws(Fault) in try JobChecks(catalogue).check(new, old) }
        )
    }

    /// Held until the job has ended and nothing of it is left here.
    public static let finalizer = "jobs"

    private static let fields: [Field] = [
        Field("role", .choice(roles), default: "member", immutable: true, "This site's part in every task."),
        Field(
            "peers",
            .list(
                of: .group([
                    Field("peer", .reference(kind: "Peer"), required: true, "The peer that takes part."),
                    Field("role", .choice(roles), default: "member", "Its part in every task."),
                ]), count: 0...JobPlan.mostParties - 1),
            default: [], immutable: true, "The other parties."
        ),
        Field(
            "tasks",
            .list(
                of: .group([
                    Field("name", .text(1...63, form: .name), required: true, "Unique within the job."),
                    Field(
                        "operator", .text(1...32, form: .dottedName), required: true,
                        "What the task does: `atoll operators`."
                    ),
                    Field("version", .integer(1...Int64(UInt32.max)), "The operator's version, when it matters."),
                    Field(
                        "after", .list(of: .text(1...63, form: .name), count: 0...64), default: [],
                        "Tasks above that must have succeeded before."),
                    Field("parameters", .scalars(atMost: 64), default: [:], "The operator's parameters by name."),
                ]), count: 1...JobPlan.mostTasks),
            required: true, immutable: true, "What is to be done, each task after those it waits for."
        ),
        Field(
            "limits",
            .group([
                Field("memory", .integer(JobLimits.memoryBounds), default: 1024, "Memory of one worker in MiB."),
                Field("cores", .integer(JobLimits.coreBounds), default: 1, "Cores of one worker."),
                Field("seconds", .integer(JobLimits.secondBounds), default: 86_400, "Wall time of the whole job."),
            ]),
            default: ["memory": 1024, "cores": 1, "seconds": 86_400], immutable: true, "What it may use at each party."
        ),
        Field(
            "seed", .text(64...64, form: .line), immutable: true,
            "64 hexadecimal digits from which all sampling follows; drawn at random when absent."
        ),
        Field(
            "approval", .boolean, default: false, immutable: true,
            "Whether somebody other than the requester must approve it at this site."
        ),
        Field("wanted", .choice(["run", "pause", "cancel"]), default: "run", "What is to happen with it now."),
        Field("attempt", .integer(1...1_000_000), default: 1, "Raised to try again from the task that failed."),
    ]

    private static let roles = ["guest", "host", "member"]

    private static let example = """
        apiVersion: atoll.dev/v1alpha1
        kind: Job
        metadata:
          name: verify-partner
          tenant: retail-risk
          project: merchants
        spec:
          role: member
          peers:
            - peer: partner
              role: member
          tasks:
            - name: verify
              operator: verify
        """
}
