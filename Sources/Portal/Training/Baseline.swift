import Resources

/// The job that shows what the own columns alone are worth: beside a training between sites, on the same rows.
enum Baseline {
    private static let operators = ["train.boosting", "train.logistic"]

    /// What both operators call by the same names.
    private static let data = ["guestDataset", "guestKey", "rules", "label", "guestColumns", "rows", "test"]
    private static let trees = [
        "weight", "objective", "trees", "depth", "rate", "bins", "binRows", "l1", "l2", "minimumGain",
        "minimumChildWeight", "rowShare", "columnShare", "seed", "validationShare", "patience",
    ]

    /// - Returns: nil for a job that trains nothing, or leaves out no rows to measure on.
    static func document(of job: JobView) -> JSONValue? {
        guard job.isOwn, let task = job.tasks.first(where: { operators.contains($0["operator"]?.string ?? "") }),
            let given = task["parameters"]?.object, (given["test"]?.integer ?? 0) > 0
        else { return nil }
        let isBoosting = task["operator"]?.string == operators[0]
        let parameters = given.filter { data.contains($0.key) || (isBoosting && trees.contains($0.key)) }
        var metadata: [String: JSONValue] = [
            "name": .string("\(job.name.prefix(40))-alone"), "labels": [JobView.baselineLabel: .string(job.name)],
        ]
        metadata["tenant"] = job.tenant.map { .string($0) }
        metadata["project"] = job.project.map { .string($0) }
        var spec: [String: JSONValue] = [
            "role": "guest", "peers": [],
            "tasks": [
                ["name": "alone", "operator": "baseline.boosting", "parameters": .object(parameters)]
            ],
        ]
        spec["limits"] = job.spec["limits"]
        return [
            "apiVersion": "atoll.dev/v1alpha1", "kind": "Job", "metadata": .object(metadata), "spec": .object(spec),
        ]
    }
}
