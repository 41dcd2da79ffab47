/// How series look: colours that people with any kind of colour vision tell apart, and a second mark of each beside the
/// colour (dash, shape, hatching), so that a print in grey can be read too.
public enum ChartStyle {
    /// How many series look different; further ones begin again.
    public static let count = 6

    /// Variables for light and dark, and the looks of everything that a chart draws. Dark is what the system asks for, unless
    /// `data-theme` of the page's root says `light` or `dark`; print is light. Colours after Okabe and Ito, "Color
    /// Universal Design" (2008), darkened or lightened to 3:1 against the ground.
    public static let css = """
        :root{--chart-1:#0067a5;--chart-2:#c44e00;--chart-3:#00805c;--chart-4:#a8487f;--chart-5:#8a6800;--chart-6:#4b5563;\
        --chart-ink:#1d2733;--chart-muted:#5b6775;--chart-grid:#dfe4ea;--chart-ground:#fff}
        @media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){\(dark)}}
        @media screen{:root[data-theme=dark]{\(dark)}}
        svg.chart{display:block;max-width:100%;height:auto;fill:var(--chart-ink);\
        font:12px system-ui,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
        svg.chart-wide,svg.chart-wider{max-width:none;min-width:min(100%,36rem)}svg.chart-wider{min-width:min(100%,54rem)}
        svg.chart .muted{fill:var(--chart-muted)}svg.chart .strong{font-weight:600}
        svg.chart .grid{stroke:var(--chart-grid);fill:none}svg.chart .axis{stroke:var(--chart-muted);fill:none}
        svg.chart .ground{fill:var(--chart-ground)}
        svg.chart .hatch{stroke:var(--chart-ground);stroke-width:1.2;stroke-opacity:.75;fill:none}
        svg.chart .line{fill:none;stroke-width:2;stroke-linejoin:round}svg.chart .whisker{fill:none;stroke-width:1.5}
        svg.chart .reference{stroke:var(--chart-muted);stroke-width:1.25;stroke-dasharray:3 4}
        svg.chart .area{stroke:none;fill-opacity:.16}svg.chart .box{fill:var(--chart-ground);stroke-width:1.5}
        svg.chart .dot{stroke:var(--chart-ground);stroke-width:1}svg.chart .small{font-size:10.5px}
        svg.chart .large{font-size:28px}svg.chart .head{fill:var(--chart-muted)}svg.chart .track{fill:var(--chart-grid)}
        svg.chart .icon{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
        svg.chart .gauge{fill:none;stroke-width:16}svg.chart .mark{stroke:var(--chart-ink);stroke-width:24}
        svg.chart .notch{stroke:var(--chart-ground)}
        \((1...count).map { "svg.chart .c\($0){stroke:var(--chart-\($0))}" }.joined())
        \((1...count).map { "svg.chart .f\($0){fill:var(--chart-\($0))}" }.joined())
        .chart-figure{margin:0;min-width:0}.chart-figure figcaption{margin-bottom:.5rem}
        .chart-figure figcaption strong{display:block}.chart-summary{color:var(--chart-muted);font-size:.875rem}
        .chart-scroll{overflow-x:auto;max-width:100%}.chart-data{font-size:.8125rem;margin-top:.5rem}
        .chart-data summary{cursor:pointer;color:var(--chart-muted)}.chart-data>div{max-height:20rem;overflow:auto}
        .chart-data caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        @media print{svg.chart{max-width:100%;min-width:0}.chart-figure{break-inside:avoid}\
        .chart-data:not([open]){display:none}}
        """

    private static let dark = """
        --chart-1:#5cb3f0;--chart-2:#f59042;--chart-3:#35c496;--chart-4:#e08fc0;--chart-5:#e5c443;--chart-6:#a9b4c2;\
        --chart-ink:#e6ebf1;--chart-muted:#9aa7b6;--chart-grid:#2c3744;--chart-ground:#161d26
        """

    static func stroke(_ index: Int) -> String { "c\(index % count + 1)" }
    static func fill(_ index: Int) -> String { "f\(index % count + 1)" }

    /// Dashes of a line; nil is a whole line.
    static func dash(_ index: Int) -> String? {
        [nil, "7 3", "2 3", "9 3 2 3", "4 2", "12 4"][index % count]
    }
}
