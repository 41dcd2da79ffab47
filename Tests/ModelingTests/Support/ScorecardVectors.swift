/// What `Tests/Vectors/scorecard_vectors.py` writes.
struct ScorecardVectors: Decodable {
    struct Woe: Decodable {
        let values: [Double?]
        let labels: [Double]
        let edges: [Float]
        let specials: [Double]
        let goods: [Int]
        let bads: [Int]
        let woe: [Double]
        let iv: Double
    }

    struct Optimal: Decodable {
        let goods: [Int]
        let bads: [Int]
        let most: Int
        let percent: Int
        let least: Int
        let trend: String
        let starts: [Int]
        let iv: Double
    }

    struct Regression: Decodable {
        let values: [[Double]]
        let labels: [Double]
        let weights: [Double]
        let l2: Double
        let coefficients: [Double]
        let errors: [Double]
        let z: [Double]?
        let p: [Double]?
        let intervals: [[Double]]?
        let covariance: [[Double]]?
        let deviance: Double?
        let nullDeviance: Double?
        let aic: Double?
    }

    struct Correlation: Decodable {
        let values: [[Double]]
        let correlations: [[Double]]
        let inflation: [Double]
    }

    struct ChiSquare: Decodable {
        let table: [[Int]]
        let value: Double
    }

    struct TwoSided: Decodable {
        let z: Double
        let p: Double
    }

    struct PMML: Decodable {
        let fields: [String]
        let rows: [[Double?]]
        let scores: [Double]
        let reasons: [[String?]]
    }

    let woe: [Woe]
    let optimal: [Optimal]
    let regression: [Regression]
    let correlation: Correlation
    let chiSquare: [ChiSquare]
    let twoSided: [TwoSided]
    let pmml: PMML?

    static func read() throws -> ScorecardVectors { try VectorFile.read("scorecard.json") }
}
