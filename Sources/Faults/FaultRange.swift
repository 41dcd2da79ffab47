/// The thousand a fault's number lies in, which says what part of the product it is about.
public enum FaultRange: UInt16, CaseIterable, Sendable {
    case program = 0
    case resources = 1
    case arithmetic = 2
    case sites = 3
    case jobs = 4
    case files = 5
    case modelling = 6
    case trials = 7
    case people = 8
    case observability = 9

    public var title: String {
        switch self {
        case .program: "program and configuration"
        case .resources: "resources and documents"
        case .arithmetic: "arithmetic and encryption"
        case .sites: "sites and routes"
        case .jobs: "jobs and workers"
        case .files: "files, tables and grants"
        case .modelling: "modelling and training"
        case .trials: "trials and models"
        case .people: "people and permissions"
        case .observability: "observability"
        }
    }
}

extension FaultNumber {
    /// The range of the number; `nil` for a number of five digits, which no entry has.
    public var range: FaultRange? { FaultRange(rawValue: rawValue / 1_000) }
}
