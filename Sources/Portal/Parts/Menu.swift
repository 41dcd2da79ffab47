import People

/// An entry of the menu.
struct MenuEntry: Sendable {
    /// Where an entry stands; also which entry a page belongs to.
    enum Section: Sendable {
        case home, data, algorithms, training, models, federation, projects, approvals, people, audit, system, own, none
    }

    let section: Section
    let title: Words
    let path: String
    /// What a viewer needs somewhere to have the entry; nil for everybody.
    let asks: Permission?

    init(_ section: Section, _ title: Words, _ path: String, asks permission: Permission? = nil) {
        self.section = section
        self.title = title
        self.path = path
        asks = permission
    }
}
