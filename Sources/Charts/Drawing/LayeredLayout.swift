/// Places of the nodes of a graph without cycles, in layers: each node below everything it comes after, lines around the
/// nodes of the layers they pass. After Sugiyama, Tagawa, Toda, "Methods for Visual Understanding of Hierarchical System
/// Structures" (1981): longest paths, points where a line passes a layer, orders by the mean place of the neighbours.
struct LayeredLayout {
    /// Counted from 0 at the top, of each node.
    private(set) var layer: [Int]
    /// From the left, of each node; two of the same layer are at least 1 apart.
    private(set) var place: [Double] = []
    /// The greatest place of all, at least 0.
    private(set) var breadth = 0.0
    /// Where each line passes: its nodes and what lies between, from above.
    private(set) var lines: [[(layer: Int, place: Double)]] = []

    /// A node, or a point where a line passes.
    private struct Item {
        let layer: Int
        let width: Double
        var above: [Int] = []
        var below: [Int] = []
        var place = 0.0
    }

    /// - Parameter after: of each node, what it comes after: places of nodes before it; others are left out.
    init(after: [[Int]]) {
        layer = []
        for (index, earlier) in after.enumerated() {
            layer.append((earlier.filter { (0..<index).contains($0) }.map { layer[$0] }.max() ?? -1) + 1)
        }
        var items = layer.map { Item(layer: $0, width: 1) }
        var ways: [[Int]] = []
        for (index, earlier) in after.enumerated() {
            for from in Set(earlier).sorted() where (0..<index).contains(from) {
                var way = [from]
                for passed in layer[from] + 1..<layer[index] {
                    items.append(Item(layer: passed, width: 0.35))
                    way.append(items.count - 1)
                }
                way.append(index)
                ways.append(way)
                for (upper, lower) in zip(way, way.dropFirst()) {
                    items[upper].below.append(lower)
                    items[lower].above.append(upper)
                }
            }
        }
        var rows = Array(repeating: [Int](), count: (layer.max() ?? -1) + 1)
        for index in items.indices { rows[items[index].layer].append(index) }
        for row in rows { Self.pack(row, &items, wanted: row.map { _ in 0 }) }
        for sweep in 0..<8 {
            let goesDown = sweep % 2 == 0
            for number in goesDown ? Array(rows.indices) : rows.indices.reversed() {
                let wanted = rows[number].map { item in
                    let near = goesDown ? items[item].above : items[item].below
                    guard !near.isEmpty else { return items[item].place }
                    // What is alike stays in line: nodes below nodes, lines straight through.
                    let weights = near.map { items[$0].width == items[item].width ? 6.0 : 1 }
                    return zip(near, weights).reduce(0) { $0 + items[$1.0].place * $1.1 } / weights.reduce(0, +)
                }
                let order = rows[number].indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
                // The first sweeps look for the order, the last ones keep it.
                let kept = sweep < 6 ? order : Array(rows[number].indices)
                rows[number] = kept.map { rows[number][$0] }
                Self.pack(rows[number], &items, wanted: kept.map { wanted[$0] })
            }
        }
        let least = items.map(\.place).min() ?? 0
        place = layer.indices.map { items[$0].place - least }
        breadth = (items.map(\.place).max() ?? 0) - least
        lines = ways.map { way in way.map { (layer: items[$0].layer, place: items[$0].place - least) } }
    }

    /// In the order of the row, as near as may be to where each wants to be.
    private static func pack(_ row: [Int], _ items: inout [Item], wanted: [Double]) {
        var free = -Double.infinity
        for (item, place) in zip(row, wanted) {
            items[item].place = max(place, free + items[item].width / 2)
            free = items[item].place + items[item].width / 2
        }
        // What was pushed aside to the right is taken back by half.
        let pushed = zip(row, wanted).reduce(0) { $0 + items[$1.0].place - $1.1 } / Double(max(1, row.count))
        for item in row { items[item].place -= pushed }
    }
}
