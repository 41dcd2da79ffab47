public import Resources

/// What a tenant, or one of its projects, may use of this site. Several quotas hold all at once.
public enum Quota {
    public static let kind = KindDefinition(
        "Quota",
        plural: "quotas",
        shortNames: ["qt"],
        scope: .tenant,
        summary: "What a tenant, or one of its projects, may use of this site; what is not named has no bound.",
        fields: [
            Field(
                "project", .text(1...63, form: .name),
                "The project that it is for; without it the whole tenant together."),
            Field("runningJobs", .integer(0...100_000), "Jobs that have not ended, paused and waiting ones included."),
            Field("cores", .integer(0...1_000_000), "Cores that these jobs ask for here, together."),
            Field("memory", .integer(0...1_000_000_000), "Memory that they ask for here, together, in MiB."),
            Field(
                "storage", .integer(0...1_000_000_000_000),
                "Files and datasets that are stored here, with uploads that are open, together, in MiB."),
            Field("partnerRequests", .integer(0...1_000_000), "Jobs with other sites that begin within 24 hours."),
        ],
        columns: [
            .init("PROJECT", "spec", "project"), .init("JOBS", "spec", "runningJobs"), .init("CORES", "spec", "cores"),
            .init("MEMORY", "spec", "memory"), .init("STORAGE", "spec", "storage"),
            .init("REQUESTS", "spec", "partnerRequests"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Quota
            metadata:
              name: cards
              tenant: retail-risk
            spec:
              project: cards
              runningJobs: 4
              cores: 8
              memory: 16384
              storage: 204800
              partnerRequests: 50
            """
    )

    /// The quotas that hold for what is in a tenant and project.
    ///
    /// - Parameter projects: also those of the tenant's projects, whatever the scope's own project.
    public static func over(
        _ scope: Scope, in store: any ResourceStore, projects: Bool = false
    ) async throws -> [Resource] {
        guard let tenant = scope.tenant else { return [] }
        return try await store.listAll(ResourceQuery(kind: kind.name, tenant: tenant)).items.filter { quota in
            guard !quota.isBeingDeleted else { return false }
            return quota.spec["project"]?.string.map { projects || $0 == scope.project } ?? true
        }
    }
}
