/// One entry of the error catalogue: what a number means, independent of the place where it happened.
public struct FaultEntry: Sendable {
    public let number: FaultNumber
    /// A short name, stable, lower-case words joined by hyphens: `unknown-field`.
    public let name: String
    /// One sentence that says what is wrong.
    public let title: String
    /// What a person can do about it in general; the thrown fault may say it more exactly.
    public let fix: String
    /// The HTTP status with which the API answers.
    public let status: Int

    public init(_ number: UInt16, _ name: String, status: Int, _ title: String, fix: String) {
        self.number = FaultNumber(rawValue: number)
        self.name = name
        self.title = title
        self.fix = fix
        self.status = status
    }
}
