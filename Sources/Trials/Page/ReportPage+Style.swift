extension ReportPage {
    static let css = """
        :root{--page:#f4f6f8;--card:var(--chart-ground);--ink:var(--chart-ink);--muted:var(--chart-muted);\
        --rule:var(--chart-grid);--good:#006b4d;--bad:#b3261e;--wash:#fdecea}
        @media screen and (prefers-color-scheme:dark){:root{--page:#0e141b;--good:#4fd3a8;--bad:#ff8a80;--wash:#3a1a1a}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans",\
        "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
        header,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:1.5rem}
        .masthead{display:flex;justify-content:space-between;align-items:center;gap:1rem}
        .kicker{margin:0;color:var(--muted);font-size:.875rem;letter-spacing:.02em}
        h1{font-size:1.5rem;line-height:1.25;margin:.25rem 0 .5rem}
        h2{font-size:1.3rem;line-height:1.3;margin:0 0 .25rem}h3{font-size:1.05rem;margin:1.25rem 0 .25rem}
        h4{font-size:.875rem;margin:0 0 .25rem;color:var(--muted);font-weight:600}
        .byline{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:0;color:var(--muted);font-size:.875rem}
        .state{font-weight:600;border:1px solid currentColor;border-radius:1rem;padding:.05rem .7rem}
        .good{color:var(--good)}.bad{color:var(--bad)}
        .languages{display:flex;flex:none;border:1px solid var(--rule);border-radius:.5rem;overflow:hidden}
        .languages[hidden]{display:none}
        .languages button{font:inherit;font-size:.875rem;border:0;background:var(--card);color:var(--muted);padding:.3rem .75rem;\
        cursor:pointer;min-height:2.25rem}
        .languages button[aria-pressed=true]{background:var(--ink);color:var(--page)}
        :focus-visible{outline:2px solid var(--chart-1);outline-offset:2px}
        section{margin:2.75rem 0 0}
        .summary{margin-top:1.25rem}
        .sentence{font-size:clamp(1.35rem,3.4vw,2.1rem);line-height:1.3;font-weight:600;margin:0 0 1.25rem;max-width:52rem;\
        text-wrap:balance}
        .numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));gap:1rem}
        .number,.card{background:var(--card);border:1px solid var(--rule);border-radius:.75rem;padding:1rem 1.15rem;min-width:0}
        .number p{margin:0}.number .name{color:var(--muted);font-size:.875rem}
        .number .value{font-size:2.25rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
        .number .value:not(.good):not(.bad){color:var(--ink)}
        .note{color:var(--muted);font-size:.9rem;margin:.1rem 0 .9rem;max-width:52rem}.number .note{margin:.2rem 0 0;font-size:.8125rem}
        .grid+.note,.more+.note{margin-top:.75rem}
        .problems{margin-top:1.25rem;background:var(--wash);border:1px solid var(--bad);border-left-width:.4rem;\
        border-radius:.75rem;padding:1rem 1.25rem}
        .problems h2{font-size:1.05rem;color:var(--bad)}.problems p,.problems ul{margin:.25rem 0 .5rem}
        .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,27rem),1fr));gap:1rem;margin-top:1rem}
        #models~.grid{grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr))}
        .card svg.chart{margin:0 auto}
        .scroll{overflow-x:auto;max-width:100%;background:var(--card);border:1px solid var(--rule);border-radius:.75rem;margin-top:1rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        th,td{text-align:right;padding:.5rem .9rem;border-bottom:1px solid var(--rule);vertical-align:top;overflow-wrap:normal;white-space:nowrap}
        th:first-child,td:first-child{text-align:left}
        thead th{color:var(--muted);font-weight:600;font-size:.8125rem;vertical-align:bottom;white-space:normal}
        tbody tr:last-child>*{border-bottom:0}tbody th{font-weight:500;min-width:7.5rem;max-width:24rem;white-space:normal;overflow-wrap:anywhere}
        .words th,.words td{text-align:left}
        th small{display:block;color:var(--muted);font-weight:400}td small{display:block;color:var(--muted);white-space:nowrap}
        .comparison td{white-space:nowrap}
        .hashes td:last-child,.prose td:last-child{white-space:normal;min-width:16rem;overflow-wrap:anywhere}
        .hashes td:last-child{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
        .learnt{margin-top:1rem}.learnt h3{margin-top:0}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1rem 2rem}
        .pair ul{margin:0;padding-left:1.1rem;font-size:.9rem}.pair li{margin-bottom:.35rem}
        dl{margin:0;font-size:.9rem}dl>div{display:flex;justify-content:space-between;gap:1rem;padding:.35rem 0;\
        border-bottom:1px solid var(--rule)}
        dl>div:last-child{border-bottom:0}dt{color:var(--muted)}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}
        dl .strong dd{font-weight:700}
        #machine~dl,pre{background:var(--card);border:1px solid var(--rule);border-radius:.75rem;padding:.75rem 1.15rem}
        pre{overflow-x:auto;white-space:pre-wrap;margin:.75rem 0 0}
        code{font:.875rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
        .more{margin-top:1rem}.more>summary{cursor:pointer;font-weight:600;font-size:.95rem}.more>.card{margin-top:.75rem}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        footer{color:var(--muted);font-size:.8125rem;padding:2.5rem 1.25rem 2rem}
        @media (max-width:30rem){header,main,footer{padding-left:1rem;padding-right:1rem}th,td{padding:.45rem .6rem}\
        .card{padding:.9rem .8rem}}
        @media print{:root{--page:#fff}body{font-size:10.5pt}.languages{display:none!important}section{margin-top:1.5rem}\
        .card,.number,tr{break-inside:avoid}h2,h3{break-after:avoid}.grid{grid-template-columns:1fr 1fr}\
        .numbers,#models~.grid{grid-template-columns:repeat(3,1fr)}\
        .scroll,.chart-scroll{overflow:visible}.sentence{font-size:17pt}main,header,footer{max-width:none;padding-left:0;padding-right:0}\
        .number .value{font-size:18pt}.more:not([open]){display:none}@page{margin:15mm}}
        """

    /// Puts the Chinese of `data-zh` in the place of the English and back. It asks nothing and keeps nothing.
    static let script = """
        (()=>{const root=document.documentElement,buttons=[...document.querySelectorAll('[data-lang]')];
        const set=language=>{const zh=language==='zh';root.lang=zh?'zh-CN':'en';
        for(const e of document.querySelectorAll('[data-zh]')){if(!('en' in e.dataset))e.dataset.en=e.textContent;
        e.textContent=zh?e.dataset.zh:e.dataset.en}
        for(const b of buttons)b.setAttribute('aria-pressed',String(b.dataset.lang===language))};
        for(const b of buttons)b.addEventListener('click',()=>set(b.dataset.lang));
        document.querySelector('.languages').hidden=false;
        set((navigator.language||'').toLowerCase().startsWith('zh')?'zh':'en')})()
        """
}
