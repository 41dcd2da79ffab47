import Faults
import Jobs
public import Resources
import TaskRuntime

/// The whole life of a federation as one run: sites are started, joined, checked, given a job, and removed.
public enum Trial {
    public static let kind = KindDefinition(
        "Trial",
        plural: "trials",
        shortNames: ["tr"],
        scope: .platform,
        summary: "The whole life of a federation as one run: deploy, check, measure, report, tear down.",
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
                    [Field("name", .text(1...24, form: .name), required: true, "Unique within the trial.")]
                        + (role.map { [$0] } ?? [])), count: 2...16),
            required: true, "The sites, each a process of its own; the first owns the job."
        ),
        Field("job", .group(jobFields), required: true, "What they do together: tasks and limits as in a Job."),
        Field(
            "expect", .list(of: .text(1...200, form: .line), count: 0...64), default: [],
            "What must hold of the figures: `seconds <= 120`, `bandwidth >= 1e6`, `predicted_over_actual in 0.7..1.4`."
        ),
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
        if faults.isEmpty {
            do throws(Fault) {
                let job = Resource(
                    ResourceID(kind: Job.kindName, scope: spec.scope, name: spec.name), spec: spec.job)
                try Job.kind(Operators.all).check(job, nil)
            } catch {
                faults += error.leaves.map { $0.placed(at: inTrial($0.place)) }
            }
        }
        guard let first = faults.first else { return }
        throw faults.count == 1
            ? first : Fault(TrialFaults.sites, "The trial has \(faults.count) mistakes.", parts: faults)
    }

    /// `spec.tasks[0]` of the job is `spec.job.tasks[0]` of the trial.
    private static func inTrial(_ place: String?) -> String {
        guard let place, place.hasPrefix("spec.") else { return "spec.job" }
        if place.hasPrefix("spec.peers") || place.hasPrefix("spec.role") { return "spec.sites" }
        return "spec.job." + place.dropFirst(5)
    }
}
