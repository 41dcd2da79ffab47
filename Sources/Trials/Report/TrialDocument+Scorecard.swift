extension TrialDocument {
    /// The columns of all sites by their risk, and the scorecard that one place makes of them.
    public struct Scorecard: Codable, Sendable, Hashable {
        /// By falling information value; those without bins last.
        public var columns: [Column]
        /// Measures of scorecards on the test rows: `guest` of its own columns, `all` of everybody's.
        public var models: [Model]
        /// Whether the bins between the sites are those of one place, to the bit of every information value.
        public var isEqual: Bool

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
            for model in models {
                for (name, value) in model.measures {
                    figures[(model.name == "all" ? "scorecard." : "scorecard.\(model.name).") + name] = value
                }
            }
            return figures
        }
    }
}
