extension TrialDocument {
    /// The columns of all sites by their risk, and the scorecards that one place and the sites make of them.
    public struct Scorecard: Codable, Sendable, Hashable {
        /// By falling information value; those without bins last.
        public var columns: [Column]
        /// Measures of scorecards on the test rows: `guest` of its own columns, `all` of everybody's in one place, `federated`
        /// of the regression between the sites.
        public var models: [Model]
        /// Whether the bins between the sites are those of one place, to the bit of every information value.
        public var isEqual: Bool
        /// In the order in which they were made, site by site; nil where nothing was selected.
        public var decisions: [Decision]?
        /// nil where the scorecard was made in one place alone.
        public var regression: Regression?
        /// Of the test rows by the scorecard between the sites, or else of one place; lowest cut-off first.
        public var cutoffs: [Cutoff]?

        /// A decision about a column.
        public struct Decision: Codable, Sendable, Hashable {
            public var site: String
            public var column: String
            public var rule: String
            public var figure: Double?
            public var limit: Double?
            public var kept: Bool
            public var reason: String
        }

        /// The regression that was fitted between the sites.
        public struct Regression: Codable, Sendable, Hashable {
            public var passes: Int
            public var deviance: Double
            /// The joint digest of one place; hexadecimal.
            public var centralised: String
            /// Whether every site has kept exactly what one place would have left at it.
            public var isEqual: Bool
        }

        /// What happens where scores of at least so much are approved; shares.
        public struct Cutoff: Codable, Sendable, Hashable {
            public var score: Double
            public var approved: Double
            public var badRate: Double
            public var badsCaught: Double
            public var goodsLost: Double
        }

        public struct Column: Codable, Sendable, Hashable {
            public var site: String
            public var column: String
            /// nil for a column that has no two bins which meet the guard.
            public var iv: Double?
            /// `rising` or `falling` with the value; nil for neither.
            public var direction: String?
            public var bins: [Bin]
        }

        public struct Bin: Codable, Sendable, Hashable {
            /// Lower edge, which belongs to the bin, and upper one, which does not; nil for none.
            public var from: Double?
            public var below: Double?
            /// Special values, and whether missing ones are in it.
            public var values: [Double]
            public var missing: Bool
            /// Whether it holds no ordinary values.
            public var isApart: Bool
            public var rows: Int
            public var bads: Int
            public var woe: Double
            public var iv: Double
            /// In the scorecard of all columns.
            public var points: Double?
        }

        public struct Model: Codable, Sendable, Hashable {
            public var name: String
            public var columns: Int
            /// As of other models.
            public var measures: [String: Double]
        }

        /// By the names that expectations use.
        var figures: [String: Double] {
            var figures = ["woe.equal": isEqual ? 1.0 : 0]
            for column in columns { figures["iv.\(column.site).\(column.column)"] = column.iv }
            if let regression {
                figures["scorecard.equal"] = regression.isEqual ? 1 : 0
                figures["scorecard.passes"] = Double(regression.passes)
            }
            for model in models {
                for (name, value) in model.measures {
                    figures[(model.name == "all" ? "scorecard." : "scorecard.\(model.name).") + name] = value
                }
            }
            return figures
        }
    }
}
