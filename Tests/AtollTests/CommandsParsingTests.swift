import ArgumentParser
import Faults
import Resources
import Testing

@testable import atoll

@Suite struct CommandsParsingTests {
    private func refusal(_ arguments: String...) -> Fault? {
        do {
            try CommandLineSpelling.check(arguments, root: Atoll.self)
            _ = try Atoll.parsed(arguments)
            return nil
        } catch {
            return error as? Fault
        }
    }

    @Test(arguments: [
        (["gte", "tenants"], "did you mean 'atoll get'?"), (["aply"], "did you mean 'atoll apply'?"),
        (["list"], "did you mean 'atoll get'?"), (["rm", "x"], "did you mean 'atoll delete'?"),
        (["secret", "st", "x"], "did you mean 'atoll secret set'?"),
        (["help", "roolback"], "did you mean 'atoll rollback'?"),
    ])
    func offersTheCommandThatWasMeant(arguments: [String], wanted: String) {
        let fault = #expect(throws: Fault(ProgramFaults.usage)) {
            try CommandLineSpelling.check(arguments, root: Atoll.self)
        }
        #expect(fault?.wanted == wanted)
    }

    @Test func listsTheCommandsWhenNoneIsNear() {
        let fault = refusal("xylophone")
        #expect(fault?.what == "atoll has no command 'xylophone'.")
        #expect(fault?.wanted?.contains("apply, get, describe, delete, watch, history, diff, rollback") == true)
    }

    @Test(arguments: [
        (["get", "tenants", "--tenat", "x"], "'--tenant'"), (["apply", "-f", "x", "--dryrun"], "'--dry-run'"),
        (["get", "tenants", "-o", "jsn"], "table"), (["rollback", "tenant", "x"], "--to"),
        (["rollback", "tenant", "x", "--to", "two"], "two"), (["apply"], "--file"),
        (["delete"], "KIND NAME or -f FILE"),
        (["delete", "tenant", "x", "-f", "y"], "KIND NAME or -f FILE"),
        (["diff", "-f", "x", "--to", "2"], "do not go with -f"),
        (["diff", "tenant", "x", "--from", "0"], "from 1"), (["get", "tenants", "--watch", "-o", "yaml"], "--watch"),
        (["delete", "tenant", "x", "--timeout", "0"], "86400"),
        (["secret", "set", "x", "value"], "value"),
    ])
    func aWrongCommandLineIsANumberedError(arguments: [String], named: String) {
        let fault = #expect(throws: Fault(ProgramFaults.usage)) { try Atoll.parsed(arguments) }
        #expect(fault.map { "\($0.what) \($0.wanted ?? "")" }?.contains(named) == true, "\(fault?.description ?? "")")
        #expect(fault?.fix.hasPrefix("See `atoll \(arguments[0])") == true)
    }

    @Test(arguments: [
        (["get", "tenants", "-o", "json"], true), (["get", "-ojson"], true), (["get", "--output=json"], true),
        (["get", "--output", "json", "--nonsense"], true), (["get", "json"], false), (["get", "-o", "yaml"], false),
        (["bench", "--", "-o", "json"], false), (["-o"], false),
    ])
    func knowsWhetherProgramsRead(arguments: [String], isJSON: Bool) {
        #expect(ErrorReport.wantsJSON(arguments) == isJSON)
    }

    @Test func reportsAsWordsOrAsJSON() throws {
        let plain = Terminal(descriptor: 2, isTerminal: false, columns: nil) { _ in nil }
        let colours = Terminal(descriptor: 2, isTerminal: true, columns: 80) { _ in nil }
        let fault = Fault(ResourceFaults.notFound, "There is no Tenant a\u{1B}.", at: "Tenant a")
        let words = ErrorReport(fault, arguments: ["get"], root: Atoll.self)
        #expect(
            words.text(for: plain) == """
                ATL-1012 There is no Tenant a\\u{1b}.
                  where:  Tenant a
                  fix:    \(ResourceFaults.notFound.fix)
                """
        )
        #expect(words.text(for: colours).hasPrefix("\u{1B}[31mATL-1012\u{1B}[0m There"))
        let json = try JSONParser.parse(ErrorReport(fault, arguments: ["-ojson"], root: Atoll.self).text(for: colours))
        #expect(json["code"] == "ATL-1012")
        #expect(json["status"] == 404)
        #expect(json["where"] == "Tenant a")
    }

    @Test func aGeneralUsageErrorNamesTheCommandsOwnHelp() {
        let report = ErrorReport(Fault(ProgramFaults.usage, "x"), arguments: ["secret", "set"], root: Atoll.self)
        #expect(report.fault.fix == "See `atoll secret set --help`.")
    }

    @Test(
        arguments: [
            (Fault(ProgramFaults.notRunning), 4), (Fault(ProgramFaults.usage), 64), (Fault(ResourceFaults.notFound), 2),
            (Fault(ResourceFaults.unknownKind), 2), (Fault(ResourceFaults.conflict), 3),
            (Fault(ResourceFaults.alreadyExists), 3),
            (Fault(ResourceFaults.invalidDocument), 1), (Fault(ProgramFaults.fileUnreadable), 1),
            (Fault(ProgramFaults.benchMissing), 2), (Fault(ProgramFaults.strangeAnswer), 1),
            (Fault(ResourceFaults.storeLocked), 1),
        ] as [(Fault, Int32)])
    func everyFaultHasItsExitCode(fault: Fault, code: Int32) {
        #expect(ExitStatus(fault).rawValue == code)
    }

    @Test func readsKindsAndNames() throws {
        #expect(try Target(["tenants"]) == Target(["tenants"]))
        func parts(_ words: String...) throws -> [String] {
            let target = try Target(words)
            return [target.kind] + target.names
        }
        #expect(try parts("tenants") == ["tenants"])
        #expect(try parts("tenant", "a", "b") == ["tenant", "a", "b"])
        #expect(try parts("Tenant/a", "tenant/b") == ["Tenant", "a", "b"])
        #expect(try Target.one(["tenant/a"]) == ("tenant", "a"))
    }

    @Test(arguments: [
        [], [""], ["tenant/"], ["/a"], ["a/b/c"], ["tenant", "a/b"], ["tenant/a", "b"], ["tenant/a", "project/b"],
    ])
    func refusesWhatIsNoKindAndName(words: [String]) {
        #expect(throws: Fault(ProgramFaults.usage)) { try Target(words) }
    }

    @Test(arguments: [["tenant"], ["tenant", "a", "b"]]) func wantsExactlyOne(words: [String]) {
        #expect(throws: Fault(ProgramFaults.usage)) { try Target.one(words) }
    }
}
