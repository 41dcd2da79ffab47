import Faults

/// A fault on a Chinese page: the catalogue's own sentences in Chinese, and what the API says beyond them after it, marked
/// as English.
struct FaultText {
    private let detail: String
    private let fix: String?
    private let entry: FaultEntry
    private let words: FaultChinese

    var number: FaultNumber { entry.number }

    /// Nil for a number that this build does not know, such as one of a newer peer: such a fault stays in English.
    init?(_ number: String, detail: String, fix: String? = nil) {
        guard let known = FaultNumber(number), let entry = FaultCatalogue.entry(known),
            let words = FaultWords.chinese(known)
        else { return nil }
        (self.detail, self.fix, self.entry, self.words) = (detail, fix, entry, words)
    }

    init?(_ refusal: Refusal) {
        self.init(refusal.code, detail: refusal.detail, fix: refusal.fix)
    }

    var chineseDetail: HTML {
        let summary = HTML(Words(entry.title, words.summary))
        // What only begins with the summary is not told twice.
        let more = (detail.hasPrefix(entry.title) ? String(detail.dropFirst(entry.title.count)) : detail)
            .drop { $0 == " " }
        return more.isEmpty ? summary : summary + plain(" ") + inEnglish(String(more))
    }

    /// A fix made for the case stays as it is: the catalogue's may say something else.
    var chineseFix: HTML? {
        guard let fix, !fix.isEmpty else { return nil }
        return fix == entry.fix ? HTML(Words(entry.fix, words.fix)) : inEnglish(fix)
    }
}

/// A line that may begin with a fault's number: `ATL-3037 The peer's port does not answer.`
///
/// - Parameter english: how the line stands on an English page; nil for as it is.
func faultLine(_ line: String, english: HTML? = nil) -> HTML {
    let english = english ?? inEnglish(line)
    guard let match = line.prefixMatch(of: #/(ATL-[0-9]{1,4}):? /#),
        let text = FaultText(String(match.1), detail: String(line[match.range.upperBound...]))
    else { return english }
    return HTML(english: english, chinese: plain("\(text.number) ") + text.chineseDetail)
}

/// What is wrong with something that has its number apart from it.
func faultDetail(_ number: String, _ detail: String) -> HTML {
    HTML(
        english: inEnglish(detail),
        chinese: FaultText(number, detail: detail)?.chineseDetail ?? inEnglish(detail))
}

func faultFix(_ number: String, _ fix: String) -> HTML {
    HTML(
        english: inEnglish(fix),
        chinese: FaultText(number, detail: "", fix: fix)?.chineseFix ?? inEnglish(fix))
}

extension HTML {
    /// Where the languages differ in markup too: in what is marked as English.
    init(english: HTML, chinese: HTML) {
        self.init(written: { language in
            switch language {
            case .english: english.write(language)
            case .chinese: chinese.write(language)
            }
        })
    }
}
