/// The operators of this program.
public enum Operators {
    public static let all = OperatorCatalogue([
        AlignOperator(), BaselineOperator(), BinOperator(), BoostOperator(), EvaluateOperator(),
        EvaluatePointsOperator(), JoinOperator(),
        LogisticOperator(),
        LogisticPredictOperator(), NoopOperator(),
        PredictOperator(), SelectOperator(), SelectSignsOperator(), VerifyOperator(), WoeApplyOperator(), WoeOperator(),
    ])
}
