import Jobs

/// What a site allows of what its jobs could do.
extension SettingKey {
    static let jobOperators = SettingKey(
        name: "jobs.operators", form: .dottedNames, defaultValue: "", isSecret: false,
        summary: "The operators that jobs may use here (`atoll operators` lists them); all when empty.")

    static let jobProposers = SettingKey(
        name: "jobs.proposers", form: .names, defaultValue: "", isSecret: false,
        summary: "The peers that may propose jobs to this site, by their names here; every peer when empty.")

    static let jobMemory = limit("memory", JobLimits.memoryBounds, "memory of a worker, in MiB")
    static let jobCores = limit("cores", JobLimits.coreBounds, "cores")
    static let jobSeconds = limit("seconds", JobLimits.secondBounds, "seconds")

    static let jobs = [jobOperators, jobProposers, jobMemory, jobCores, jobSeconds]

    private static func limit(_ name: String, _ bounds: ClosedRange<Int64>, _ what: String) -> SettingKey {
        SettingKey(
            name: "jobs.\(name)", form: .integer(Int(bounds.lowerBound)...Int(bounds.upperBound)),
            defaultValue: "\(bounds.upperBound)", isSecret: false, summary: "The most that a job may ask for: \(what).")
    }
}
