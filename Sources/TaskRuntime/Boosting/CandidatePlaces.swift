import HomomorphicEncryption
import Modeling

/// The candidates of one tree at a host: each place has a number in a secret order, which is drawn anew for every tree.
///
/// Parents and children use the same numbers, so that the guest can subtract; the order says nothing of columns and
/// thresholds. Results do not depend on it: of equal candidates the host takes the lowest place.
struct CandidatePlaces {
    /// By place in canonical order.
    private let places: [SplitPlace]
    /// The number of each place, and the place of each number.
    private let numberOf: [Int32]
    private let placeOf: [Int32]
    /// Where each place's sum stands among those of one node.
    private let sumOf: [Int]
    private let sumsPerNode: Int
    private let used: [Int]
    private let shapes: [ColumnShape]
    private let index: [SplitPlace: Int32]

    /// - Parameters:
    ///   - counts: rows per bin at the root, then those without a value, of every used column.
    ///   - cells: the root's cells of every used column.
    init(used: [Int], counts: [[Int]], cells: [CellPartition]) {
        self.used = used
        shapes = counts.map { ColumnShape(values: $0.count - 1, hasMissing: $0[$0.count - 1] > 0) }
        var places: [SplitPlace] = []
        var sumOf: [Int] = []
        var start = 0
        for (place, column) in used.enumerated() {
            let shape = shapes[place]
            let directions = shape.hasMissing ? 2 : 1
            for candidate in cells[place].places(column: column, hasMissing: shape.hasMissing) {
                places.append(candidate)
                sumOf.append(start + (candidate.threshold - 1) * directions + (candidate.missingLeft ? 0 : 1))
            }
            start += max(0, shape.values - 1) * directions
        }
        self.places = places
        self.sumOf = sumOf
        sumsPerNode = start
        var generator = SystemRandomNumberGenerator()
        let placeOf = (0..<Int32(places.count)).shuffled(using: &generator)
        var numberOf = placeOf
        for (number, place) in placeOf.enumerated() { numberOf[Int(place)] = Int32(number) }
        self.placeOf = placeOf
        self.numberOf = numberOf
        index = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, Int32($0)) })
    }

    var count: Int { places.count }

    func shape(_ column: Int) -> ColumnShape { shapes[column] }

    /// The numbers of the candidates of a node, rising.
    ///
    /// - Parameters:
    ///   - cells: of every used column; coarser than the root's.
    ///   - hasMissing: whether rows have no value, by used column.
    func numbers(_ cells: [CellPartition], hasMissing: [Bool]) -> [Int32] {
        var numbers: [Int32] = []
        for (place, column) in used.enumerated() {
            for candidate in cells[place].places(column: column, hasMissing: hasMissing[place]) {
                guard let found = index[candidate] else { preconditionFailure("cells of a child are coarser") }
                numbers.append(numberOf[Int(found)])
            }
        }
        return numbers.sorted()
    }

    /// Where a candidate's sum stands among those of all built nodes.
    func sum(_ number: Int32, node: Int) -> Int { node * sumsPerNode + sumOf[Int(placeOf[Int(number)])] }

    /// How many rows a candidate sends left.
    ///
    /// - Parameter counts: rows per bin, then those without a value, of every used column.
    func leftRows(_ number: Int32, _ counts: [[Int]]) -> Int {
        let place = places[Int(placeOf[Int(number)])]
        guard let column = used.firstIndex(of: place.column) else { return 0 }
        let own = counts[column]
        return own[..<place.threshold].reduce(0, +) + (place.missingLeft ? own[own.count - 1] : 0)
    }

    /// The lowest place of some candidates; nil where one of them is none.
    func lowest(_ numbers: [Int32]) -> SplitPlace? {
        guard numbers.allSatisfy({ $0 >= 0 && Int($0) < placeOf.count }) else { return nil }
        return numbers.map { placeOf[Int($0)] }.min().map { places[Int($0)] }
    }
}
