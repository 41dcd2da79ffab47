import API
import Faults
import HTTPTypes
import Hummingbird
import People
import Resources

/// Setting a directory: by the fields that most need, or as a whole document.
enum DirectoryForms {
    /// Rows for what groups give, beside those that are there.
    private static let emptyRows = 3
    private static let mostRows = 256

    static func add(to routes: PortalRoutes) {
        routes.page("people/new-directory", new)
        routes.form("people/new-directory", on: new) { visit, form in
            let name = try form.required("name")
            try await keepSecret(visit, form)
            try await visit.api.send(
                .post, "/directories", [], Item.new("Directory", name, try spec(form)), key: form.key)
            return .to(visit.link("/people/directories/\(encoded(name))"), .created)
        }
        routes.page("people/directory-document", document)
        routes.form("people/directory-document", on: document, apply)
        routes.page("people/directories/:name/edit", edit)
        routes.form("people/directories/:name/edit", on: edit) { visit, form in
            let base = try DirectoryPages.base(visit)
            let directory = Item(try await visit.api.get(base))
            try await keepSecret(visit, form)
            try await visit.api.send(
                .put, base, [("reason", form["reason"])],
                directory.document(try spec(form), version: form["version"] ?? ""), key: form.key)
            return .to(visit.link("/people\(base)"), .saved)
        }
    }

    @Sendable private static func new(_ visit: Visit) async throws -> Page {
        let roles = try await visit.api.list("/roles").map(Item.init)
        return Page(
            title: .words(Words("Add a directory", "新增目录服务")), section: .people, trail: DirectoryPages.trail(visit),
            intro: Words(
                "Test it after it was added; nobody is changed by that.", "新增后可进行测试，测试不会更改任何用户。"),
            tag("p") {
                link(Words("Write it as a document instead", "改用文档方式"), visit.link("/people/directory-document"))
            }
                + visit.form(visit.link("/people/new-directory")) {
                    visit.field("name", Words("Short name", "短名称"), isRequired: true)
                    fields(visit, Item(["spec": ["preset": "openldap"]]), roles)
                    tag("button", .class("primary")) { Words("Add the directory", "新增") }
                })
    }

    @Sendable private static func edit(_ visit: Visit) async throws -> Page {
        let base = try DirectoryPages.base(visit)
        let directory = Item(try await visit.api.get(base))
        let roles = try await visit.api.list("/roles").map(Item.init)
        return Page(
            title: .name(directory.name, kind: Words("Change a directory", "修改目录服务")), section: .people,
            trail: DirectoryPages.trail(visit) + [(plain(directory.name), visit.link("/people\(base)"))],
            tag("p") {
                link(
                    Words("Change it as a document instead: it has every field", "改用文档方式：包含全部字段"),
                    visit.link("/people/directory-document", [("name", directory.name)]))
            }
                + visit.form(visit.link("/people\(base)/edit")) {
                    hidden("version", visit.typed["version"] ?? directory.version)
                    fields(visit, directory, roles)
                    visit.field("reason", Words("Why, for the history", "修改原因（记入历史）"))
                    tag("button", .class("primary")) { Words("Save", "保存") }
                })
    }

    private static func fields(_ visit: Visit, _ directory: Item, _ roles: [Item]) -> HTML {
        func text(_ name: String) -> String { directory.text("spec", name) }
        let maySecret = visit.viewer.may(.manage(.secrets), in: .platform)
        return visit.choice(
            "preset", Words("What it is", "类型"),
            [("openldap", plain("OpenLDAP")), ("active-directory", plain("Active Directory"))], chosen: text("preset"))
            + visit.area(
                "urls", Words("Servers", "服务器"), value: directory.texts("spec", "urls").joined(separator: "\n"),
                rows: 3,
                hint: Words(
                    "One a line, asked in this order: ldaps://HOST or ldap://HOST, with :PORT where it is another.",
                    "每行一个，按顺序访问：ldaps://主机 或 ldap://主机，端口不同时加 :端口。"), isRequired: true)
            + visit.box(
                "startTLS",
                HTML(Words("Encrypt ldap:// before anything is said (StartTLS)", "ldap:// 连接后立即加密 (StartTLS)")),
                isTicked: directory.isSet("spec", "startTLS"))
            + visit.box(
                "allowPlain", HTML(Words("Without encryption, on this machine alone", "不加密，仅限本机")),
                isTicked: directory.isSet("spec", "allowPlain"))
            + visit.area(
                "certificates", Words("Certificates that are believed (PEM)", "信任的证书 (PEM)"),
                value: text("certificates"),
                rows: 4, hint: Words("Those of the system when empty.", "留空则使用系统证书。"))
            + visit.field(
                "bindDN", Words("Account that searches", "搜索账户"), value: text("bindDN"),
                hint: Words("Its distinguished name.", "其识别名 (DN)。"))
            + visit.field(
                "bindSecret", Words("Name of the secret with its password", "存放其密码的机密名称"), value: text("bindSecret"))
            + (maySecret
                ? visit.field(
                    "secret-value", Words("Its password", "其密码"), type: "password",
                    hint: Words(
                        "Kept sealed under the name above; left empty, what is kept stays.", "以上述名称加密保存；留空则保持不变。"),
                    more: [Attribute("autocomplete", "off")]) : HTML())
            + visit.field("userBase", Words("People are below", "人员所在"), value: text("userBase"), isRequired: true)
            + visit.field(
                "groupBase", Words("Groups are below", "组所在"), value: text("groupBase"),
                hint: Words("As people when empty.", "留空则与人员相同。"))
            + visit.field(
                "userFilter", Words("Filter that finds a person", "查找人员的过滤器"), value: text("userFilter"),
                hint: Words("{name} is what was typed; that of the kind when empty.", "{name} 为输入的用户名；留空则按类型默认。"))
            + visit.box(
                "disabled", HTML(Words("Keep its people out", "停用：禁止其用户登录")),
                isTicked: directory.isSet("spec", "disabled"))
            + rules(visit, directory.items("spec", "roles"), roles)
    }

