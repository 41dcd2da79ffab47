import Faults
import Jobs
public import Resources
import TaskRuntime

/// The whole life of a federation as one run: sites are started, joined, checked, measured, given data, have a model trained
/// between them, and are removed.
public enum Trial {
    public static let kind = KindDefinition(
        "Trial",
        plural: "trials",
        shortNames: ["tr"],
        scope: .platform,
        summary:
            "The whole life of a federation as one run: deploy, check, measure, upload, align, train, report, tear down.",
        fields: fields,
        isImmutable: true,
        columns: [.init("STATE", "status", "state")],
        example: example,
        check: check
    )

    /// The roles of `Job` without the peers, which the sites are.
    private static let jobFields = Job.kind(Operators.all).fields.filter {
        ["tasks", "limits", "seed"].contains($0.name)
    }
    private static let role = Job.kind(Operators.all).fields.first { $0.name == "role" }

    private static let fields: [Field] = [
        Field(
            "sites",
            .list(
                of: .group(
                    [
                        Field("name", .text(1...24, form: .name), required: true, "Unique within the trial."),
                        Field("data", .group(dataFields), "What it knows; for trials that learn."),
                    ] + (role.map { [$0] } ?? [])), count: 2...16),
            required: true, "The sites, each a process of its own; the first owns the jobs."
        ),
        Field(
            "job", .group(jobFields),
            "What they do together in the phase `measure`: tasks and limits as in a Job; without it they measure themselves."
        ),
        Field("learn", .group(learnFields), "A model that is trained between them; the first site is the guest."),
        Field(
            "expect", .list(of: .text(1...200, form: .line), count: 0...64), default: [],
            "What must hold of the figures: `seconds <= 120`, `bandwidth >= 1e6`, `predicted_over_actual in 0.7..1.4`."
        ),
    ]

    private static let dataFields: [Field] = [
        Field("file", .text(1...4_096, form: .line), "A CSV file, relative to the trial's own file or to --files."),
        Field(
            "generate", .choice(SMEGenerator.Party.allCases.map(\.rawValue)), "Small merchants, as one side knows them."
        ),
        Field("ids", .list(of: .text(1...128, form: .line), count: 1...16), "The columns that tell rows apart."),
        Field("label", .text(1...128, form: .line), "The column that is to be predicted; at the first site."),
    ]

    private static let learnFields: [Field] = [
        Field(
            "split",
            .group([
                Field("by", .choice(["id-hash"]), default: "id-hash", "By the SHA-256 of the id."),
                Field(
                    "test", .number(0.1...0.9), default: 0.2, "Share of the rows that are not learnt from, in tenths."),
            ]), default: ["by": "id-hash", "test": 0.2], "Which rows measure the model."),
        Field("parameters", .scalars(atMost: 64), default: [:], "Parameters of `train.boosting` by name."),
        Field(
            "scorecard", .scalars(atMost: 32),
            "Divides the columns by their risk too, with these parameters of `woe` by name; `{}` for its defaults."),
        Field(
            "selection", .scalars(atMost: 32),
            "Selects the columns of the scorecard, with these parameters of `select` by name; needs `scorecard`."),
        Field(
            "regression", .scalars(atMost: 32),
            "Fits the scorecard between two sites of one group, with these parameters of `train.logistic` by name; grants "
                + "then tell partial scores; needs `scorecard`."),
        Field(
            "merchants",
            .group([
                Field("bank", .integer(100...10_000_000), default: 20_000, "Merchants that the bank knows."),
                Field("partner", .integer(100...10_000_000), default: 30_000, "Merchants that the partner knows."),
                Field("overlap", .number(0.01...1), default: 0.8, "Share of the fewer that both know."),
                Field("seed", .integer(0...1_000_000_000), default: 1, "Of the generator."),
            ]), default: ["bank": 20_000, "partner": 30_000, "overlap": 0.8, "seed": 1], "How many are generated."),
        Field(
            "limits",
            .group([
                Field("memory", .integer(JobLimits.memoryBounds), default: 2048, "Memory of one worker in MiB."),
                Field("cores", .integer(JobLimits.coreBounds), default: 1, "Cores of one worker."),
                Field("seconds", .integer(JobLimits.secondBounds), default: 86_400, "Wall time of each job."),
            ]), default: ["memory": 2048, "cores": 1, "seconds": 86_400], "What its jobs may use at each site."),
    ]

    private static let example = """
        apiVersion: atoll.dev/v1alpha1
        kind: Trial
        metadata:
          name: verify
        spec:
          sites:
            - name: bank
            - name: partner
          job:
            tasks:
              - name: verify
                operator: verify
          expect:
            - seconds <= 300
        """

    /// Reads and checks a file with one trial.
    ///
    /// - Throws: every mistake with its line.
    public static func read(_ bytes: [UInt8], file: String?) async throws -> TrialSpec {
        let documents = try YAMLReader.documents(bytes, file: file)
        guard let document = documents.first, documents.count == 1 else {
            throw Fault(ResourceFaults.syntax, "A trial is one document.", at: file, wanted: "one Trial")
        }
        let service = ResourceService(registry: KindRegistry([kind]), store: MemoryResourceStore())
        let checked = try await service.apply(
            [document], defaults: .platform, by: ChangeNote(author: "trial"), dryRun: true)
        guard let resource = checked.first?.resource else { throw Fault(ResourceFaults.syntax, at: file) }
        return try TrialSpec(resource)
    }

    private static func check(_ new: Resource, _ old: Resource?) throws(Fault) {
        let spec = try TrialSpec(new)
        var faults: [Fault] = []
        var seen: Set<String> = []
        for (index, site) in spec.sites.enumerated() where !seen.insert(site.name).inserted {
            faults.append(
                Fault(TrialFaults.sites, "Two sites are named '\(site.name)'.", at: "spec.sites[\(index)].name"))
        }
        faults += spec.learningFaults
        if faults.isEmpty {
            do throws(Fault) {
                let job = Resource(
                    ResourceID(kind: Job.kindName, scope: spec.scope, name: spec.name), spec: spec.job)
                try Job.kind(Operators.all).check(job, nil)
            } catch {
                faults += error.leaves.map { $0.placed(at: inTrial($0.place)) }
            }
            for task in spec.learnedTasks {
                let job = Resource(
                    ResourceID(kind: Job.kindName, scope: spec.scope, name: spec.name), spec: task.document)
                do throws(Fault) {
                    try Job.kind(Operators.all).check(job, nil)
                } catch {
                    faults += error.leaves.map { $0.placed(at: inLearning($0.place, task.field)) }
                }
            }
        }
        guard let first = faults.first else { return }
        throw faults.count == 1
            ? first : Fault(TrialFaults.sites, "The trial has \(faults.count) mistakes.", parts: faults)
    }

    /// `spec.tasks[0].parameters.depth` of the job is `spec.learn.FIELD.depth` of the trial.
    private static func inLearning(_ place: String?, _ field: String) -> String {
        let own = "spec.tasks[0].parameters"
        guard let place, place.hasPrefix(own) else { return "spec.learn.\(field)" }
        return "spec.learn.\(field)" + place.dropFirst(own.count)
    }

    /// `spec.tasks[0]` of the job is `spec.job.tasks[0]` of the trial.
    private static func inTrial(_ place: String?) -> String {
        guard let place, place.hasPrefix("spec.") else { return "spec.job" }
        if place.hasPrefix("spec.peers") || place.hasPrefix("spec.role") { return "spec.sites" }
        return "spec.job." + place.dropFirst(5)
    }
}
