import Faults
import Logging
import Testing

@testable import Observability

@Suite struct LogSettingsTests {
    @Test(arguments: [
        ("trace", Logger.Level.trace), ("DEBUG", .debug), ("Info", .info), ("notice", .notice), ("warn", .warning),
        ("warning", .warning), ("error", .error), ("critical", .critical),
    ])
    func levelsAreRead(name: String, level: Logger.Level) throws {
        #expect(try Logger.Level(named: name) == level)
    }

    @Test(arguments: ["", "verbose", " info", "warnings"])
    func unknownLevelsAreRefused(name: String) {
        let fault = #expect(throws: Fault.self) { try Logger.Level(named: name, at: "--log-level") }
        #expect(fault == Fault(ObservabilityFaults.unknownLogLevel))
        #expect(fault?.place == "--log-level")
    }

    @Test(arguments: [
        ("auto", true, ["TERM": "xterm"], LogForm.human(colour: true)),
        ("auto", true, ["TERM": "xterm", "NO_COLOR": "1"], .human(colour: false)),
        ("human", true, ["TERM": "xterm", "NO_COLOR": ""], .human(colour: false)),
        ("auto", true, ["TERM": "dumb"], .human(colour: false)),
        ("auto", true, [:], .human(colour: false)),
        ("human", false, ["TERM": "xterm"], .human(colour: false)),
        ("auto", false, ["TERM": "xterm"], .json),
        ("json", true, ["TERM": "xterm"], .json),
    ])
    func theFormFollowsTheTerminal(text: String, terminal: Bool, environment: [String: String], form: LogForm) throws {
        #expect(try LogForm(text, isTerminal: terminal, environment: environment) == form)
    }

    @Test func unknownFormsAreRefused() {
        #expect(throws: Fault(ObservabilityFaults.unknownLogForm)) {
            try LogForm("xml", isTerminal: true, environment: [:])
        }
    }

    @Test func everyLineCarriesTheLabelsOfItsApp() {
        let sink = MemorySink()
        let settings = LogSettings(
            level: .warning, form: .human(colour: false), app: .job("score-1"), appID: "01J",
            labels: [LogKeys.site: "bank"]
        )
        let logger = Logger(label: "l") { settings.handler($0, sink: sink) }
        logger.info("too quiet")
        logger.warning("heard")
        #expect(sink.lines.count == 1)
        #expect(sink.last.contains("app=job/score-1 app_id=01J site=bank"))
        #expect(AppLabel.site.rawValue == "site" && AppLabel.portal.rawValue == "portal")
    }

    @Test func loggersAreValues() {
        let sink = MemorySink()
        var first = sink.logger(.json)
        var second = first
        first[metadataKey: LogKeys.job] = "one"
        second.logLevel = .critical
        #expect(second[metadataKey: LogKeys.job] == nil)
        #expect(first.logLevel == .trace)
    }
}
