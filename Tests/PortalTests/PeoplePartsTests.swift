import People
import Resources
import Testing

@testable import Portal

@Suite struct PeoplePartsTests {
    @Test(arguments: [
        (["atoll", "user", "show", "ana"], "atoll user show ana"),
        (["atoll", "--reason", "too much"], "atoll --reason 'too much'"),
        (["a", "it's; rm -rf $HOME `x`"], "a 'it'\\''s; rm -rf $HOME `x`'"), (["a", ""], "a ''"),
        (["a", "~/x", "*"], "a '~/x' '*'"), (["a", "账户"], "a '账户'"), (["user ana", "a\nb"], "'user ana' 'a\nb'"),
    ])
    func commandsAreQuotedForAShell(_ words: [String], _ text: String) {
        #expect(shellText(words) == text)
    }

    @Test func everyNounAndEveryRoleOfTheProgramHasWords() {
        for noun in Noun.all { #expect(NounWords.known[noun] != nil, "\(noun)") }
        #expect(Set(RoleWords.chinese.keys) == Set(Role.builtIn.map(\.name)))
    }

    /// As the kind's own rule says: a role that the form offers is taken, and no other noun is.
    @Test func whatRolesOfOnesOwnCanHoldIsWhatTheKindTakes() {
        for verb in Permission.Verb.allCases {
            let field = CustomRole.kind.fields.first { $0.name == verb.rawValue }
            guard case .list(of: .choice(let taken), count: _)? = field?.type else {
                Issue.record("the field is no list of choices")
                continue
            }
            #expect(NounWords.grantable(verb).map(\.name) == taken)
        }
    }

    @Test func aDocumentKeepsWhatAFormDoesNotHave() throws {
        let read = try JSONParser.parse(
            #"""
            {"apiVersion": "atoll.dev/v1alpha1", "kind": "Project", "status": {"contents": {}},
             "metadata": {"name": "cards", "tenant": "risk", "resourceVersion": "7", "labels": {"a": "b"}, "uid": "u"},
             "spec": {"displayName": "Cards", "purpose": "p", "stage": "production"}}
            """#)
        let document = Item(read).document(["displayName": "New", "purpose": nil as JSONValue?], version: "5")
        #expect(document["spec"] == ["displayName": "New", "stage": "production"])
        #expect(
            document["metadata"]
                == ["name": "cards", "tenant": "risk", "resourceVersion": "5", "labels": ["a": "b"]])
        #expect(document["status"] == nil)
        #expect(Item(read).document([:])[path: "metadata", "resourceVersion"] == "7")
    }

    @Test func placesAreNamedForCommandsAndPeople() {
        #expect(Scope(tenant: "risk", project: "cards").options == ["--tenant", "risk", "--project", "cards"])
        #expect(Scope.platform.options == [])
        #expect(Scope(tenant: "risk", project: "cards").path == "risk / cards")
        #expect(Scope.platform.html.write(.chinese) == "整个站点")
    }

    @Test func textsAreFoundWhateverTheCase() {
        #expect(Item.matches("AnA", ["x", "banana"]))
        #expect(!Item.matches("ana", ["x"]))
        #expect(Item.matches(nil, []))
    }
}
