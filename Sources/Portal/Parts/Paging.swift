/// Which part of a long list a page shows: `?page=2`.
struct Paging<Element> {
    static var size: Int { 100 }

    let shown: ArraySlice<Element>
    let all: Int
    private let current: Int
    private let pages: Int

    init(_ elements: [Element], _ visit: Visit, size: Int = Self.size) {
        all = elements.count
        pages = max(1, (elements.count + size - 1) / size)
        current = min(pages, max(1, visit.query("page").flatMap(Int.init) ?? 1))
        shown = elements.dropFirst((current - 1) * size).prefix(size)
    }

    /// How many there are, and the way to the pages before and after.
    ///
    /// - Parameter query: what else the address of the page says.
    func links(_ visit: Visit, _ path: String, _ query: [(String, String?)] = []) -> HTML {
        tag("nav", .class("pages"), .label(Words("Pages of the list", "列表分页"))) {
            tag("p", .class("muted")) {
                number(Int64(all))
                Words(" in all", " 项")
                if pages > 1 {
                    Words(", page ", "，第 ")
                    number(Int64(current))
                    Words(" of ", " 页，共 ")
                    number(Int64(pages))
                    Words("", " 页")
                }
            }
            if pages > 1 {
                tag("p") {
                    if current > 1 {
                        link(
                            Words("Previous", "上一页"), visit.link(path, query + [("page", "\(current - 1)")]),
                            class: "button")
                    }
                    if current < pages {
                        link(
                            Words("Next", "下一页"), visit.link(path, query + [("page", "\(current + 1)")]),
                            class: "button")
                    }
                }
            }
        }
    }
}

extension Item {
    /// Whether one of the texts holds what was looked for, whatever the case.
    static func matches(_ wanted: String?, _ texts: [String]) -> Bool {
        guard let wanted = wanted?.lowercased(), !wanted.isEmpty else { return true }
        return texts.contains { $0.lowercased().contains(wanted) }
    }
}
