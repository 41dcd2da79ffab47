import Testing

@testable import Jobs

@Suite struct TaskLineageTests {
    private func place(_ name: String) -> TaskTies.Place { TaskTies.Place(job: name, task: "t") }

    private func ties(_ name: String, _ sources: String...) -> TaskTies {
        TaskTies(place: place(name), operatorName: "noop", sources: sources.map(place))
    }

    @Test func whatIsBeforeAndAfterIsFoundThroughOthers() {
        let lineage = TaskLineage([
            ties("align"), ties("woe", "align"), ties("apply", "woe", "align"), ties("train", "apply"),
            ties("score", "train", "align"), ties("measure", "score"), ties("other", "align"),
            // A job that is not here any more, and a ring, which no plan makes.
            ties("late", "gone"), ties("a", "b"), ties("b", "a"),
        ])
        #expect(lineage.before([place("train")]) == Set(["apply", "woe", "align"].map(place)))
        #expect(lineage.after([place("train")]) == Set(["score", "measure"].map(place)))
        #expect(lineage.after([place("gone")]) == [place("late")])
        #expect(lineage.before([place("a")]) == [place("b")])
        #expect(lineage.before([place("train"), place("woe")]) == Set(["apply", "align"].map(place)))
    }

    @Test func trainingsAreNamedByULIDAndTask() {
        #expect(TaskTies.Place("01JZZZZZZZZZZZZZZZZZZZZZZZ/train") != nil)
        for text in ["learn/train", "01JZZZZZZZZZZZZZZZZZZZZZZZ", "01JZZZZZZZZZZZZZZZZZZZZZZZ/a/b", ""] {
            #expect(TaskTies.Place(text) == nil, "\(text)")
        }
    }
}
