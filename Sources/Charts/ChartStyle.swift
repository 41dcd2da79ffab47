/// How series look: colours that people with any kind of colour vision tell apart, and a second mark of each beside the
/// colour (dash, shape, hatching), so that a print in grey can be read too.
public enum ChartStyle {
    /// How many series look different; further ones begin again.
    public static let count = 6

    /// Variables for light and dark, and the looks of everything that a chart draws. Colours after Okabe and Ito, "Color
    /// Universal Design" (2008), darkened or lightened to 3:1 against the ground.
    public static let css = """
        :root{--chart-1:#0067a5;--chart-2:#c44e00;--chart-3:#00805c;--chart-4:#a8487f;--chart-5:#8a6800;--chart-6:#4b5563;\
        --chart-ink:#1d2733;--chart-muted:#5b6775;--chart-grid:#dfe4ea;--chart-ground:#fff}
        @media screen and (prefers-color-scheme:dark){:root{--chart-1:#5cb3f0;--chart-2:#f59042;--chart-3:#35c496;\
        --chart-4:#e08fc0;--chart-5:#e5c443;--chart-6:#a9b4c2;--chart-ink:#e6ebf1;--chart-muted:#9aa7b6;\
        --chart-grid:#2c3744;--chart-ground:#161d26}}
        svg.chart{display:block;width:100%;height:auto;font:12px system-ui,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC",\
        "PingFang SC","Microsoft YaHei",sans-serif;fill:var(--chart-ink)}
        svg.chart .muted{fill:var(--chart-muted)}svg.chart .strong{font-weight:600}
        svg.chart .grid{stroke:var(--chart-grid);fill:none}svg.chart .axis{stroke:var(--chart-muted);fill:none}
        svg.chart .line{fill:none;stroke-width:2;stroke-linejoin:round}svg.chart .whisker{fill:none;stroke-width:1.5}
        svg.chart .reference{stroke:var(--chart-muted);stroke-width:1.25;stroke-dasharray:3 4}
        svg.chart .area{stroke:none;fill-opacity:.16}svg.chart .box{fill:var(--chart-ground);stroke-width:1.5}
        svg.chart .dot{stroke:var(--chart-ground);stroke-width:1}svg.chart .small{font-size:10.5px}
        .c1{stroke:var(--chart-1)}.c2{stroke:var(--chart-2)}.c3{stroke:var(--chart-3)}.c4{stroke:var(--chart-4)}\
        .c5{stroke:var(--chart-5)}.c6{stroke:var(--chart-6)}
        .f1{fill:var(--chart-1)}.f2{fill:var(--chart-2)}.f3{fill:var(--chart-3)}.f4{fill:var(--chart-4)}\
        .f5{fill:var(--chart-5)}.f6{fill:var(--chart-6)}
        .chart-figure{margin:0;min-width:0}.chart-figure figcaption{margin-bottom:.5rem}
        .chart-figure figcaption strong{display:block}.chart-summary{color:var(--chart-muted);font-size:.875rem}
        .chart-scroll{overflow-x:auto;max-width:100%}.chart-data{font-size:.8125rem;margin-top:.5rem}
        .chart-data summary{cursor:pointer;color:var(--chart-muted)}.chart-data>div{max-height:20rem;overflow:auto}
        .chart-data caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        @media print{.chart-figure{break-inside:avoid}.chart-data:not([open]){display:none}}
        """

    static func stroke(_ index: Int) -> String { "c\(index % count + 1)" }
    static func fill(_ index: Int) -> String { "f\(index % count + 1)" }

    /// Dashes of a line; nil is a whole line.
    static func dash(_ index: Int) -> String? {
        [nil, "7 3", "2 3", "9 3 2 3", "4 2", "12 4"][index % count]
    }
}
