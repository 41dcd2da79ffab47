import Faults
import Resources

/// The fields of what a grant gives and a request asks for, and what they say.
enum TermFields {
    /// Columns of which each gets a box; of more the names are typed.
    private static let mostBoxes = 200

    static func all(
        _ visit: Visit, columns: [String], ticked: Set<String>, operators: [String], algorithms: Set<String> = [],
        reveals: Set<String> = [], uses: String? = nil, until: String? = nil,
        asksPurpose: Bool = true
    ) -> HTML {
        var html = self.columns(visit, columns, ticked)
        if asksPurpose {
            html = html + visit.field("purpose", Words("Purpose", "用途"), isRequired: true)
        }
        if operators.isEmpty {
            html =
                html
                + visit.field(
                    "algorithms", Words("Algorithms", "算法"), value: algorithms.sorted().joined(separator: ", "),
                    hint: Words("Operators, separated by commas", "算子，用逗号分隔"), isRequired: true)
        } else {
            html =
                html
                + visit.boxes(
                    "algorithms", Words("Algorithms", "算法"), operators.map { ($0, plain($0)) }, ticked: algorithms)
        }
        html =
            html
            + visit.boxes(
                "reveals", Words("May be told beside", "此外可告知"),
                [
                    ("bins", Words("Bins of features", "特征分箱").html),
                    ("partial_scores", Words("Partial scores", "部分得分").html),
                    ("model", Words("Names of columns and edges of the model", "模型中的列名与切分点").html),
                ], ticked: reveals)
        html =
            html
            + visit.field(
                "uses", Words("Most jobs", "最多任务数"), type: "number", value: uses ?? "1",
                more: [Attribute("min", "1"), Attribute("max", "1000000")])
        html =
            html
            + visit.field(
                "notAfter", Words("Until the end of", "截止日期（含当日，UTC）"), type: "date", value: until, isRequired: true)
        return html
    }

    private static func columns(_ visit: Visit, _ columns: [String], _ ticked: Set<String>) -> HTML {
        guard !columns.isEmpty, columns.count <= mostBoxes else {
            return visit.area(
                "columns", Words("Columns", "列"), value: ticked.sorted().joined(separator: "\n"),
                hint: Words("One name a line; ids are among them", "每行一个列名，包括标识列"), isRequired: true)
        }
        return visit.boxes("columns", Words("Columns", "列"), columns.map { ($0, plain($0)) }, ticked: ticked)
    }

    /// What the owner may want beside.
    static func guards(_ visit: Visit) -> HTML {
        more(Words("Guards", "保护条件")) {
            visit.field(
                "minimumIntersection", Words("Smallest number of common ids", "最小交集数"), type: "number",
                more: [Attribute("min", "0")])
            visit.field(
                "minimumBin", Words("Smallest bin that is told of", "可告知的最小分箱"), type: "number",
                more: [Attribute("min", "0")])
            visit.field(
                "distinctIds", Words("Most ids that may be tested", "最多可测试的标识数"), type: "number",
                more: [Attribute("min", "0")])
        }
    }

    /// - Throws: `ProgramFaults.badRequest` for what is no number.
    static func terms(_ form: Form) throws(Fault) -> [String: JSONValue] {
        var terms: [String: JSONValue] = [:]
        // A text of names in lines, or boxes; no name has a line's end.
        terms["columns"] = texts(form.all("columns").flatMap { $0.split(separator: "\n").map { String($0).trimmed } })
        terms["algorithms"] = texts(
            form.all("algorithms").flatMap { $0.split(separator: ",").map { String($0).trimmed } })
        terms["reveals"] = texts(form.all("reveals"))
        terms["notAfter"] = form["notAfter"].map { .string($0.count == 10 ? "\($0)T23:59:59Z" : $0) }
        for name in ["uses", "minimumIntersection", "minimumBin", "distinctIds"] {
            guard let text = form[name] else { continue }
            guard let value = Int64(text) else {
                throw Fault(
                    ProgramFaults.badRequest, "'\(name)' is no whole number.", at: name, wanted: "a whole number")
            }
            terms[name] = .integer(value)
        }
        return terms
    }

    private static func texts(_ texts: [String]) -> JSONValue {
        .array(texts.filter { !$0.isEmpty }.map { .string($0) })
    }
}
