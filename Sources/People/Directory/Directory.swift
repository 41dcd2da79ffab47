import Faults
public import Resources

/// A directory of the institution, OpenLDAP, Active Directory or another that speaks LDAP, whose people may log in.
public enum Directory {
    public static let kind = KindDefinition(
        "Directory",
        plural: "directories",
        shortNames: ["dir"],
        scope: .platform,
        summary: "A directory (LDAP) whose people may log in, and what its groups may do here.",
        fields: [
            Field(
                "preset", .choice(DirectoryPreset.allCases.map(\.rawValue)), required: true,
                "What it is: it says what holds for every field that is not set."),
            Field(
                "urls", .list(of: .text(1...300, form: .line), count: 1...4), required: true,
                "Its servers, asked in this order: ldaps://HOST or ldap://HOST, with :PORT where it is another."),
            Field("startTLS", .boolean, default: false, "Whether an ldap:// connection is encrypted before anything."),
            Field(
                "allowPlain", .boolean, default: false,
                "Whether a server on a loopback address may be asked without encryption."),
            Field(
                "certificates", .text(0...65_536), default: "",
                "Certificates (PEM) that may sign the servers' ones; the system's when empty."),
            Field("bindDN", .text(1...1_024, form: .line), "Who searches; nobody in particular when absent."),
            Field("bindSecret", .text(1...63, form: .name), "The name of the secret that holds its password."),
            Field("userBase", .text(1...1_024, form: .line), required: true, "Below which entry people are."),
            Field("userFilter", .text(1...1_024, form: .line), "Finds a person; {name} is what was typed."),
            Field("nameAttribute", .text(1...64, form: .line), "What a person is called here."),
            Field("displayNameAttribute", .text(1...64, form: .line), "The name that people see."),
            Field("idAttribute", .text(1...64, form: .line), "What stays when a person's name changes."),
            Field(
                "groupSource", .choice(DirectoryGroups.allCases.map(\.rawValue)),
                "Where groups are told: at their members, by search, or by one search of Active Directory's own rule."),
            Field("groupAttribute", .text(1...64, form: .line), "The groups of an entry, for groupSource member-of."),
            Field("groupBase", .text(1...1_024, form: .line), "Below which entry groups are; userBase when absent."),
            Field(
                "groupFilter", .text(1...1_024, form: .line),
                "Finds the groups of an entry: {dn} is its distinguished name, {name} what a person is called."),
            Field(
                "nestedDepth", .integer(0...10), default: 5,
                "How often groups of groups are followed; 0 for the person's own groups alone."),
            Field(
                "roles",
                .list(
                    of: .group([
                        Field(
                            "group", .text(1...1_024, form: .line), required: true,
                            "The distinguished name of the group."),
                        Field(
                            "role", .text(1...63, form: .name), required: true,
                            "What its people are there: one of `atoll role list`."),
                        Field("tenant", .text(1...63, form: .name), "Where; the whole platform when absent."),
                        Field("project", .text(1...63, form: .name), "The one project of the tenant."),
                    ]), count: 0...256),
                default: [], "What the people of groups may do; who gets nothing by it cannot log in."),
            Field("connectSeconds", .integer(1...30), default: 3, "How long a server may take to be reached."),
            Field("answerSeconds", .integer(1...60), default: 5, "How long it may take to answer."),
            Field("renewMinutes", .integer(1...1_440), default: 15, "How often the roles of its people are renewed."),
            Field("disabled", .boolean, default: false, "Whether its people are kept out."),
        ],
        rollbackRefusal: "roles that were taken from groups would come back",
        columns: [.init("PRESET", "spec", "preset"), .init("DISABLED", "spec", "disabled")],
        example: """
            apiVersion: atoll.dev/v1alpha1
            kind: Directory
            metadata:
              name: bank
            spec:
              preset: openldap
              urls: ["ldaps://ldap.bank.example"]
              bindDN: cn=atoll,ou=services,dc=bank,dc=example
              bindSecret: directory-bank
              userBase: ou=people,dc=bank,dc=example
              groupBase: ou=groups,dc=bank,dc=example
              roles:
                - group: cn=risk-modellers,ou=groups,dc=bank,dc=example
                  role: viewer
            """,
        check: { new, _ throws(Fault) in _ = try DirectorySettings(new) }
    )

    public static func id(_ name: String) -> ResourceID {
        ResourceID(kind: kind.name, name: name)
    }
}

/// What holds for fields that are not set.
enum DirectoryPreset: String, CaseIterable {
    case openldap
    case activeDirectory = "active-directory"

    var userFilter: String {
        switch self {
        case .openldap: "(&(objectClass=inetOrgPerson)(uid={name}))"
        // Not those that are disabled: bit 2 of userAccountControl, by the rule LDAP_MATCHING_RULE_BIT_AND (MS-ADTS,
        // 3.1.1.3.4.4.1).
        case .activeDirectory:
            """
            (&(objectCategory=person)(objectClass=user)(sAMAccountName={name})\
            (!(userAccountControl:1.2.840.113556.1.4.803:=2)))
            """
        }
    }

    var nameAttribute: String {
        switch self {
        case .openldap: "uid"
        case .activeDirectory: "sAMAccountName"
        }
    }

    var displayNameAttribute: String {
        switch self {
        case .openldap: "cn"
        case .activeDirectory: "displayName"
        }
    }

    var idAttribute: String {
        switch self {
        case .openldap: "entryUUID"
        case .activeDirectory: "objectGUID"
        }
    }

    var groups: DirectoryGroups {
        switch self {
        case .openldap: .search
        case .activeDirectory: .chain
        }
    }

    func groupFilter(_ source: DirectoryGroups) -> String {
        switch (self, source) {
        case (.openldap, .chain): "(member:\(DirectoryGroups.chainRule):={dn})"
        case (.openldap, _): "(&(objectClass=groupOfNames)(member={dn}))"
        case (.activeDirectory, .chain): "(&(objectClass=group)(member:\(DirectoryGroups.chainRule):={dn}))"
        case (.activeDirectory, _): "(&(objectClass=group)(member={dn}))"
        }
    }
}

/// How the groups of a person are found.
enum DirectoryGroups: String, CaseIterable {
    case memberOf = "member-of"
    case search
    /// By the rule LDAP_MATCHING_RULE_TRANSITIVE_EVAL of Active Directory, which follows groups of groups by itself.
    case chain

    /// MS-ADTS, 3.1.1.3.4.4.3.
    static let chainRule = "1.2.840.113556.1.4.1941"
}
