import People
import Resources
import Testing

@Suite struct PermissionTests {
    private let tenant = Scope(tenant: "retail")
    private let project = Scope(tenant: "retail", project: "merchants")
    private let other = Scope(tenant: "wholesale", project: "merchants")

    private func authority(_ role: Role, in scope: Scope) throws -> Authority {
        Authority([try #require(RoleBinding(role, in: scope))])
    }

    @Test func aRoleCountsWhereItWasGivenAndBelow() throws {
        let view = Permission.view(.datasets)
        let places = [Scope.platform, tenant, project, other]
        func found(_ scope: Scope) throws -> [Bool] {
            let authority = try authority(.viewer, in: scope)
            return places.map { authority.holds(view, in: $0) }
        }
        #expect(try found(.platform) == [true, true, true, true])
        #expect(try found(tenant) == [false, true, true, false])
        #expect(try found(project) == [false, false, true, false])
        #expect(try authority(.viewer, in: project).holdsAnywhere(view))
        #expect(try !authority(.viewer, in: project).holdsAnywhere(.manage(.datasets)))
        #expect(Authority([]).holdsAnywhere(view) == false)
        #expect(places.allSatisfy { Authority.everything.holds(.manage(.secrets), in: $0) })
    }

    @Test func whoManagesSeesAndNotTheOtherWayRound() {
        #expect(Permission.manage(.jobs).covers(.view(.jobs)))
        #expect(!Permission.view(.jobs).covers(.manage(.jobs)))
        #expect(!Permission.manage(.jobs).covers(.view(.models)))
    }

    @Test func thePlatformsRoleIsGivenOnThePlatformAlone() {
        #expect(RoleBinding(.platformAdmin, in: tenant) == nil)
        #expect(RoleBinding(.platformAdmin, in: .platform) != nil)
        #expect(Role.builtIn.filter(\.isForPlatform) == [.platformAdmin])
    }

    /// What must never slip into a role by accident.
    @Test func rolesAreKeptApart() {
        func holders(_ permission: Permission) -> [String] {
            Role.builtIn.filter { $0.holds(permission) }.map(\.name)
        }
        #expect(holders(.manage(.jobs)) == ["platform-admin", "modeller"])
        #expect(holders(.manage(.approvals)) == ["platform-admin", "approver"])
        #expect(holders(.view(.rows)) == ["platform-admin", "modeller", "data-steward"])
        #expect(holders(.manage(.grants)) == ["platform-admin", "data-steward"])
        #expect(holders(.view(.secrets)) == ["platform-admin"])
        #expect(holders(.manage(.users)) == ["platform-admin"])
        #expect(holders(.manage(.quotas)) == ["platform-admin"], "no tenant gives itself more")
        #expect(holders(.view(.ledger)) == ["platform-admin", "auditor"])
        for noun in Noun.all {
            #expect(!Role.auditor.holds(.manage(noun)) && !Role.viewer.holds(.manage(noun)), "\(noun)")
            #expect(Role.platformAdmin.holds(.manage(noun)), "\(noun)")
        }
    }

    @Test func permissionsAreReadAsTheyAreWritten() {
        for noun in Noun.all {
            for verb in Permission.Verb.allCases {
                let permission = Permission(noun, verb)
                #expect(Permission(permission.description) == permission)
            }
        }
        for text in [
            "", "datasets", "datasets.", "datasets.delete", "nothing.view", "datasets.view.x", "Datasets.view",
        ] {
            #expect(Permission(text) == nil, "\(text)")
        }
        #expect(Role.approver.shown.map(\.description).contains("approvals.manage"))
        #expect(!Role.approver.shown.map(\.description).contains("approvals.view"))
    }
}
