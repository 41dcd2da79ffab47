import Resources
public import TaskRuntime

/// A task of a job, with what it takes from others.
public struct TaskTies: Sendable, Hashable {
    /// The job's ULID, and the task's name.
    public struct Place: Sendable, Hashable {
        public let job: String
        public let task: String

        public init(job: String, task: String) {
            self.job = job
            self.task = task
        }

        /// - Parameter training: `JOB/TASK` by the job's ULID; nil comes of anything else.
        public init?(_ training: String) {
            let words = training.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 2, ULID.isValid(words[0]), Names.isValid(words[1]) else { return nil }
            self.init(job: words[0], task: words[1])
        }
    }

    public let place: Place
    public let operatorName: String
    /// Tasks whose results it reads, and whose tables.
    public let sources: [Place]

    public init(place: Place, operatorName: String, sources: [Place]) {
        self.place = place
        self.operatorName = operatorName
        self.sources = sources
    }
}

/// What was made of what, over jobs.
public struct TaskLineage: Sendable {
    private let sources: [TaskTies.Place: [TaskTies.Place]]
    private let users: [TaskTies.Place: [TaskTies.Place]]

    public init(_ tasks: [TaskTies]) {
        sources = Dictionary(tasks.map { ($0.place, $0.sources) }) { $1 }
        var users: [TaskTies.Place: [TaskTies.Place]] = [:]
        for task in tasks {
            for source in task.sources { users[source, default: []].append(task.place) }
        }
        self.users = users
    }

    /// Every task that these were made of, directly or through others; without themselves.
    public func before(_ places: Set<TaskTies.Place>) -> Set<TaskTies.Place> { Self.reached(places, sources) }

    /// Every task that was made with these, directly or through others; without themselves.
    public func after(_ places: Set<TaskTies.Place>) -> Set<TaskTies.Place> { Self.reached(places, users) }

    private static func reached(
        _ places: Set<TaskTies.Place>, _ ways: [TaskTies.Place: [TaskTies.Place]]
    ) -> Set<TaskTies.Place> {
        var found: Set<TaskTies.Place> = []
        var open = Array(places)
        while let place = open.popLast() {
            for next in ways[place] ?? [] where !places.contains(next) && found.insert(next).inserted {
                open.append(next)
            }
        }
        return found
    }
}

extension JobService {
    /// The tasks of a job with what they take from others, as the plan says; none for a job that is not here.
    public func ties(of job: String, _ catalogue: OperatorCatalogue) async throws -> [TaskTies] {
        guard let bytes = try await around.rows.find(job)?.0.plan else { return [] }
        let plan = try JobPlan(bytes: bytes)
        return plan.tasks.map { task in
            let references = catalogue[task.operatorName]?.description.references(plan.setting(of: task)) ?? []
            return TaskTies(
                place: .init(job: plan.job, task: task.name), operatorName: task.operatorName,
                // In a plan models are named by their trainings.
                sources: references.filter { $0.version == nil }.map { .init(job: $0.job ?? plan.job, task: $0.task) })
        }
    }
}
