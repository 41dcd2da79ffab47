import Resources

/// The state of a job or of a party's side of it, as pages show it.
enum JobState: String, CaseIterable {
    case proposed = "Proposed"
    case awaitingApproval = "AwaitingApproval"
    case reserved = "Reserved"
    case running = "Running"
    case paused = "Paused"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case cancelled = "Cancelled"

    var words: Words {
        switch self {
        case .proposed: Words("Proposed", "已提议")
        case .awaitingApproval: Words("Waits for an approval", "等待审批")
        case .reserved: Words("Reserved", "已预留资源")
        case .running: Words("Running", "运行中")
        case .paused: Words("Paused", "已暂停")
        case .succeeded: Words("Succeeded", "已成功")
        case .failed: Words("Failed", "已失败")
        case .cancelled: Words("Cancelled", "已取消")
        }
    }

    var mood: Mood {
        switch self {
        case .proposed, .awaitingApproval, .reserved, .paused: .waiting
        case .running: .busy
        case .succeeded: .good
        case .failed: .bad
        case .cancelled: .plain
        }
    }

    var isOver: Bool { self == .succeeded || self == .failed || self == .cancelled }

    /// What is shown of a state's name; a name that is not known here is shown as it is.
    static func html(_ name: String?) -> HTML {
        guard let name, !name.isEmpty else { return state(HTML(Words("Not begun", "未开始")), .plain) }
        guard let known = JobState(rawValue: name) else { return state(plain(name), .plain) }
        return state(HTML(known.words), known.mood)
    }
}

/// The state of one task.
enum TaskState {
    case waiting, running, done, failed, left

    var words: Words {
        switch self {
        case .waiting: Words("not begun", "未开始")
        case .running: Words("running", "运行中")
        case .done: Words("done", "已完成")
        case .failed: Words("failed", "已失败")
        case .left: Words("was not done", "未执行")
        }
    }

    var mood: Mood {
        switch self {
        case .waiting, .left: .plain
        case .running: .busy
        case .done: .good
        case .failed: .bad
        }
    }
}

/// A job as the API gives it.
struct JobView {
    let json: JSONValue
    /// This site's id, where that is known.
    var site: String?

    var name: String { json[path: "metadata", "name"]?.string ?? "" }
    var tenant: String? { json[path: "metadata", "tenant"]?.string }
    var project: String? { json[path: "metadata", "project"]?.string }
    var created: String? { json[path: "metadata", "creationTimestamp"]?.string }
    var status: JSONValue { json["status"] ?? [:] }
    var spec: JSONValue { json["spec"] ?? [:] }
    var stateName: String { status["state"]?.string ?? "" }
    var state: JobState? { JobState(rawValue: stateName) }
    var isOver: Bool { state?.isOver ?? false }
    /// The ULID.
    var id: String? { status["job"]?.string }
    var message: String { status["message"]?.string ?? "" }
    var progress: String { status["progress"]?.string ?? "" }
    var owner: String { status["owner"]?.string ?? "" }
    var parties: [JSONValue] { status["parties"]?.array ?? [] }
    var tasks: [JSONValue] { spec["tasks"]?.array ?? [] }
    var baselineOf: String? { json[path: "metadata", "labels", JobView.baselineLabel]?.string }

    /// Of jobs that say what a job is compared with.
    static let baselineLabel = "atoll.dev/baseline-of"

    /// Whether this site's own people asked for it.
    var isOwn: Bool { tenant != "partners" }

    func path(_ more: String = "") -> String {
        address("/training/jobs/\(encoded(name))\(more)", [("tenant", tenant), ("project", project)])
    }

    /// Its name, with the way to its page.
    var nameLink: HTML { link(name, path()) }

    /// What stands with a task: the owner's decision, else what this site's own side says.
    func taskState(_ task: String) -> TaskState {
        let decided = (status["tasks"]?.array ?? []).first { $0["name"]?.string == task }?["state"]?.string
        if decided == "done" { return .done }
        let sides = parties.compactMap { party in
            (party["tasks"]?.array ?? []).first { $0["name"]?.string == task }
        }
        if state == .failed, task == failedTask || sides.contains(where: { $0["state"]?.string == "failed" }) {
            return .failed
        }
        if isOver { return .left }
        return decided == "run" ? .running : .waiting
    }

    /// The task with which a failed job ended, and with which a retry begins: the first that is not done.
    private var failedTask: String? {
        let decided = status["tasks"]?.array ?? []
        return tasks.compactMap { $0["name"]?.string }.first { name in
            !decided.contains { $0["name"]?.string == name && $0["state"]?.string == "done" }
        }
    }

    /// What a party is called here.
    func words(of party: JSONValue) -> Words {
        if let name = party["name"]?.string { return Words(name, name) }
        if let site, party["site"]?.string == site { return Words("this site", "本站点") }
        let short = party["site"]?.string.map { String($0.prefix(8)) } ?? ""
        return Words(short, short)
    }

    /// A site by what the status says of it: a peer's name, or an id.
    func words(ofSite text: String) -> Words {
        let party = parties.first { $0["name"]?.string == text || $0["site"]?.string == text }
        return party.map { words(of: $0) } ?? Words(text, text)
    }

    /// Who submitted it.
    var ownerWords: Words { isOwn ? Words("this site", "本站点") : words(ofSite: owner) }
}
