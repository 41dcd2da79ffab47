/// A parameter that is a list: columns separated by commas, parties by semicolons.
public enum ParameterList {
    public static let columns: Character = ","
    public static let parties: Character = ";"

    /// The elements without the spaces around them; one empty element for an empty text.
    public static func elements(of text: String, by separator: Character) -> [String] {
        text.split(separator: separator, omittingEmptySubsequences: false).map(trimmed)
    }

    /// Without the spaces around it.
    static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

extension TaskSetting {
    /// The parties by index, those of the first role first, each role's in the order of the plan.
    func parties(inRoles roles: [String]) -> [Int] {
        roles.flatMap { role in parties.indices.filter { parties[$0].role == role } }
    }
}
