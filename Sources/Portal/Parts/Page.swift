/// A page between header and footer.
struct Page: Sendable {
    /// The one heading of the first level: words, or a name.
    enum Title: Sendable {
        case words(Words)
        /// The name of a thing, under the words for its kind.
        case name(String, kind: Words)

        var html: HTML {
            switch self {
            case .words(let words): HTML(words)
            case .name(let name, _): plain(name)
            }
        }
    }

    var title: Title
    var section: MenuEntry.Section
    /// The way to the page, from the section down: title and address.
    var trail: [(HTML, String)] = []
    /// One sentence under the title.
    var intro: Words?
    /// The primary action, beside the title.
    var actions = HTML()
    var content: HTML
    /// What makes the page old: kinds of resources; nil for a page that stays as it is.
    var live: Live?

    struct Live: Sendable {
        /// Plurals of kinds: `jobs`.
        var kinds: [String] = []
        /// Seconds, 5 to 300; nil only with changes.
        var every: Int?
    }

    init(
        _ title: Words, in section: MenuEntry.Section, intro: Words? = nil, actions: HTML = HTML(), live: Live? = nil,
        @HTMLBuilder content: () throws -> HTML
    ) rethrows {
        self.init(title: .words(title), section: section, intro: intro, actions: actions, live: live, try content())
    }

    init(
        title: Title, section: MenuEntry.Section, trail: [(HTML, String)] = [], intro: Words? = nil,
        actions: HTML = HTML(), live: Live? = nil, _ content: HTML
    ) {
        self.title = title
        self.section = section
        self.trail = trail
        self.intro = intro
        self.actions = actions
        self.live = live
        self.content = content
    }
}
