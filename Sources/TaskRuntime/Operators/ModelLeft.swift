/// What a task has to do with a model that outlives its job.
public enum ModelLeft: Sendable, Hashable {
    /// The results of the parties are their parts of a new version of a model.
    ///
    /// - Parameter name: of the model; nil for the job's.
    case parts(name: String?)
    /// The guest's result is the whole of a version whose parts an earlier task left, which is named as in
    /// `OperatorDescription.inputs`.
    case whole(of: String)

    /// The longest name of a model, in bytes: versions are named by it and a number.
    public static let longestName = 48

    /// `[a-z0-9-]`, not at the ends a hyphen.
    public static func isName(_ text: String) -> Bool {
        (1...longestName).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasSuffix("-")
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
            }
    }
}
