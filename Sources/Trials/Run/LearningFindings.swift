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
    /// Ids of that job and of the one that selected columns.
    var weighedJob: String?
    var chosenJob: String?
    /// What each site shows of the bins that `woe` left there, by site.
    var bins: [JSONValue] {
        get { kept["bins"]?.value.array ?? [] }
        set { kept["bins"] = JSONText(.array(newValue)) }
    }
    /// Every decision about its columns that a site made, by site; nil where nothing was selected.
    var decisions: [JSONValue]? {
        get { kept["decisions"]?.value.array }
        set { kept["decisions"] = newValue.map { JSONText(.array($0)) } }
    }
    /// The plan and the job of the regression, and the job that has scored the rows left out in points.
    var fitPlan: JSONValue? {
        get { kept["fitPlan"]?.value }
        set { kept["fitPlan"] = newValue.map { JSONText($0) } }
    }
    var fit: JSONValue? {
        get { kept["fit"]?.value }
        set { kept["fit"] = newValue.map { JSONText($0) } }
    }
    /// Of the regression, by site.
    var fitted: [[String: Double]]?
    /// Each site's part of the scorecard, by site.
    var cards: [JSONValue]? {
        get { kept["cards"]?.value.array }
        set { kept["cards"] = newValue.map { JSONText(.array($0)) } }
    }
    var points: JSONValue? {
        get { kept["points"]?.value }
        set { kept["points"] = newValue.map { JSONText($0) } }
    }
    /// What the sites have told of what the first task of a job left at them, in hexadecimal.
    func digests(of job: JSONValue?) -> Set<String> {
        let told = job?["status"]?["tasks"]?.array?.first?["digests"]?.object ?? [:]
        return Set(told.values.compactMap(\.string))
    }

    var scoring: JSONValue? {
        get { kept["scoring"]?.value }
        set { kept["scoring"] = newValue.map { JSONText($0) } }
    }
}
