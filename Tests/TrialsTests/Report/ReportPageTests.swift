import Charts
import Foundation
import Testing

@testable import Trials

/// The page of a trial's report.
@Suite struct ReportPageTests {
    private static let all = [
        ReportExample.binary(), ReportExample.binary(parties: 3), ReportExample.numbers(),
        ReportExample.withoutLearning(), ReportExample.failed(),
    ].map { ReportPage(document: $0).html }

    private var pages: [String] { Self.all }

    @Test func everyTextIsThereInBothLanguagesWithTheSameValues() throws {
        let entries =
            ReportText.headTexts + ReportText.curveTexts + ReportText.scorecardTexts + ReportText.partyTexts
            + ReportText.runTexts
        #expect(Set(entries.map(\.0)).count == entries.count, "a text stands twice")
        #expect(Set(entries.map(\.0)) == Set(ReportText.allCases))
        for text in ReportText.allCases {
            let (english, chinese) = try #require(ReportText.table[text])
            #expect(!english.isEmpty && english.allSatisfy { !Self.isChinese($0) }, "\(text)")
            #expect(chinese.contains(where: Self.isChinese), "\(text)")
            for value in 0..<5 {
                #expect(english.contains("{\(value)}") == chinese.contains("{\(value)}"), "\(text) {\(value)}")
            }
        }
    }

    @Test func nothingIsLeftToFillIn() {
        for page in pages {
            // Behind the style, whose braces are its own.
            let body = page.components(separatedBy: "</style>")[1].components(separatedBy: "<script>")[0]
            #expect(body.firstMatch(of: /\{\d\}/) == nil)
        }
    }

    @Test func thePageAsksForNothing() {
        for page in pages {
            #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("//cdn"))
            #expect(page.firstMatch(of: /\ssrc=|@import|<iframe|<object|<form/) == nil)
            #expect(page.matches(of: /url\(([^)]*)\)/).allSatisfy { $0.1.hasPrefix("#chart-") })
            #expect(page.contains("content=\"default-src &#39;none&#39;; style-src"))
        }
    }

    @Test func theSameDocumentIsTheSamePage() {
        #expect(ReportPage(document: ReportExample.binary()).html == pages[0])
    }

    @Test func everyChartHasTitleDescriptionAndTable() {
        for (page, count) in zip(pages, [31, 31, 15, 1, 1]) {
            let figures = page.components(separatedBy: "<figure ").dropFirst()
            #expect(figures.count == count)
            for figure in figures {
                #expect(
                    figure.contains("role=\"img\"") && figure.firstMatch(of: /<title id="[^"]+"[^>]*>[^<]+</) != nil)
                #expect(figure.firstMatch(of: /<desc id="[^"]+"[^>]*>[^<]+</) != nil)
                #expect(figure.contains("<tbody><tr><th scope=\"row\""))
            }
            let ids = page.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
            #expect(Set(ids).count == ids.count)
        }
    }

    @Test func theFirstSentenceSaysWhatFederationWasWorth() throws {
        var document = ReportExample.binary()
        #expect(ReportPage(document: document).html.contains("ranks better: AUC 0."))
        document.learning?.uplift = .init(value: 0.002, low: -0.001, high: 0.005)
        #expect(ReportPage(document: document).html.contains("on 3,000 test rows that may still be chance"))
        document.learning?.uplift = .init(value: -0.02, low: -0.03, high: -0.01)
        #expect(ReportPage(document: document).html.contains("ranks worse"))
        #expect(pages[2].contains("errs less: RMSE 320 instead of 410"))
        document.learning?.models = []
        #expect(ReportPage(document: document).html.contains("could not be compared"))
    }

    @Test func withoutAPairedIntervalItSaysThatTheTrueOneIsNarrower() {
        #expect(pages[0].contains("as if measured on different rows"))
        var document = ReportExample.binary()
        document.learning?.uplift = .init(value: 0.05, low: 0.04, high: 0.06)
        let page = ReportPage(document: document).html
        #expect(!page.contains("as if measured on different rows") && page.contains("95% interval +0.040 to +0.060"))
    }

    @Test func equalAndDifferentModelsAreToldApart() {
        #expect(pages[0].contains(">Identical<") && !pages[0].contains(">Different<"))
        var document = ReportExample.binary()
        document.learning?.digests.centralised = "00"
        #expect(ReportPage(document: document).html.contains(">Different<"))
        document.learning?.digests.centralised = ""
        let none = ReportPage(document: document).html
        #expect(none.contains("no digest of both was taken") && !none.contains(">Different<"))
    }

    @Test func aTrialThatWasTakenOverSaysSo() {
        var document = ReportExample.binary()
        #expect(!ReportPage(document: document).html.contains("took the trial over"))
        document.resumed = 2
        let page = ReportPage(document: document).html
        #expect(page.contains("took the trial over 2 times") && page.contains("接管 2 次"))
    }

    @Test func whatWentWrongComesFirst() throws {
        let page = pages[4]
        let problem = try #require(page.range(of: "ATL-7009"))
        let summary = try #require(page.range(of: "class=\"sentence\""))
        #expect(problem.lowerBound < summary.lowerBound)
        #expect(page.contains("bandwith &gt;= 1e9") && page.contains(">found 108.2<"))
        #expect(!pages[3].contains("class=\"problems\""))
    }

    @Test func whateverANameSaysStaysText() {
        let hostile = "</script><script>window.injected=1</script><img src=x onerror=\"window.injected=1\">'&{0}]]>"
        let page = ReportPage(document: Self.hostile(hostile)).html
        #expect(
            page.components(separatedBy: "<script").count == 2 && page.components(separatedBy: "</script").count == 2)
        #expect(!page.contains("<img") && !page.contains("onerror=\""))
        #expect(page.contains("&lt;/script&gt;&lt;script&gt;"))
    }

    @Test func valuesThatAreNoNumbersDoNotBreakThePage() {
        var document = ReportExample.binary()
        for index in document.learning!.models.indices {
            document.learning!.models[index].measures["auc"] = .nan
            document.learning!.models[index].roc = [.init(x: .nan, y: .infinity)]
            document.learning!.models[index].calibration = []
            document.learning!.models[index].histogram = []
        }
        document.learning!.importance[0].gain = .infinity
        document.phases[0].seconds = .infinity
        document.phases[1].bytes = .nan
        let page = ReportPage(document: document).html
        #expect(!page.contains("nan") && !page.contains("inf\"") && page.contains("could not be compared"))
    }

    /// The example with a text in the place of every name.
    static func hostile(_ text: String) -> TrialDocument {
        var document = ReportExample.binary()
        document.name = text
        document.began = text
        document.failure = text
        document.reproduce = text
        document.environment[text] = text
        document.figures[text] = 1
        document.phases[0].name = text
        document.ledgers[0].head = text
        document.routes[0].outcome = text
        document.expectations = [.init(text: text, holds: false, found: nil)]
        document.sites[0].name = text
        guard var learning = document.learning else { return document }
        learning.parties[0].site = text
        learning.parties[0].columns = [text]
        learning.importance[0].site = text
        learning.importance[0].column = text
        learning.trees[0].nodes[0].column = text
        learning.learnt[0].site = text
        learning.learnt[0].declared = [text]
        learning.learnt[0].counted = [text: 1]
        learning.settings[text] = text
        learning.models[0].name = text
        learning.models[0].measures[text] = 1
        document.learning = learning
        return document
    }

    private static func isChinese(_ character: Character) -> Bool {
        character.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}
