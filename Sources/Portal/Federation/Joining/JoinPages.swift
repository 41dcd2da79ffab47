import HTTPTypes
import Hummingbird
import People
import Resources

/// How two sites become peers: one makes a code, the other one accepts it.
enum JoinPages {
    static func add(to routes: PortalRoutes) {
        routes.page("federation/invite", invitations)
        routes.form("federation/invite", on: invitations) { visit, form in
            var body: [String: JSONValue] = ["name": .string(form["name"] ?? "")]
            let addresses = (form["addresses"] ?? "").split { $0.isWhitespace || $0 == "," }.map(String.init)
            if !addresses.isEmpty { body["addresses"] = .array(addresses.map { .string($0) }) }
            // What is no number is refused by the API, in its own words.
            if let hours = form["hours"] { body["hours"] = Int64(hours).map { .integer($0) } ?? .string(hours) }
            let code = try await visit.api.send(.post, "/peers/invite", [], .object(body))
            return .page(made(visit, code, name: form["name"] ?? ""))
        }
        routes.form("federation/invitations/:id/withdraw", on: invitations) { visit, form in
            let id = try visit.part("id")
            try await visit.api.send(.delete, "/invitations/\(encoded(id))", key: form.key)
            return .to(visit.link("/federation/invite"), .done)
        }
        routes.page("federation/accept", acceptance)
        routes.form("federation/accept", on: acceptance) { visit, form in
            var body: [String: JSONValue] = ["code": .string(form["code"] ?? "")]
            if let name = form["name"] { body["name"] = .string(name) }
            let peer = try await visit.api.send(.post, "/peers/accept", [], .object(body), key: form.key)
            return .to(visit.link("/federation/peers/\(encoded(peer.resourceName))"), .created)
        }
    }

    @Sendable private static func invitations(_ visit: Visit) async throws -> Page {
        let invitations = try await visit.api.list("/invitations")
        let site = try await visit.api.find("/site")
        let content =
            FederationTab.peers.bar(visit) + (visit.may(.manage(.invitations)) ? form(visit, site) : HTML())
            + section(Words("Invitations", "邀请"), id: "invitations") { table(visit, invitations) }
            + commandLines(["atoll peer invite --name partner", "atoll peer invitations", "atoll peer withdraw ID"])
        return Page(
            title: .words(Words("Invite a site", "邀请站点")), section: .federation,
            trail: FederationTab.peers.trail(visit),
            content)
    }

    private static func form(_ visit: Visit, _ site: JSONValue?) -> HTML {
        section(
            Words("A new code", "新的加入码"), id: "code",
            Words(
                "The code is a secret: whoever uses it first joins. It works once, and is shown once.",
                "加入码是秘密：谁先使用谁就加入。只能使用一次，也只显示一次。")
        ) {
            visit.form(visit.link("/federation/invite"), key: false) {
                visit.field(
                    "name", Words("What the other site is called here", "对方在本站点的名称"),
                    hint: Words("Lower-case letters, digits and -", "小写字母、数字和 -"), isRequired: true,
                    more: [Attribute("autocomplete", "off"), Attribute("autocapitalize", "none")])
                visit.area(
                    "addresses", Words("Where this site can be reached", "本站点的可达地址"),
                    value: site?.texts("addresses").joined(separator: "\n"), rows: 3,
                    hint: Words("host:port, one in a line; best first", "host:port，每行一个，优先的在前"))
                visit.field(
                    "hours", Words("Hours that the code is good for", "有效小时数"), type: "number", value: "24",
                    more: [Attribute("min", "1"), Attribute("max", "168")])
                tag("button", .class("primary")) { Words("Make the code", "生成加入码") }
            }
        }
    }

