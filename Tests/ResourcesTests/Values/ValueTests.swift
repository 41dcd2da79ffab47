import Resources
import Testing

@Suite struct ULIDTests {
    private static let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    @Test(arguments: [0, 1, 1_469_918_176_385, 281_474_976_710_655] as [Int64])
    func theFirstTenCharactersAreTheTime(_ milliseconds: Int64) {
        for _ in 0..<200 {
            let text = ULID.make(at: Timestamp(milliseconds: milliseconds))
            #expect(text.count == 26)
            #expect(text.allSatisfy { Self.alphabet.contains($0) })
            let time = text.prefix(10).reduce(Int64(0)) { value, character in
                value * 32
                    + Int64(
                        Self.alphabet.distance(
                            from: Self.alphabet.startIndex, to: Self.alphabet.firstIndex(of: character)!
                        ))
            }
            #expect(time == milliseconds)
        }
    }

    /// The specification's own example of a time.
    @Test func theSpecificationsExample() {
        #expect(ULID.make(at: Timestamp(milliseconds: 1_469_918_176_385)).hasPrefix("01ARYZ6S41"))
    }

    @Test func theySortByTimeAndNeverMeet() {
        var all: [String] = []
        for time in stride(from: Int64(1), to: 1 << 47, by: 1 << 37) {
            all.append(ULID.make(at: Timestamp(milliseconds: time)))
        }
        #expect(all == all.sorted())
        let same = (0..<10_000).map { _ in ULID.make(at: Timestamp(milliseconds: 5)) }
        #expect(Set(same).count == 10_000)
        // Every random character takes every value.
        for index in 10..<26 { #expect(Set(same.map { Array($0.utf8)[index] }).count == 32) }
    }
}

@Suite struct NearestTests {
    private static let fields = ["name", "tenant", "project", "labels", "replicas", "image", "displayName", "cpu"]

    @Test(arguments: [
        ("nmae", "name"), ("Name", "name"), ("names", "name"), ("tenat", "tenant"), ("teannt", "tenant"),
        ("replica", "replicas"),
        ("displayname", "displayName"), ("cup", "cpu"), ("imgae", "image"), ("proejct", "project"),
    ])
    func itFindsWhatWasMeant(_ text: String, _ wanted: String) {
        #expect(Nearest.name(to: text, among: Self.fields) == wanted)
    }

    @Test(arguments: ["zzz", "", "x", "completely", "replicationFactor", String(repeating: "name", count: 100_000)])
    func itSuggestsNothingFar(_ text: String) {
        #expect(Nearest.name(to: text, among: Self.fields) == nil)
    }

    @Test func theNearestWinsAndTiesAreByName() {
        #expect(Nearest.name(to: "grant", among: ["grand", "grants", "brant"]) == "brant")
        #expect(Nearest.name(to: "grantz", among: ["grant", "granite"]) == "grant")
        #expect(Nearest.name(to: "a", among: []) == nil)
    }
}

@Suite struct ConditionTests {
    private let ready = Condition(
        "Ready", .isTrue, reason: "Made", message: "all is there", observedGeneration: 3,
        at: Timestamp(milliseconds: 1000)
    )

    @Test(arguments: [Condition.Status.isTrue, .isFalse, .unknown])
    func itReadsWhatItWrites(_ status: Condition.Status) {
        let condition = Condition(
            "T", status, reason: "R", message: "m", observedGeneration: 7, at: Timestamp(milliseconds: 5))
        #expect(Condition(json: condition.json) == condition)
    }

    @Test func whatIsIncompleteIsNone() {
        for key in ["type", "status", "lastTransitionTime"] {
            var members = ready.json.object!
            members[key] = nil
            #expect(Condition(json: .object(members)) == nil)
        }
        #expect(Condition(json: ["type": "T", "status": "true", "lastTransitionTime": "1970-01-01T00:00:00Z"]) == nil)
    }

    @Test func settingReplacesByTypeAndKeepsTheRestOfTheStatus() {
        var resource = Resource(ResourceID(kind: "Widget", name: "a"))
        resource.status = ["phase": "x"]
        resource.set(ready)
        resource.set(Condition("Other", .unknown, reason: "R", message: "", observedGeneration: 1))
        resource.set(
            Condition(
                "Ready", .isFalse, reason: "Gone", message: "", observedGeneration: 4, at: Timestamp(milliseconds: 9)))
        #expect(resource.status["phase"] == "x")
        #expect(resource.conditions.map(\.type) == ["Ready", "Other"])
        #expect(resource.condition("Ready")?.status == .isFalse)
        #expect(resource.condition("Ready")?.lastTransitionTime == Timestamp(milliseconds: 9))
        #expect(resource.condition("None") == nil)
    }

    @Test func theTransitionTimeMovesWithTheStatusOnly() {
        var resource = Resource(ResourceID(kind: "Widget", name: "a"))
        resource.set(ready)
        let once = resource
        resource.set(Condition("Ready", .isTrue, reason: "Made", message: "all is there", observedGeneration: 3))
        #expect(resource == once)
        resource.set(Condition("Ready", .isTrue, reason: "Else", message: "other", observedGeneration: 4))
        #expect(resource.condition("Ready")?.reason == "Else")
        #expect(resource.condition("Ready")?.observedGeneration == 4)
        #expect(resource.condition("Ready")?.lastTransitionTime == Timestamp(milliseconds: 1000))
    }
}
