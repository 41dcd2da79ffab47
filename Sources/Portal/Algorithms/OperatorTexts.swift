import Resources

/// What operators say of themselves, in Chinese: by the English sentence, so that a sentence that was changed has none,
/// which a test finds.
enum OperatorTexts {
    /// By what is spoken of: an operator, what its parties learn, a parameter, what a message holds.
    static let tables: [[String: String]] = [summaries, learns, data, settings, messages]

    private static let chinese: [String: String] = tables.reduce(into: [:]) { all, table in
        all.merge(table) { first, _ in first }
    }

    /// - Returns: nil for a sentence of another build's operators.
    static func words(_ english: String) -> Words? { chinese[english].map { Words(english, $0) } }

    /// The sentence in an element that says which language it is in: English also on a Chinese page where there is no
    /// Chinese.
    static func said(_ english: String, in name: StaticString = "span", _ attributes: Attribute...) -> HTML {
        let words = words(english)
        return tag(name, attributes + [language(words)]) { words.map { HTML($0) } ?? plain(english) }
    }

    static func language(_ words: Words?) -> Attribute {
        words == nil ? Attribute("lang", "en") : Attribute("lang", Words(Language.english.tag, Language.chinese.tag))
    }

    /// A line of what an approval's job tells: `TASK: the ROLE learns SENTENCE`.
    ///
    /// - Returns: nil for lines about anything else.
    static func learnt(_ line: String) -> Words? {
        guard let parts = line.wholeMatch(of: /([^:]+): the (guest|host|member) learns (.+)/),
            let role = OperatorWords.roles[String(parts.2)], let learns = words(String(parts.3))
        else { return nil }
        return Words(line, "\(parts.1)：\(role.chinese)得知：\(learns.chinese)")
    }
}

extension ParameterView {
    /// What it means, and what is wanted of it.
    ///
    /// - Returns: nil where one of them is in English alone, since the two stand in one paragraph.
    var help: (summary: Words, wanted: Words)? {
        guard let summary = OperatorTexts.words(summary), let wanted = wantedWords else { return nil }
        return (summary, Words("Wanted: \(wanted.english).", "应为：\(wanted.chinese)。"))
    }

    /// What is accepted: the API's own words, and Chinese from the type and the bounds.
    ///
    /// - Returns: nil for a type of another build.
    var wantedWords: Words? {
        let chinese: String? =
            switch (json["type"]?.string, form) {
            case (_, .integer(let least, let most)): "\(least) 至 \(most) 之间的整数"
            case (_, .number(let least, let most)): "\(least) 至 \(most) 之间的数值"
            case (_, .boolean): "true 或 false"
            case (_, .choice(let words)): "以下之一：" + words.joined(separator: "、")
            case ("text", .text(let least, let most)): "\(least) 至 \(most) 个字符的单行文本"
            case (_, .text): nil
            }
        return chinese.map { Words(wanted, $0) }
    }
}
