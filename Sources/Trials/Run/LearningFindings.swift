import Resources

/// What the phases of learning have found, for those after them.
struct LearningFindings: Codable, Sendable {
    /// Of the sites.
    var ids: [String] = []
    /// Rows of each site's table, and its columns of numbers and dates that are neither id nor label.
    var rows: [Int] = []
    var features: [[String]] = []
    /// The references of the aligned datasets, by site.
    var aligned: [Int: String] = [:]
    /// Of the training, by site.
    var figures: [[String: Double]] = []
    /// Of the model, as the guest tells it.
    var digest: String?
    private var kept: [String: JSONText] = [:]

    /// The training's plan and job, and the job that has scored the rows left out.
    var plan: JSONValue? {
        get { kept["plan"]?.value }
        set { kept["plan"] = newValue.map { JSONText($0) } }
    }
    var training: JSONValue? {
        get { kept["training"]?.value }
        set { kept["training"] = newValue.map { JSONText($0) } }
    }
    /// The plan of the job that divides columns, and its figures by site.
    var weighing: JSONValue? {
        get { kept["weighing"]?.value }
        set { kept["weighing"] = newValue.map { JSONText($0) } }
    }
    var weighed: [[String: Double]] = []
    /// What each site shows of the bins that `woe` left there, by site.
    var bins: [JSONValue] {
        get { kept["bins"]?.value.array ?? [] }
        set { kept["bins"] = JSONText(.array(newValue)) }
    }
    var scoring: JSONValue? {
        get { kept["scoring"]?.value }
        set { kept["scoring"] = newValue.map { JSONText($0) } }
    }
}
