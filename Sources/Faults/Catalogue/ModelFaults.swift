/// 710x: models and their versions.
public enum ModelFaults {
    public static let unknown = FaultEntry(
        7100, "model-unknown", status: 404, "There is no such version of a model here.",
        fix: "`atoll model list` shows them; a version is NAME:NUMBER or NAME:ALIAS."
    )
    public static let notWhole = FaultEntry(
        7101, "model-not-whole", status: 409, "The model is not whole here: every party keeps its own part.",
        fix:
            "With every host's consent the guest can have the whole: a host grants its dataset with algorithms "
            + "[model.join] and reveals [model]; then `atoll model export NAME --join`."
    )
    public static let hasVersions = FaultEntry(
        7102, "model-has-versions", status: 409, "The model has versions.",
        fix: "Delete its versions first: `atoll delete modelversion NAME-vNUMBER`."
    )
    public static let hasAlias = FaultEntry(
        7103, "model-version-has-alias", status: 409, "An alias of the model stands for the version.",
        fix: "Give the alias to another version first, or take it away: `atoll model alias`."
    )
    public static let alias = FaultEntry(
        7104, "model-alias", status: 422, "An alias cannot be used.",
        fix: "Take 1 to 63 of a-z, 0-9 and '-' that are not all digits."
    )
    public static let form = FaultEntry(
        7105, "model-form", status: 422, "There is no such form of a model.", fix: "Take native, dump or xgboost."
    )
    public static let notGuest = FaultEntry(
        7106, "model-not-guest", status: 409, "Only the guest of a model can have the whole of it or score rows by it.",
        fix: "Ask at the site that has the labels: it keeps the trees."
    )

    static let all: [FaultEntry] = [
        unknown, notWhole, hasVersions, hasAlias, alias, form, notGuest,
    ]
}
