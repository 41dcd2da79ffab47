import TaskRuntime
import Testing

@testable import Jobs

/// What an earlier task left, as documents and plans name it.
@Suite struct TaskReferenceTests {
    private static let ulid = "01M8KQXWPE1WSZKW50AP17V24Y"

    @Test func aJobsNameBecomesItsULIDAlsoInAList() throws {
        let dataset = try #require(TaskReference(dataset: "takings@match/align"))
        #expect(dataset.jobName == "match")
        let named = "takings@\(Self.ulid)/align"
        #expect(dataset.replaced(in: "takings@match/align", by: dataset.naming(Self.ulid)) == named)
        #expect(dataset.replaced(in: "other; takings@match/align ;x", by: named) == "other;\(named);x")
        let parameters: [String: ParameterValue] = ["label": .text("y"), "hosts": .text("a; takings@match/align")]
        let setting = TaskSetting(parameters: parameters, parties: [], seed: [])
        #expect(ReferenceChecks.place(of: dataset.text, setting, at: "tasks[1]") == "tasks[1].parameters.hosts")
        #expect(ReferenceChecks.place(of: "other@match/x", setting, at: "tasks[1]") == "tasks[1].parameters")
        #expect(dataset.replaced(in: "takings@match/other", by: named) == nil)
        let result = try #require(TaskReference(result: "learn/train"))
        #expect(result.naming(Self.ulid) == "\(Self.ulid)/train")
    }

    @Test func aModelsVersionNamesATrainingInDocumentsAlone() throws {
        let result = try #require(TaskReference(result: "merchants:champion"))
        #expect(result.isLocal && result.job == nil && result.version?.name == "merchants")
        // Without a version it is a task of the same job.
        #expect(TaskReference(result: "merchants")?.task == "merchants")
        #expect(TaskReference(result: "merchants")?.isLocal == false)
        #expect(TaskReference(result: "merchants:") == nil)
    }
}
