import Jobs
import Resources
import TaskRuntime
import Testing

@testable import Portal

/// What the operators of this program say of themselves, in Chinese: no sentence without, and none kept that nobody says.
@Suite struct OperatorTextTests {
    private static let operators = Operators.all.operators.map(\.description)

    private static func hasHan(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    /// Of every message that there can be: with rows, and with each choice of each parameter.
    private static func forms(of known: OperatorDescription) -> Set<String> {
        var usual = Dictionary(uniqueKeysWithValues: known.parameters.map { ($0.name, $0.example) })
        for size in known.sizes { usual[size.parameter] = .integer(1_000_000) }
        var settings = [usual]
        for parameter in known.parameters {
            let others: [ParameterValue] =
                switch parameter.form {
                case .choice(let words): words.map { .text($0) }
                case .boolean: [.boolean(true), .boolean(false)]
                default: []
                }
            settings += others.map { usual.merging([parameter.name: $0]) { $1 } }
        }
        let names = known.roles.flatMap { role in
            [String](repeating: role.name, count: max(1, role.count.lowerBound))
        }
        let parties = names.enumerated().map { TaskParty(site: "site \($0.offset)", role: $0.element) }
        let seed = [UInt8](repeating: 0, count: 32)
        return Set(
            settings.flatMap { values in
                known.messages(TaskSetting(parameters: values, parties: parties, seed: seed)).map(\.schema)
            })
    }

    private static let said: Set<String> = operators.reduce(into: []) { all, known in
        all.insert(known.summary)
        all.formUnion(known.leakage.map(\.learns))
        all.formUnion(known.parameters.map(\.summary))
        all.formUnion(forms(of: known))
    }

    @Test func everySentenceHasChinese() throws {
        #expect(Self.said.count > 150)
        for sentence in Self.said.sorted() {
            let words = try #require(OperatorTexts.words(sentence), "no Chinese for: \(sentence)")
            #expect(words.english == sentence && Self.hasHan(words.chinese), "\(words.chinese)")
        }
    }

    @Test func noChineseIsKeptForWhatNobodySays() {
        var seen: Set<String> = []
        for sentence in OperatorTexts.tables.flatMap(\.keys) {
            #expect(Self.said.contains(sentence), "nobody says: \(sentence)")
            #expect(seen.insert(sentence).inserted, "twice: \(sentence)")
        }
    }

    @Test func everyRoleHasWords() {
        #expect(Set(OperatorWords.roles.keys) == Set(Self.operators.flatMap { $0.roles.map(\.name) }))
    }

    @Test func whatParametersTakeIsSaidFromTypeAndBounds() throws {
        for known in Self.operators {
            for parameter in OperatorView(json: known.json).parameters {
                let words = try #require(parameter.wantedWords)
                #expect(words.english == parameter.wanted && Self.hasHan(words.chinese))
                let isTold =
                    switch parameter.form {
                    case .integer(let least, let most), .text(let least, let most):
                        words.chinese.contains("\(least) 至 \(most)")
                    case .number(let least, let most): words.chinese.contains("\(least) 至 \(most)")
                    case .choice(let choices): choices.allSatisfy(words.chinese.contains)
                    case .boolean: words.chinese.contains("true")
                    }
                #expect(isTold, "\(known.name).\(parameter.name): \(words.chinese)")
            }
        }
        #expect(ParameterView(json: ["type": "moment", "wanted": "a moment"]).wantedWords == nil)
    }

    @Test func aPageSaysWhichLanguageASentenceIsIn() {
        let known = OperatorTexts.said("Its own coefficients.", .class("muted"))
        #expect(known.write(.english) == #"<span class="muted" lang="en">Its own coefficients.</span>"#)
        #expect(known.write(.chinese) == #"<span class="muted" lang="zh-CN">己方的系数。</span>"#)
        let strange = OperatorTexts.said("Its <own> colour.", in: "div")
        for language in Language.allCases {
            #expect(strange.write(language) == #"<div lang="en">Its &lt;own&gt; colour.</div>"#)
        }
    }

    @Test func whatAJobTellsIsSaidToWhoDecides() {
        for known in Self.operators {
            for row in known.leakage {
                // As the site writes it into an approval.
                let words = OperatorTexts.learnt("step: the \(row.role) learns \(row.learns)")
                #expect(words?.chinese.hasPrefix("step：") == true && words?.chinese.contains("得知：") == true)
            }
        }
        #expect(OperatorTexts.learnt("partner learns what align tells of the columns a") == nil)
        #expect(OperatorTexts.learnt("step: the host learns more.") == nil)
    }
}
