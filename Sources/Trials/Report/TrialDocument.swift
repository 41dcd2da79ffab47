/// A trial's report as it is written down: what `--report` leaves as JSON, and what the page is made of.
///
/// Names of members are those of the properties; `schema` rises when one changes its meaning or goes.
public struct TrialDocument: Codable, Sendable, Hashable {
    public static let schema = "atoll.dev/trial-report/1"
    /// What the file is called in the folder of a report.
    public static let fileName = "report.json"

    public var schema = TrialDocument.schema
    public var name: String
    /// RFC 3339.
    public var began: String
    public var held: Bool
    /// What did not hold or went wrong first: `ATL-nnnn` and a sentence.
    public var failure: String?
    public var phases: [Phase] = []
    public var sites: [Site] = []
    public var routes: [Route] = []
    public var expectations: [Expected] = []
    /// Every figure by the name that expectations use.
    public var figures: [String: Double] = [:]
    /// nil for trials that train nothing.
    public var learning: Learning?
    public var ledgers: [Ledger] = []
    /// Names and values: program, processor, cores, kernel, system.
    public var environment: [String: String] = [:]
    /// The command that runs it again.
    public var reproduce: String
    /// How often another process took it over after the one that drove it was killed; nil for never. Pauses between are in no
    /// phase's time, and of a phase that was under way only what the last process did of it.
    public var resumed: Int?

    public struct Phase: Codable, Sendable, Hashable {
        public var name: String
        /// Since the trial's begin, and how long; in seconds.
        public var start: Double
        public var seconds: Double
        /// Processor time of all sites and their workers, in seconds; and the most memory of all at one time, in bytes.
        public var cpuSeconds: Double?
        public var memory: Double?
        /// Payload that crossed between sites, in bytes.
        public var bytes: Double?
    }

    public struct Site: Codable, Sendable, Hashable {
        public var name: String
        public var role: String
        public var figures: [String: Double]
    }

    public struct Route: Codable, Sendable, Hashable {
        public var from: String
        public var to: String
        /// `pass` or `warn`.
        public var outcome: String
        public var layers: Int
        public var figures: [String: Double]
    }

    public struct Expected: Codable, Sendable, Hashable {
        public var text: String
        public var holds: Bool
        public var found: Double?
    }

    /// The head of a chain of one site towards another.
    public struct Ledger: Codable, Sendable, Hashable {
        public var site: String
        public var peer: String
        public var head: String
        public var lines: Int64
    }

    public struct Learning: Codable, Sendable, Hashable {
        /// `binary` or `squared`.
        public var objective: String
        public var rows: Rows
        public var parties: [Party]
        /// `guest`, `federated`, `centralised`, in this order; measured on the test rows.
        public var models: [Model]
        public var digests: Digests
        /// By falling gain.
        public var importance: [Importance]
        public var trees: [Tree]
        public var learnt: [Learnt]
        /// Settings of the training by name.
        public var settings: [String: String]
        /// What federation added to the guest's own model; where it is nil the page takes the difference of the models.
        public var uplift: Uplift?
        /// nil where columns were not divided by their risk.
        public var scorecard: Scorecard?
    }

    /// The federated model against the guest's alone, on the same test rows.
    public struct Uplift: Codable, Sendable, Hashable {
        /// `auc`, by which it rises, or `rmse`, by which it falls: above zero is better in both.
        public var value: Double
        /// 95 % interval that knows that both were measured on the same rows.
        public var low: Double
        public var high: Double
    }

    public struct Rows: Codable, Sendable, Hashable {
        /// At each site, in their order.
        public var sites: [Int]
        public var joined: Int
        public var training: Int
        public var test: Int
    }

    public struct Party: Codable, Sendable, Hashable {
        public var site: String
        public var role: String
        /// Features that the model may use.
        public var columns: [String]
    }

    public struct Model: Codable, Sendable, Hashable {
        public var name: String
        /// Of binary labels: `auc`, `auc.low`, `auc.high`, `auc.standard_error`, `gini`, `ks`, `ks.location`, `log_loss`, `brier`,
        /// `average_precision`, `calibration_error`, `lift` (of the highest tenth), …; of numbers `rmse`, `mae`, `bias`, `r2`.
        public var measures: [String: Double]
        /// Share of the others and of the events above each threshold, from (0, 0) to (1, 1); at most 200 points.
        public var roc: [Point]
        /// Score, and share of events and of others up to it; at most 200.
        public var ks: [Distribution]
        /// Ten bands of equal numbers of rows, highest scores first.
        public var bands: [Band]
        public var calibration: [Calibration]
        /// Twenty bands of equal width of the prediction.
        public var histogram: [Bar]
        /// Of numbers: prediction and label of at most 500 rows.
        public var scatter: [Point]
    }

    public struct Point: Codable, Sendable, Hashable {
        public var x: Double
        public var y: Double
    }

    public struct Distribution: Codable, Sendable, Hashable {
        public var score: Double
        public var events: Double
        public var others: Double
    }

    public struct Band: Codable, Sendable, Hashable {
        public var rows: Int
        public var rate: Double
        public var lift: Double
        /// Share of all events in this band and those above; what a random order would have is the share of rows.
        public var gain: Double
    }

    public struct Calibration: Codable, Sendable, Hashable {
        public var rows: Int
        public var predicted: Double
        public var observed: Double
    }

    public struct Bar: Codable, Sendable, Hashable {
        public var low: Double
        public var high: Double
        public var events: Int
        public var others: Int
    }

    public struct Digests: Codable, Sendable, Hashable {
        /// Hexadecimal; the joint digest of the model between the sites and of the one in one place.
        public var federated: String
        public var centralised: String

        public var areEqual: Bool { federated == centralised }
    }

    public struct Importance: Codable, Sendable, Hashable {
        public var site: String
        public var column: String
        public var splits: Int
        public var gain: Double
    }

    public struct Tree: Codable, Sendable, Hashable {
        /// In order: the root, then level by level.
        public var nodes: [Node]
    }

    public struct Node: Codable, Sendable, Hashable {
        /// Rows that the tree learnt from.
        public var rows: Int
        /// The value of a leaf; nil for splits.
        public var leaf: Double?
        /// The site that splits; its column and edge, where they are the guest's own or the trial may show them.
        public var site: String?
        public var column: String?
        public var edge: Double?
        public var left: Int?
        public var right: Int?
    }

    /// What one party came to know of another's data.
    public struct Learnt: Codable, Sendable, Hashable {
        public var site: String
        /// What the operator declares before it runs: sentences.
        public var declared: [String]
        /// What was counted: name and value, such as `bits_per_row`, `separation`, `sums`.
        public var counted: [String: Double]
    }
}
