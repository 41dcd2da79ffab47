import HTTPTypes
import Hummingbird
import People
import Resources

/// What stands around every page: header, menu, place, problem, footer.
struct Layout {
    let portal: Portal
    let visit: Visit
    let page: Page

    /// The whole document.
    var text: String {
        var result = "<!DOCTYPE html>\n"
        document.write(visit.language, into: &result)
        return result
    }

    private var document: HTML {
        tag(
            "html", Attribute("lang", visit.language.tag), Attribute("data-theme", visit.look.theme.rawValue)
        ) {
            tag("head") {
                void("meta", Attribute("charset", "utf-8"))
                void("meta", Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1"))
                void("meta", Attribute("name", "color-scheme"), Attribute("content", colorScheme))
                tag("title") {
                    page.title.html
                    plain(" · Atoll")
                }
                void(
                    "link", Attribute("rel", "icon"), Attribute("type", "image/svg+xml"), .href(portal.assets.icon.path)
                )
                void("link", Attribute("rel", "stylesheet"), .href(portal.assets.css.path))
                tag("script", Attribute("type", "module"), Attribute("src", portal.assets.js.path)) { HTML() }
            }
            tag("body") {
                tag("a", .class("skip"), .href("#main")) { Words("Skip to the content", "跳到正文") }
                header
                tag("div", .class("frame")) {
                    if visit.viewer.isKnown { menu }
                    main
                }
                footer
            }
        }
    }

    /// An address that a GET answers: that of a form that was sent is none, so that the page above it stands for it.
    private var here: String {
        if [.get, .head].contains(visit.request.method) { return visit.here }
        return page.trail.last?.1 ?? sectionPath
    }

    /// The first page of the section that the page belongs to, in the same place.
    private var sectionPath: String {
        let entries = Portal.modules.flatMap(\.entries)
        let path = entries.first { $0.section == page.section }?.path ?? (page.section == .own ? "/me" : visit.entrance)
        return visit.link(path)
    }

    private var colorScheme: String {
        switch visit.look.theme {
        case .system: "light dark"
        case .light: "light"
        case .dark: "dark"
        }
    }

    private var header: HTML {
        tag("header", .class("top")) {
            tag("a", .class("brand"), .href(visit.link("/"))) { plain("Atoll") }
            if visit.viewer.isKnown {
                tag("a", .class("place"), .href(visit.link("/places", [("next", sectionPath)]))) {
                    tag("span", .class("muted")) { Words("Place: ", "位置：") }
                    visit.place == .platform
                        ? HTML(Words("whole site", "整个站点"))
                        : plain([visit.place.tenant, visit.place.project].compactMap(\.self).joined(separator: " / "))
                }
            }
            tag("div", .class("tools")) {
                lookForm
                if let user = visit.viewer.user {
                    tag("a", .class("user"), .href(visit.link("/me"))) { plain(user) }
                    visit.form("/logout", key: false, class: "inline") {
                        tag("button", .class("quiet")) { Words("Log out", "退出登录") }
                    }
                }
            }
        }
    }

    /// Language and theme: two lists and a button, that a script presses by itself.
    private var lookForm: HTML {
        visit.form("/look", key: false, class: "inline look", attributes: [.flag("data-send-on-change")]) {
            void("input", Attribute("type", "hidden"), Attribute("name", "next"), Attribute("value", here))
            choice(
                "language", Words("Language", "语言"),
                Language.allCases.map { ($0.rawValue, $0 == .english ? "English" : "中文") }, visit.language.rawValue)
            tag("select", Attribute("name", "theme"), .label(Words("Colours", "配色"))) {
                for theme in Look.Theme.allCases {
                    tag(
                        "option", Attribute("value", theme.rawValue), .flag("selected", theme == visit.look.theme)
                    ) { theme.words }
                }
            }
            tag("button", .class("quiet")) { Words("Set", "应用") }
        }
    }

    private func choice(_ name: String, _ label: Words, _ options: [(String, String)], _ chosen: String) -> HTML {
        tag("select", Attribute("name", name), .label(label)) {
            for (value, text) in options {
                tag("option", Attribute("value", value), .flag("selected", value == chosen)) { plain(text) }
            }
        }
    }

    private var menu: HTML {
        let entries = Portal.modules.flatMap(\.entries).filter { entry in
            entry.asks.map { visit.viewer.mayAnywhere($0) } ?? true
        }
        let list = tag("ul") {
            for entry in entries {
                tag("li") {
                    tag(
                        "a", .href(visit.link(entry.path)),
                        .optional("aria-current", entry.section == page.section ? "page" : nil)
                    ) { entry.title }
                }
            }
        }
        // On a phone the menu is closed until it is asked for, without any script.
        return tag("nav", .class("menu"), .label(Words("Menu", "菜单"))) {
            tag("details", .class("folded")) {
                tag("summary") { Words("Menu", "菜单") }
                list
            }
            tag("div", .class("wide")) { list }
        }
    }

    private var main: HTML {
        var attributes: [Attribute] = [.id("main"), Attribute("tabindex", "-1")]
        if let live = page.live {
            let query: [(String, String?)] = [
                ("kinds", live.kinds.joined(separator: ",")), ("every", live.every.map(String.init)),
            ]
            attributes.append(Attribute("data-live", visit.link("/live", query)))
        }
        return tag("main", attributes) {
            if !page.trail.isEmpty {
                tag("nav", .class("trail"), .label(Words("Path", "路径"))) {
                    tag("ol") {
                        for (title, path) in page.trail { tag("li") { tag("a", .href(path)) { title } } }
                    }
                }
            }
            tag("div", .class("head")) {
                tag("div") {
                    if case .name(_, let kind) = page.title { tag("p", .class("kind")) { kind } }
                    tag("h1") { page.title.html }
                }
                if !page.actions.isEmpty { tag("div", .class("actions")) { page.actions } }
            }
            page.intro.map { words in tag("p", .class("intro")) { words } }
            if page.live != nil { liveBar }
            visit.said.map { said in
                tag("p", .class("said"), Attribute("role", "status")) { said.words }
            }
            visit.problem.map { problemBox($0) }
            tag("div", .id("content")) { page.content }
        }
    }

    /// When the page was made; a script adds a button that stops it from renewing itself.
    private var liveBar: HTML {
        tag("p", .class("asof"), .id("as-of")) {
            Words("As of ", "截至 ")
            time(.now)
            plain(" ")
            tag("a", .href(here)) { Words("Refresh", "刷新") }
            plain(" ")
            tag(
                "button", .class("quiet"), Attribute("type", "button"), .flag("hidden"), .flag("data-pause"),
                Attribute("data-paused", Words("Resume", "继续更新"))
            ) { Words("Pause", "暂停更新") }
        }
    }

    private var footer: HTML {
        tag("footer") {
            plain("Atoll \(portal.version)")
        }
    }
}

extension Look.Theme {
    var words: Words {
        switch self {
        case .system: Words("System", "跟随系统")
        case .light: Words("Light", "浅色")
        case .dark: Words("Dark", "深色")
        }
    }
}

/// A refusal for people: what, where, what was wanted, how to mend it.
func problemBox(_ refusal: Refusal) -> HTML {
    tag("section", .class("problem"), Attribute("role", "alert"), Attribute("tabindex", "-1"), .id("problem")) {
        tag("h2") {
            Words("This was not done", "未能执行")
            plain(" (\(refusal.code))")
        }
        problemText(refusal)
        for part in refusal.parts { tag("div", .class("part")) { problemText(part) } }
    }
}

private func problemText(_ refusal: Refusal) -> HTML {
    let english = tag("div", Attribute("lang", "en")) {
        tag("p") { plain(refusal.detail) }
        tag("dl", .class("facts")) {
            refusal.place.map { fact(Words("Where", "位置"), plain($0)) }
            refusal.wanted.map { fact(Words("Wanted", "应为"), plain($0)) }
            refusal.fix.map { fact(Words("Fix", "解决办法"), plain($0)) }
        }
    }
    guard let text = FaultText(refusal) else { return english }
    let chinese = tag("div") {
        tag("p") { text.chineseDetail }
        tag("dl", .class("facts")) {
            refusal.place.map { fact(Words("Where", "位置"), inEnglish($0)) }
            refusal.wanted.map { fact(Words("Wanted", "应为"), inEnglish($0)) }
            text.chineseFix.map { fact(Words("Fix", "解决办法"), $0) }
        }
    }
    return HTML(english: english, chinese: chinese)
}
