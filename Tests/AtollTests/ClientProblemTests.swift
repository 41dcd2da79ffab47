import API
import Faults
import Resources
import Testing

@testable import atoll

@Suite struct ClientProblemTests {
    private let fault = Fault(
        ResourceFaults.invalidDocument,
        "Tenant a has 2 mistakes.",
        at: "a.yaml",
        parts: [
            Fault(
                ResourceFaults.unknownField, "No 'displayNam'.", at: "spec.displayNam (line 5 of a.yaml)",
                wanted: "did you mean 'displayName'?"),
            Fault(ResourceFaults.missingField, "No 'displayName'.", at: "spec.displayName", fix: "Add it."),
        ]
    )

    @Test func saysWhatTheServerSaid() throws {
        let read = try #require(Fault(problem: Problem.json(fault)))
        #expect(read.description == fault.description)
        #expect(read.parts.map(\.number) == fault.parts.map(\.number))
    }

    @Test func keepsANumberThatOnlyANewerServerKnows() throws {
        let read = try #require(
            Fault(problem: [
                "code": "ATL-9999", "name": "new", "title": "New.", "detail": "It is new.", "fix": "Upgrade.",
                "status": 404,
            ])
        )
        #expect(read.description == "ATL-9999 It is new.\n  fix:    Upgrade.")
        #expect(read.entry.name == "new")
        #expect(ExitStatus(read) == .notFound)
    }

    @Test(arguments: [[:], ["code": "E42"], ["code": 12], "text", .null] as [JSONValue])
    func isNoProblemWithoutANumber(value: JSONValue) {
        #expect(Fault(problem: value) == nil)
    }

    @Test func decodesAnswers() throws {
        #expect(try APIClient.decoded(status: 200, body: Array(#"{"a":1}"#.utf8)) == ["a": 1])
        #expect(try APIClient.decoded(status: 204, body: []) == .null)
    }

    @Test func throwsTheServersFault() {
        let body = JSONWriter.compact(Problem.json(fault))
        #expect(throws: fault) { try APIClient.decoded(status: 422, body: body) }
    }

    @Test(arguments: [(200, "<html>"), (500, "oops"), (500, "{}"), (302, "{}"), (404, "")])
    func refusesStrangeAnswers(status: UInt, body: String) {
        #expect(throws: Fault(ProgramFaults.strangeAnswer)) {
            try APIClient.decoded(status: status, body: Array(body.utf8))
        }
    }
}
