public import Resources

/// A unit of work inside a tenant: what datasets, jobs and models belong to.
public enum Project {
    public static let kind = KindDefinition(
        "Project",
        plural: "projects",
        shortNames: ["pj"],
        scope: .tenant,
        summary: "A unit of work inside a tenant: what datasets, jobs and models belong to.",
        fields: [
            Field("displayName", .text(1...80, form: .line), required: true, "The name that people see."),
            Field("purpose", .text(0...1000), default: "", "What the work is for; quoted in grants and reports."),
            Field(
                "stage",
                .choice(["exploration", "development", "production"]),
                default: "exploration",
                "How far the work has come."
            ),
        ],
        finalizers: [Contents.finalizer],
        columns: [.init("DISPLAY NAME", "spec", "displayName"), .init("STAGE", "spec", "stage")],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Project
            metadata:
              name: merchants
              tenant: retail-risk
            spec:
              displayName: Small-merchant credit
              purpose: Judge small merchants with a payment partner's takings.
            """
    )

    public static func id(_ name: String, tenant: String) -> ResourceID {
        ResourceID(kind: kind.name, scope: Scope(tenant: tenant), name: name)
    }
}
