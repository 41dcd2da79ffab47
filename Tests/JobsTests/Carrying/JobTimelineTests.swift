import Resources
import Testing

@testable import Jobs

/// When each party began to do what it does.
@Suite struct JobTimelineTests {
    private static func party(_ site: String, _ state: String, task: String? = nil, waitsFor: String? = nil)
        -> JSONValue
    {
        var party: [String: JSONValue] = [
            "site": .string(site), "state": .string(state), "message": "as it may be",
            "tasks": [
                ["name": "first", "state": "done"],
                ["name": .string(task ?? "second"), "state": task == nil ? "waiting" : "running", "done": 7],
            ],
        ]
        if let waitsFor { party["waitsFor"] = .string(waitsFor) }
        return .object(party)
    }

    @Test func onlyChangesAreKeptWithTheirTime() {
        var timeline: [JSONValue] = []
        func add(_ parties: [JSONValue], _ seconds: Int64, isOver: Bool = false) {
            timeline = JobSummary.timeline(
                timeline, adding: parties, at: Timestamp(milliseconds: seconds * 1_000), isOver: isOver)
        }
        add([Self.party("a", "Proposed", waitsFor: "b"), Self.party("b", "Proposed")], 0)
        add([Self.party("a", "Proposed", waitsFor: "b"), Self.party("b", "Proposed")], 1)
        #expect(timeline.count == 2)
        add([Self.party("a", "Running", task: "train"), Self.party("b", "Running", task: "train")], 2)
        // Progress of the same task is no change.
        add([Self.party("a", "Running", task: "train"), Self.party("b", "Paused", task: "train", waitsFor: "a")], 3)
        #expect(timeline.map { $0["site"]?.string } == ["a", "b", "a", "b", "b"])
        #expect(timeline.map { $0["task"]?.string } == [nil, nil, "train", "train", nil])
        #expect(timeline.last?["waitsFor"]?.string == "a" && timeline.last?["state"]?.string == "Paused")
        #expect(timeline.last?["at"]?.string == Timestamp(milliseconds: 3_000).description)
        // A site that looks at a job that is over knows less of the others than it knew: that is nothing new.
        add([Self.party("a", "Succeeded"), Self.party("b", "Succeeded")], 4, isOver: true)
        add([Self.party("a", "Proposed"), Self.party("b", "Succeeded")], 5, isOver: true)
        #expect(timeline.count == 7 && timeline.last?["state"]?.string == "Succeeded")
        // One that goes back and forth is kept as far as there is room, the newest.
        for turn in 0..<400 { add([Self.party("a", turn % 2 == 0 ? "Paused" : "Running")], Int64(turn)) }
        #expect(timeline.count == JobSummary.mostChanges)
        #expect(timeline.last?["at"]?.string == Timestamp(milliseconds: 399_000).description)
        // Since when the other party does the same is known still.
        let other = timeline.filter { $0["site"] == "b" }
        #expect(other.map { $0["at"]?.string } == [Timestamp(milliseconds: 4_000).description])
    }
}
