extension Slapd {
    /// People by short names. `risk` is a group of `quants`, which is one of `models`, which is a member of `quants`
    /// again; `twin` is there twice.
    static var entries: String {
        let people = [
            ("ana", "people", "Ana Ferreira", password), ("ben", "people", "Ben Okafor", password),
            ("Dora.Lima", "people", "Dora Lima", password), ("root", "people", "Not The Local One", password),
            ("twin", "people", "First Twin", password), ("twin", "services", "Second Twin", password),
            ("st*r", "people", "Star (Name)", password), ("nobody", "people", "In No Group", password),
            ("no(name", "people", "No User Name", password),
        ]
        let units = ["people", "groups", "services"].map {
            "dn: ou=\($0),dc=bank\nobjectClass: organizationalUnit\nou: \($0)"
        }
        let account = """
            dn: \(bindName)
            objectClass: organizationalRole
            objectClass: simpleSecurityObject
            cn: atoll
            userPassword: \(bindPassword)
            """
        let entries = people.map { name, unit, shown, password in
            """
            dn: uid=\(name),ou=\(unit),dc=bank
            objectClass: inetOrgPerson
            uid: \(name)
            cn: \(shown)
            sn: \(shown)
            userPassword: \(password)
            """
        }
        let groups = [
            ("risk", ["uid=ana,ou=people", "uid=Dora.Lima,ou=people", "uid=root,ou=people", "uid=st*r,ou=people"]),
            ("quants", ["cn=risk,ou=groups"]), ("models", ["cn=quants,ou=groups"]), ("admins", ["uid=ben,ou=people"]),
        ].map { name, members in
            "dn: cn=\(name),ou=groups,dc=bank\nobjectClass: groupOfNames\ncn: \(name)\n"
                + members.map { "member: \($0),dc=bank" }.joined(separator: "\n")
        }
        let cycle = """
            dn: cn=quants,ou=groups,dc=bank
            changetype: modify
            add: member
            member: cn=models,ou=groups,dc=bank
            """
        let top = "dn: dc=bank\nobjectClass: dcObject\nobjectClass: organization\ndc: bank\no: Bank"
        return ([top] + units + [account] + entries + groups + [cycle]).joined(separator: "\n\n") + "\n"
    }
}
