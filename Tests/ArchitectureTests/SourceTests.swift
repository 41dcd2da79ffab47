import Foundation
import Testing

/// Rules for the files of the repository.
@Suite struct SourceTests {
    static let longest = 400

    @Test(.enabled(if: Repository.isCheckout, "not a git checkout: there is no list of files"))
    func noSourceFileIsTooLong() throws {
        let endings: Set = ["swift", "c", "h", "sh"]
        var checked = 0
        for path in try Repository.tracked() where endings.contains((path as NSString).pathExtension) {
            if path.split(separator: "/").contains("Generated") { continue }
            checked += 1
            let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= Self.longest, "\(path) has \(lines) lines; split it")
        }
        #expect(checked > 10)
    }

    /// A path of somebody's machine in a file works there and nowhere else.
    @Test(.enabled(if: Repository.isCheckout, "not a git checkout: there is no list of files"))
    func noFileNamesAPlaceOnSomebodysMachine() throws {
        // Put together, since this file is looked at too.
        let places = ["work", "workspace", "root", "home", "Users"].map { "/" + $0 + "/" }
        var checked = 0
        for path in try Repository.tracked() {
            guard let text = String(data: try Data(contentsOf: Repository.root.appending(path: path)), encoding: .utf8)
            else { continue }
            checked += 1
            for place in places {
                // Only where a path begins: not in `frame/work/` or in an address.
                let found = text.ranges(of: place).contains { range in
                    range.lowerBound == text.startIndex
                        || !Self.insidePath.contains(text[text.index(before: range.lowerBound)])
                }
                #expect(!found, "\(path) names a place under \(place)")
            }
        }
        #expect(checked > 10)
    }

    @Test(.enabled(if: Repository.isCheckout, "not a git checkout: there is no list of files"))
    func linksBetweenPagesLeadSomewhere() throws {
        for page in try Repository.tracked() where page.hasSuffix(".md") {
            let folder = Repository.root.appending(path: page).deletingLastPathComponent()
            for link in try Repository.text(page).matches(of: /\]\(([^)#:\s]+)(?:#[^)]*)?\)/) {
                let target = folder.appending(path: String(link.1)).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page) links to \(link.1)")
            }
        }
    }

    private static let insidePath = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./~:}$*")
}
