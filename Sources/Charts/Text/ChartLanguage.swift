/// What a chart's texts are written in.
public enum ChartLanguage: Sendable, Hashable, CaseIterable {
    case english
    case chinese
    /// English, with the Chinese beside it in `data-zh`, for pages that change between them by a script.
    case both
}
