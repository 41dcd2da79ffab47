public import Charts

/// A text of the portal in both of its languages: one that lacks a translation does not compile.
///
/// Names that people gave are no words: they are the same in every language and come into a page by `plain(_:)`.
public struct Words: Sendable, Hashable {
    public let english: String
    public let chinese: String

    public init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    /// For charts.
    public var phrase: Phrase { Phrase(english, chinese: chinese) }

    func text(_ language: Language) -> String {
        switch language {
        case .english: english
        case .chinese: chinese
        }
    }
}

/// A language of the portal.
public enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case chinese = "zh"

    /// For charts.
    var ofCharts: ChartLanguage {
        switch self {
        case .english: .english
        case .chinese: .chinese
        }
    }

    /// As `lang` of HTML takes it (BCP 47).
    var tag: String {
        switch self {
        case .english: "en"
        case .chinese: "zh-CN"
        }
    }
}