    private static func rules(_ visit: Visit, _ rules: [Item], _ roles: [Item]) -> HTML {
        let count = min(mostRows, rules.count + emptyRows)
        return tag("fieldset") {
            tag("legend") { Words("What groups give", "组对应的角色") }
            hidden("rules", "\(count)")
            for index in 0..<count {
                let rule = index < rules.count ? rules[index] : Item([:])
                tag("fieldset") {
                    tag("legend") {
                        Words("Group ", "组 ")
                        number(Int64(index + 1))
                    }
                    visit.field(
                        "group-\(index)", Words("Distinguished name of the group", "组的识别名 (DN)"),
                        value: rule.text("group"))
                    visit.choice(
                        "role-\(index)", Words("Role", "角色"),
                        [("", HTML(Words("none", "无")))] + roles.map { ($0.text("name"), plain($0.text("name"))) },
                        chosen: rule.text("role"))
                    visit.field("tenant-\(index)", Words("In this tenant", "在此租户"), value: rule.text("tenant"))
                    visit.field(
                        "project-\(index)", Words("In this project alone", "仅在此项目"), value: rule.text("project"))
                }
            }
        }
    }

    /// Members that the form has; those that it does not have stay.
    private static func spec(_ form: Form) throws -> [String: JSONValue?] {
        func text(_ name: String) -> JSONValue? { form[name].map { .string($0) } }
        let urls = (form["urls"] ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmed }
        var spec: [String: JSONValue?] = [
            "preset": text("preset"), "urls": .array(urls.filter { !$0.isEmpty }.map { .string($0) }),
            "startTLS": .bool(form.isChecked("startTLS")), "allowPlain": .bool(form.isChecked("allowPlain")),
            "certificates": .string(form["certificates"] ?? ""), "bindDN": text("bindDN"),
            "bindSecret": text("bindSecret"), "userBase": text("userBase"), "groupBase": text("groupBase"),
            "userFilter": text("userFilter"), "disabled": .bool(form.isChecked("disabled")),
        ]
        var rules: [JSONValue] = []
        for index in 0..<min(mostRows, form["rules"].flatMap(Int.init) ?? 0) {
            guard let group = form["group-\(index)"] else { continue }
            var rule: [String: JSONValue] = [
                "group": .string(group), "role": .string(try form.required("role-\(index)")),
            ]
            rule["tenant"] = text("tenant-\(index)")
            rule["project"] = text("project-\(index)")
            rules.append(.object(rule))
        }
        spec["roles"] = .array(rules)
        return spec
    }

    /// The password of the account that searches, where one was typed: sealed before the document names it.
    private static func keepSecret(_ visit: Visit, _ form: Form) async throws {
        guard let value = form.whole("secret-value"), !value.isEmpty else { return }
        let name = try form.required("bindSecret")
        let answer = try await visit.api.answer(
            .put, "/secrets/\(encoded(name))", [], Array(value.utf8), type: "application/octet-stream")
        _ = try SiteCalls.value(answer)
    }

    /// The whole document, in YAML.
    @Sendable private static func document(_ visit: Visit) async throws -> Page {
        let name = visit.query("name")
        let text: String
        if let name {
            let directory = Item(try await visit.api.get("/directories/\(encoded(name))"))
            text = YAMLWriter.write(directory.document([:]))
        } else {
            text = Directory.kind.example
        }
        return Page(
            title: .words(Words("A directory as a document", "以文档设置目录服务")), section: .people,
            trail: DirectoryPages.trail(visit),
            intro: Words(
                "YAML or JSON, one document of the kind Directory.", "YAML 或 JSON，一个类型为 Directory 的文档。"),
            visit.form(visit.link("/people/directory-document", [("name", name)])) {
                visit.area("document", Words("Document", "文档"), value: text, rows: 24, isRequired: true)
                visit.field("reason", Words("Why, for the history", "原因（记入历史）"))
                tag("button", .class("primary")) { Words("Set the directory", "保存") }
            }
                + commandLines([
                    ["atoll", "directory", "set", "-f", "directory.yaml"], ["atoll", "explain", "directory"],
                ]))
    }

    @Sendable private static func apply(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let bytes = Array((form.whole("document") ?? "").utf8)
        let documents = try YAMLReader.documents(bytes, file: nil)
        guard documents.count == 1, let value = documents.first?.value, value["kind"]?.string == Directory.kind.name
        else {
            throw Fault(PeopleFaults.directoryForm, at: "document", wanted: "one document of the kind Directory")
        }
        let answer = try await visit.api.answer(
            .post, "/apply", [("reason", form["reason"])], bytes, key: form.key, type: "application/yaml")
        _ = try SiteCalls.value(answer)
        return .to(visit.link("/people/directories/\(encoded(Item(value).name))"), .saved)
    }
}
