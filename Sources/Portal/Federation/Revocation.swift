import Faults
import Hummingbird
import Resources

/// The end of a peer or a grant, for good: what is lost is said before, and its name is written, without scripts as well.
struct Revocation: Sendable {
    /// `peers` or `grants`, in the portal and in the API.
    let things: String
    /// Whether they are in projects; else they are the site's.
    let isPlaced: Bool
    let tab: FederationTab
    let title: Words
    /// The label of the field for a name, before the name.
    let asking: Words
    /// `peer`, for refusals and the command line.
    let noun: String
    /// What ends with it.
    let losses: @Sendable (_ visit: Visit, _ name: String) async throws -> [Words]

    func add(to routes: PortalRoutes) {
        routes.page("federation/\(things)/:name/revoke", page)
        routes.form("federation/\(things)/:name/revoke", on: page) { visit, form in
            let name = try visit.part("name")
            guard form["confirmation"] == name else {
                throw Fault(
                    ProgramFaults.badRequest, "Nothing was revoked.", at: "confirmation",
                    wanted: "the \(noun)'s name: \(name)", fix: "Write the name of the \(noun) to go on.")
            }
            let query = [("reason", form["reason"])]
            try await visit.api.send(
                .post, "/\(things)/\(encoded(name))/revoke", isPlaced ? visit.placed(query) : query, [:], key: form.key)
            return .to(here(visit, name), .revoked)
        }
    }

    private func here(_ visit: Visit, _ name: String) -> String {
        visit.link("/federation/\(things)/\(encoded(name))")
    }

    @Sendable private func page(_ visit: Visit) async throws -> Page {
        let name = try visit.part("name")
        let lost = try await losses(visit, name)
        let content = section(Words("What is lost", "将失去什么"), id: "lost") {
            tag("ul") { for loss in lost { tag("li") { loss } } }
            visit.form(visit.link("/federation/\(things)/\(encoded(name))/revoke")) {
                visit.field(
                    "confirmation", Words("\(asking.english): \(name)", "\(asking.chinese)：\(name)"), isRequired: true,
                    more: [Attribute("autocomplete", "off"), Attribute("autocapitalize", "none")])
                visit.field("reason", Words("Why, for the history", "原因（记入历史）"))
                tag("button", .class("danger")) { Words("Revoke for good", "永久撤销") }
                plain(" ")
                link(Words("Leave it as it is", "保持不变"), here(visit, name), class: "button")
            }
            commandLines(["atoll \(noun) revoke \(shellWord(name))" + (isPlaced ? visit.place.optionText : "")])
        }
        return Page(
            title: .words(title), section: .federation, trail: tab.trail(visit) + [(plain(name), here(visit, name))],
            content)
    }
}
