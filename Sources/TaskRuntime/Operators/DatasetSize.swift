/// A parameter that is the number of rows of a dataset. Where the document leaves it at 0, whoever makes the plan asks the
/// party that has the dataset, which answers to those whom it has granted a reading by this operator.
public struct DatasetSize: Sendable, Hashable {
    /// Name of the parameter; its form is an integer from 0.
    public let parameter: String
    /// The party whose dataset it is.
    public let role: String
    /// Name of the parameter that names the dataset.
    public let dataset: String

    public init(_ parameter: String, role: String, dataset: String) {
        self.parameter = parameter
        self.role = role
        self.dataset = dataset
    }
}
