import HTTPTypes
import Hummingbird
import People
import Resources

/// Words for versions: set, taken away, shown.
enum ModelAliases {
    /// The aliases that have a meaning of their own.
    static let usual: [(String, Words)] = [
        ("champion", Words("champion", "冠军模型")), ("challenger", Words("challenger", "挑战者模型")),
    ]

    static func word(_ alias: String) -> HTML {
        usual.first { $0.0 == alias }.map { HTML($0.1) } ?? plain(alias)
    }

    static func words(_ aliases: [String]) -> HTML {
        guard !aliases.isEmpty else { return plain("–") }
        var result = HTML()
        for (index, alias) in aliases.enumerated() {
            if index > 0 { result.append(plain(", ")) }
            result.append(alias == "champion" ? state(word(alias), .good) : word(alias))
        }
        return result
    }

    /// What a version is called, with forms for those who may change it.
    static func card(_ visit: Visit, _ version: ModelVersionPage) -> HTML {
        section(
            Words("Aliases", "别名"), id: "aliases",
            Words(
                "An alias stands for one version; setting it takes it from another. Jobs may name the model by it.",
                "别名只指向一个版本，设置后会从其他版本移走；任务可用别名引用模型。")
        ) {
            if version.aliases.isEmpty {
                tag("p") { Words("This version has no alias.", "此版本没有别名。") }
            } else {
                tag("ul", .class("names")) {
                    for alias in version.aliases {
                        tag("li") {
                            word(alias)
                            plain(" ")
                            if visit.may(.manage(.models)) { removal(visit, version, alias) }
                        }
                    }
                }
            }
            if visit.may(.manage(.models)) { setting(visit, version) }
            commandLines(
                ["atoll model alias \(version.model) champion \(version.number)\(visit.place.optionText)"],
                id: "alias-command")
        }
    }

    private static func removal(_ visit: Visit, _ version: ModelVersionPage, _ alias: String) -> HTML {
        visit.button(
            visit.link("\(version.path)/alias"), Words("Take \(alias) away", "移除 \(alias)"),
            class: "quiet",
            confirm: Words(
                "Take the alias \(alias) away? Jobs that name the model by it are refused until it is set again.",
                "移除别名 \(alias)？重新设置之前，用它引用模型的任务会被拒绝。"),
            hidden: [("alias", alias), ("remove", "yes")])
    }

    private static func setting(_ visit: Visit, _ version: ModelVersionPage) -> HTML {
        visit.form(visit.link("\(version.path)/alias"), class: "filter") {
            void(
                "input", Attribute("type", "hidden"), Attribute("name", "version"),
                Attribute("value", "\(version.number)"))
            visit.field(
                "alias", Words("Call this version", "将此版本命名为"), isRequired: true,
                more: [Attribute("list", "usual-aliases"), Attribute("autocapitalize", "none")])
            tag("datalist", .id("usual-aliases")) {
                for (alias, words) in usual {
                    tag("option", Attribute("value", alias)) { words }
                }
            }
            tag("button", .class("primary")) { Words("Set", "设置") }
        }
    }

    @Sendable static func set(_ visit: Visit, _ form: Form) async throws -> PortalRoutes.Outcome {
        let name = try visit.part("name")
        let number = form.isChecked("remove") ? nil : form["version"]
        try await visit.api.send(
            .post, "/models/\(encoded(name))/alias",
            visit.placed([("alias", form["alias"] ?? ""), ("version", number)]), key: form.key)
        let version = encoded(try visit.part("version"))
        return .to(visit.link("/models/\(encoded(name))/\(version)"), number == nil ? .revoked : .saved)
    }
}
