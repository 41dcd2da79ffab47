import Resources

/// What this site knows of the partner's data and of the common rows, for settings that depend on their size.
struct WizardPartner {
    /// Columns beside the id that the partner shows of its dataset; nil where it shows nothing or cannot be asked now.
    let columns: Int64?
    /// Common rows that were found; nil before.
    let rows: Int64?

    static func read(_ visit: Visit, _ choice: TrainingChoice) async throws -> WizardPartner {
        let offer = await offers(visit, of: choice["peer"] ?? "").first { offer in
            names(offer).contains(choice["theirs"] ?? "")
        }
        let columns = offer.map { offer in
            let ids = Set((offer["ids"]?.array ?? []).compactMap(\.string))
            return Int64((offer["columns"]?.array ?? []).count { !ids.contains($0["name"]?.string ?? "") })
        }
        guard let match = choice["match"],
            let job = try await visit.api.find("/jobs/\(encoded(match))", visit.placed()).flatMap({
                JobView(json: $0).id
            })
        else { return WizardPartner(columns: columns, rows: nil) }
        return WizardPartner(columns: columns, rows: try await commonRows(visit, choice)[job])
    }

    /// Common rows by the job that found them.
    static func commonRows(_ visit: Visit, _ choice: TrainingChoice) async throws -> [String: Int64] {
        var rows: [String: Int64] = [:]
        for dataset in try await visit.api.listAll("/datasets", visit.placed()) {
            let lineage = dataset[path: "spec", "lineage"]
            if lineage?["dataset"]?.string == choice["dataset"], let job = lineage?["job"]?.string {
                rows[job] = dataset[path: "spec", "rows"]?.integer
            }
        }
        return rows
    }

    /// Datasets whose columns a peer shows; none where it cannot be asked now.
    static func offers(_ visit: Visit, of peer: String) async -> [JSONValue] {
        (try? await visit.api.listIfSeen("/peers/\(encoded(peer))/offers", visit.placed())) ?? []
    }

    /// An offer is `tenant/project/name`; jobs may name the dataset so, or by its last part.
    static func names(_ offer: JSONValue) -> [String] {
        let whole = offer["name"]?.string ?? ""
        return [whole, whole.split(separator: "/").last.map(String.init) ?? whole]
    }

    /// Most passes of a regression whose gradients tell the partner no label: ten rows learnt from for each column of the
    /// partner and pass (`docs/protocols/logistic.md`). Which rows are left out is decided by their ids, so that as many
    /// are counted as are learnt from in all but one of 30,000 cases (four standard deviations).
    ///
    /// - Parameter test: tenths that are left out.
    /// - Returns: nil where rows or columns are not known.
    func passes(columns limit: Int64?, test: Int64) -> Int64? {
        // The limit stands in the address, where anything may be written.
        guard let rows, let columns = (limit ?? columns).map({ min($0, 4_096) }), columns > 0, 0...10 ~= test else {
            return nil
        }
        let (all, share) = (Double(rows), Double(10 - test) / 10)
        let learnt = all * share - 4 * (all * share * (1 - share)).squareRoot()
        return max(0, Int64(learnt)) / (10 * columns)
    }
}
