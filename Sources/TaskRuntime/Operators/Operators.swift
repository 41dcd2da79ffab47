/// The operators of this program.
public enum Operators {
    public static let all = OperatorCatalogue([AlignOperator(), NoopOperator(), VerifyOperator()])
}
