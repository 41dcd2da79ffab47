import Hummingbird
import People
import Resources

/// What trainings have left: versions of models, scorecards, what they are worth and what is done with them.
struct ModelsModule: PortalModule {
    var entries: [MenuEntry] {
        [MenuEntry(.models, Words("Models", "模型"), "/models", asks: .view(.models))]
    }

    func add(to routes: PortalRoutes) {
        routes.page("models", ModelList.page)
        routes.page("models/:name", ModelOverview.page)
        routes.page("models/:name/:version", ModelOverview.page)
        routes.page("models/:name/:version/evaluation", ModelEvaluation.page)
        routes.page("models/:name/:version/columns", ModelColumns.page)
        routes.page("models/:name/:version/trees", ModelTrees.page)
        routes.page("models/:name/:version/scoring", ModelScoring.page)
        routes.page("models/:name/:version/export", ModelExports.page)
        routes.page("models/:name/:version/history", ModelHistory.page)
        routes.file("models/:name/:version/download", ModelExports.download)
        routes.file("models/:name/:version/report", ModelReport.file)
        routes.form("models/:name/:version/alias", on: ModelOverview.page, ModelAliases.set)
        routes.form("models/:name/:version/delete", on: ModelOverview.page, ModelList.delete)
        routes.form("models/:name/:version/scoring", on: ModelScoring.page, ModelScoring.submit)
        routes.file("scores/:name", ModelScoring.scores)
        routes.form("models/:name/:version/join", on: ModelExports.page, ModelExports.join)
        routes.form("models/:name/:version/release", on: ModelExports.page, ModelExports.ask)
        routes.page("model-comparison", ModelCompare.page)
        routes.page("scorecards", ScorecardList.page)
        routes.page("scorecards/:name", ScorecardPage.page)
        routes.page("scorecards/:name/evaluation", ScorecardPage.evaluation)
        routes.page("scorecards/:name/columns", ScorecardPage.columns)
        routes.file("scorecards/:name/download", ScorecardPage.download)
        routes.form("scorecards/:name/release", on: ScorecardPage.page, ScorecardPage.ask)
    }

    /// The lists of the section.
    static func sections(_ visit: Visit, chosen: Int) -> HTML {
        tabs(
            [
                (Words("Versions", "版本"), visit.link("/models")),
                (Words("Scorecards", "评分卡"), visit.link("/scorecards")),
                (Words("Compare", "比较"), visit.link("/model-comparison")),
            ], chosen: chosen)
    }
}

extension Visit {
    /// A page that is renewed with these kinds, as far as the viewer may see them.
    func live(_ kinds: Noun...) -> Page.Live? {
        let seen = kinds.filter { may(.view($0)) }
        return seen.isEmpty ? nil : Page.Live(kinds: seen.map(\.name))
    }
}
