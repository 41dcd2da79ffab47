import Foundation
import Resources

/// What every page is held to. `Tests/Support/Browser/page_checks.js` looks.
public enum PageRule: String, Sendable, CaseIterable {
    /// `html` has a language.
    case language
    case title
    /// One heading of the first level, no level left out, none empty.
    case headings
    /// One `header` of the page, one `main`, a `nav` where there are links; where there are more of those, each has a
    /// name.
    case landmarks
    /// The first thing with the focus leads to the content.
    case skipLink
    /// The focus goes in the order of the page.
    case focusOrder
    /// Every control has a label, every link and button a name; a placeholder is none, and neither is what a control
    /// holds.
    case labels
    /// Every picture has a text or is hidden from screen readers.
    case images
    /// Every table has a caption and headings with a scope.
    case tables
    /// No id twice, none that is named and is not there.
    case ids
    /// 4.5:1 for text, also in controls, and placeholders; 3:1 for large text and for borders of controls. Where text lies on a picture of
    /// the style sheet it cannot be told, and that is a finding as well.
    case contrast
    /// Whatever has the focus shows it, with a ring of at least 3:1.
    case focus
    /// 24 by 24 pixels, or as much room round it; links among the words of a sentence have none. Other links are no words.
    case targetSize
    /// The page is no wider than the window.
    case overflow
    /// No style and no script in the page itself.
    case inline
}

/// One thing that is wrong with a page.
public struct PageFinding: Sendable, CustomStringConvertible {
    public let rule: PageRule
    /// Roughly the selector of where it is, with its first words.
    public let place: String
    public let text: String

    public var description: String { "\(rule.rawValue): \(text): \(place)" }
}

extension Browser {
    /// Everything that is wrong with the page as it is now, with the look that is worn. What is folded is opened meanwhile.
    ///
    /// - Parameter rules: those that are asked for. Scripts of the page may set styles that a policy allows and that look
    ///   the same in the document, so `inline` means something only where scripts are off.
    public func check(_ rules: Set<PageRule> = Set(PageRule.allCases)) async throws -> [PageFinding] {
        // The browser shows the focus to whoever has used the keyboard.
        if rules.contains(.focus) { try await press(.tab) }
        return try await (evaluate(Self.checks).array ?? []).compactMap { value in
            guard let rule = (value["rule"]?.string).flatMap(PageRule.init(rawValue:)), rules.contains(rule) else {
                return nil
            }
            return PageFinding(
                rule: rule, place: value["place"]?.string ?? "", text: value["text"]?.string ?? "")
        }
    }

    private static let checks: String = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Support/Browser/page_checks.js")
        // Without it nothing could be checked, and an empty script would find nothing.
        return (try? String(contentsOf: file, encoding: .utf8)) ?? "throw new Error('page_checks.js is not there')"
    }()
}
