import Charts

/// A chart with its title, its summary and its numbers, in the reader's language.
///
/// - Parameter id: unique in the page.
func figure(_ chart: any Chart, id: String) -> HTML {
    HTML { chart.figure(id: id, language: $0.ofCharts) }
}
