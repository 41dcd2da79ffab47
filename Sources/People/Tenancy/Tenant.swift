public import Resources

/// A department of the institution: the border of names, quotas and permissions.
public enum Tenant {
    public static let kind = KindDefinition(
        "Tenant",
        plural: "tenants",
        shortNames: ["tn"],
        scope: .platform,
        summary: "A department of the institution: the border of names, quotas and permissions.",
        fields: [
            Field("displayName", .text(1...80, form: .line), required: true, "The name that people see."),
            Field("description", .text(0...1000), default: "", "What the tenant is for."),
            Field("contact", .text(0...200, form: .line), default: "", "Whom to ask: a name or an address."),
            Field(
                "approvals", .list(of: .choice(Approval.About.allCases.map(\.rawValue)), count: 0...3), default: [],
                "What needs a second person's approval: job, dataUse, resultRelease."),
        ],
        finalizers: [Contents.finalizer],
        columns: [
            .init("DISPLAY NAME", "spec", "displayName"), .init("PROJECTS", "status", "contents", "Project"),
        ],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Tenant
            metadata:
              name: retail-risk
            spec:
              displayName: Retail risk
              contact: risk-modelling desk
            """
    )

    public static func id(_ name: String) -> ResourceID {
        ResourceID(kind: kind.name, name: name)
    }
}
