import People

/// What permissions are about, in words.
enum NounWords {
    static func words(_ noun: Noun) -> Words {
        known[noun] ?? Words(noun.name, noun.name)
    }

    static let known: [Noun: Words] = [
        .tenants: Words("tenants", "租户"), .users: Words("users", "用户"),
        .customRoles: Words("roles of one's own", "自定义角色"), .directories: Words("directories", "目录服务"),
        .secrets: Words("secrets", "机密"), .ledger: Words("the ledger", "账本"),
        .invitations: Words("invitations of peers", "对等站点邀请"), .checks: Words("checks of the program", "程序自检"),
        .site: Words("this site", "本站点"), .peers: Words("peers", "对等站点"), .routes: Words("routes", "路由"),
        .projects: Words("projects", "项目"), .quotas: Words("quotas", "配额"),
        .members: Words("members and their roles", "成员及其角色"), .audit: Words("the audit", "审计"),
        .files: Words("files and uploads", "文件与上传"), .datasets: Words("datasets", "数据集"),
        .rows: Words("values of rows", "行数据"), .grants: Words("grants", "授权"), .jobs: Words("jobs", "任务"),
        .accessRequests: Words("requests for data of peers", "向对等站点申请数据"),
        .approvals: Words("approvals", "审批"), .releases: Words("releases of results", "结果导出"),
        .models: Words("models", "模型"), .modelVersions: Words("versions of models", "模型版本"),
    ]

    /// What roles of one's own can hold: what the program's own roles of tenants hold.
    static func grantable(_ verb: Permission.Verb) -> [Noun] {
        let roles = Role.builtIn.filter { !$0.isForPlatform }
        return Noun.all.filter { noun in roles.contains { $0.holds(Permission(noun, verb)) } }
    }
}

/// The program's own roles in the reader's language; others say of themselves what they are.
enum RoleWords {
    static func summary(_ role: Item) -> HTML {
        chinese[role.text("name")].map { HTML(Words(role.text("summary"), $0)) } ?? plain(role.text("summary"))
    }

    static func isBuiltIn(_ name: String) -> Bool { Role.named(name) != nil }

    static let chinese: [String: String] = [
        "platform-admin": "可管理整个安装：租户、用户、对等站点、机密。",
        "tenant-admin": "管理租户的项目及其成员；可查看租户的工作，不能查看行数据。",
        "modeller": "使用已有数据创建任务和模型。", "data-steward": "导入数据，并决定谁可将其用于何种用途。",
        "approver": "审批他人的请求：任务、数据使用、结果导出。",
        "auditor": "查看所做的操作和流出的内容，不能修改；不含行数据与机密。",
        "viewer": "查看项目、数据集、任务和模型，不能修改；不含行数据。",
    ]
}
