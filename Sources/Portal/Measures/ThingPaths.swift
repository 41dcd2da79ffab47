/// Addresses of pages of other modules, in the place of the visit.
extension Visit {
    func jobPath(_ name: String) -> String { link("/training/jobs/\(encoded(name))") }
    func datasetPath(_ name: String) -> String { link("/data/datasets/\(encoded(name))") }
}
