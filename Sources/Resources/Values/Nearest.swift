/// Finds what a person probably meant.
public enum Nearest {
    /// The known name with the smallest edit distance, if it is near enough to be worth suggesting: at most a third of
    /// the longer name's length, and at least one edit is always allowed for names of two characters and more.
    public static func name(to text: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(text.prefix(64).lowercased())
        var best: (name: String, distance: Int)?
        for name in known {
            let candidate = Array(name.lowercased())
            let limit = max(1, max(candidate.count, wanted.count) / 3)
            guard abs(candidate.count - wanted.count) <= limit, candidate.count > 1 else { continue }
            let distance = distance(wanted, candidate)
            guard distance <= limit, best == nil || (distance, name) < (best!.distance, best!.name) else { continue }
            best = (name, distance)
        }
        return best?.name
    }

    /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count one each.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for i in 0..<left.count {
            var current = [i + 1] + [Int](repeating: 0, count: right.count)
            for j in 0..<right.count {
                var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforePrevious[j - 1] + 1)
                }
                current[j + 1] = cost
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
