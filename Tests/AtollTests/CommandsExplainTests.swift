import Faults
import Resources
import Testing

@testable import atoll

@Suite struct CommandsExplainTests {
    private let plain = Terminal(descriptor: 1, isTerminal: false, columns: nil) { _ in nil }

    private func list() throws -> KindList {
        try KindList(answer: [
            "items": [
                [
                    "name": "Route", "plural": "routes", "shortNames": ["rt"], "scope": "tenant", "summary": "A way.",
                    "immutable": true, "example": "kind: Route\n\nspec: {}",
                    "fields": [
                        [
                            "path": "spec.hops", "type": "a list", "required": true, "immutable": false,
                            "summary": "The way.",
                        ],
                        [
                            "path": "spec.hops[].host", "type": "a text", "required": false, "immutable": true,
                            "default": "here", "summary": "Where.",
                        ],
                        ["path": "spec.hopsize", "type": "a whole number", "summary": "How far."],
                    ],
                ],
                ["name": "Tenant", "plural": "tenants", "shortNames": ["tn"]],
            ]
        ])
    }

    @Test(arguments: ["Route", "ROUTES", "rt"]) func aKindHasManyNames(word: String) throws {
        #expect(try list().kind(word).name == "Route")
    }

    @Test func offersTheKindThatWasMeant() throws {
        let fault = #expect(throws: Fault(ResourceFaults.unknownKind)) { try list().kind("tenats") }
        #expect(fault?.wanted == "did you mean 'tenants'?")
        let other = #expect(throws: Fault(ResourceFaults.unknownKind)) { try list().kind("qqqqqq") }
        #expect(other?.wanted == "Route, Tenant")
    }

    @Test func showsFieldsAndExample() throws {
        #expect(
            try KindExplanation("routes", in: list()).text(for: plain) == """
                Route (routes, rt)
                  A way.
                  Lives in a tenant. Never changes after creation.

                Fields:
                  spec.hops
                    The way.
                    a list; required
                  spec.hops[].host
                    Where.
                    a text; cannot change after creation; default "here"
                  spec.hopsize
                    How far.
                    a whole number

                Example:
                  kind: Route

                  spec: {}
                """
        )
    }

    @Test(arguments: ["route.hops", "rt.spec.hops"]) func showsOneFieldWithThoseInside(subject: String) throws {
        let explanation = try KindExplanation(subject, in: list())
        #expect(
            explanation.text(for: plain) == """
                Route spec.hops
                  The way.
                  a list; required

                Fields inside:
                  spec.hops[].host
                    Where.
                    a text; cannot change after creation; default "here"
                """
        )
        #expect(
            explanation.json["fields"]?.array?.compactMap { $0["path"]?.string } == ["spec.hops", "spec.hops[].host"])
    }

    @Test func offersTheFieldThatWasMeant() throws {
        let fault = #expect(throws: Fault(ResourceFaults.unknownField)) { try KindExplanation("route.hop", in: list()) }
        #expect(fault?.wanted == "did you mean 'route.spec.hops'?")
    }

    @Test func whatIsNeitherErrorNorKindIsSaid() throws {
        let fault = #expect(throws: Fault(ProgramFaults.unknownFault)) { try KindExplanation("ruote", in: list()) }
        #expect(fault?.wanted == "did you mean 'Route'?")
    }

    @Test(arguments: ["ATL-1002", "atl-1002", "1002", "unknown-field"]) func anErrorHasNumberAndName(subject: String)
        throws
    {
        let entry = try #require(try ExplainCommand.entry(subject))
        #expect(entry.number == ResourceFaults.unknownField.number)
        #expect(ExplainCommand.text(entry, for: plain).contains("HTTP status 422, exit code 1"))
        #expect(ExplainCommand.json(entry)["exitCode"] == 1)
    }

    @Test(arguments: ["ATL-9998", "ATL-12345", "atl-x", "99999"]) func aNumberThatIsNoneIsRefused(subject: String) {
        #expect(throws: Fault(ProgramFaults.unknownFault)) { try ExplainCommand.entry(subject) }
    }

    @Test func everythingElseMayBeAKind() throws {
        #expect(try ExplainCommand.entry("tenant") == nil)
    }
}