    /// The one page that shows a code.
    private static func made(_ visit: Visit, _ answer: JSONValue, name: String) -> Page {
        let code = answer["code"]?.string ?? ""
        let content = section(
            Words("The code", "加入码"), id: "code",
            Words(
                "Hand it over by a way that you trust. It is kept nowhere: this page cannot be opened again.",
                "请通过可信途径交给对方。它不会被保存，本页面无法再次打开。")
        ) {
            copyable(code, id: "join-code", Words("Join code", "加入码"))
            facts {
                fact(Words("For", "用于"), plain(name))
                fact(Words("Good until", "有效期至"), time(answer["expires"]?.string))
            }
            tag("h3") { Words("What the other side does", "对方如何操作") }
            tag("ol") {
                tag("li") {
                    Words(
                        "Opens Federation, Accept a code, and pastes it; or writes the command below.",
                        "打开“联邦”中的“接受加入码”并粘贴，或执行下面的命令。")
                }
                tag("li") {
                    Words("Reads its fingerprint to you: it is on the peer's page here.", "与您核对指纹：见此处的对等站点页面。")
                }
            }
            copyable("atoll peer accept - < code.txt", id: "command", Words("Command", "命令"))
            tag("p") {
                link(Words("To the invitations", "查看邀请"), visit.link("/federation/invite"), class: "button")
            }
        }
        return Page(
            title: .words(Words("Invitation made", "邀请已生成")), section: .federation,
            trail: FederationTab.peers.trail(visit), content)
    }

    private static func table(_ visit: Visit, _ invitations: [JSONValue]) -> HTML {
        guard !invitations.isEmpty else {
            return emptyState(Words("Nobody was invited yet.", "还没有邀请过任何站点。")) { HTML() }
        }
        let newest = invitations.sorted { ($0["created"]?.string ?? "") > ($1["created"]?.string ?? "") }
        return Table(
            Words("Invitations", "邀请"),
            [
                .init(Words("Invitation", "邀请")), .init(Words("For", "用于")), .init(Words("State", "状态")),
                .init(Words("Made by", "创建人")), .init(Words("Made", "创建时间")), .init(Words("Good until", "有效期至")),
                .init(Words("Wrong tries", "错误尝试"), isNumber: true), .init(Words("Action", "操作")),
            ],
            rows: newest.map { invitation in
                let id = invitation["id"]?.string ?? ""
                let isOpen = invitation["state"]?.string == "open"
                return [
                    code(id), plain(invitation["name"]?.string ?? ""),
                    StateWord.invitation(invitation["state"]?.string).html, plain(invitation["author"]?.string ?? ""),
                    time(invitation["created"]?.string), time(invitation["expires"]?.string),
                    number(invitation["failures"]?.integer ?? 0),
                    isOpen && visit.may(.manage(.invitations))
                        ? visit.button(
                            visit.link("/federation/invitations/\(encoded(id))/withdraw"), Words("Withdraw", "收回"),
                            class: "quiet",
                            confirm: Words(
                                "The code becomes useless. Withdraw the invitation?", "加入码将失效。确定收回该邀请？"))
                        : plain("–"),
                ]
            }
        ).html
    }

    @Sendable private static func acceptance(_ visit: Visit) async throws -> Page {
        let site = try await visit.api.find("/site")
        let content = section(
            Words("The code of the other site", "对方的加入码"), id: "accept",
            Words(
                "This site dials the other one, both prove who they are, and each makes the other its peer.",
                "本站点连接对方，双方证明身份，并互相成为对等站点。")
        ) {
            visit.form(visit.link("/federation/accept")) {
                visit.field(
                    "code", Words("Code", "加入码"), type: "password",
                    hint: Words("Begins with atoll1-", "以 atoll1- 开头"), isRequired: true,
                    more: [Attribute("autocomplete", "off"), Attribute("spellcheck", "false")])
                visit.field(
                    "name", Words("What the other site is called here", "对方在本站点的名称"),
                    hint: Words(
                        "Lower-case letters, digits and -; made from its own name when it is left empty",
                        "小写字母、数字和 -；留空则由对方名称生成"),
                    more: [Attribute("autocomplete", "off"), Attribute("autocapitalize", "none")])
                tag("button", .class("primary")) { Words("Join", "加入") }
            }
            site?["fingerprint"]?.string.map { own in
                facts { fact(Words("This site's fingerprint, for the telephone", "本站点指纹（供电话核对）"), code(own)) }
            }
            commandLines(["atoll peer accept - < code.txt"])
        }
        return Page(
            title: .words(Words("Accept a code", "接受加入码")), section: .federation,
            trail: FederationTab.peers.trail(visit), content)
    }
}
