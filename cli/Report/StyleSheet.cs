namespace Dbre.Cli.Report;

/// <summary>How the page looks. The colours of the steps keep their order of lightness, so that they differ also without colour vision.</summary>
internal static class StyleSheet
{
    public const string Text = """
        :root {
          color-scheme: light dark;
          --page: #fbfaf8; --ink: #1d1f23; --soft: #62666e; --rule: #e3e1dc; --faint: #efede8;
          --good: #1c7a45; --bad: #b3261e; --warn: #8f5b00;
          --measure: #8e7cc3; --snapshot: #3b6fb6; --copy: #36a2a6; --restore: #e0a03b; --prove: #2f8f57; --swap: #c0504d; --prune: #c9769a; --around: #b9bbc0;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #15171b; --ink: #e8e6e1; --soft: #9a9ea7; --rule: #2e3138; --faint: #22252b;
            --good: #5cc98a; --bad: #ff8a80; --warn: #e5b454;
            --measure: #a896e0; --snapshot: #5d95e0; --copy: #4fbdc0; --restore: #ecb75c; --prove: #4fb87c; --swap: #e5736f; --prune: #de8fb2; --around: #5a5e67;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-kerning: normal; }
        main { max-width: 1088px; margin: 0 auto; padding: 64px 24px 72px; }
        section + section, .overview + section { margin-top: 88px; padding-top: 48px; border-top: 1px solid var(--rule); }
        code { font: .88em/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .eyebrow { margin: 0 0 10px; color: var(--soft); font-size: 13px; letter-spacing: .01em; }
        h1, .headline { margin: 0; font-size: clamp(30px, 4.4vw, 44px); line-height: 1.1; font-weight: 680; letter-spacing: -.022em; text-wrap: balance; }
        .headline { font-size: clamp(24px, 3.2vw, 32px); }
        .verdict.bad :is(h1, .headline) { color: var(--bad); } .verdict.warn :is(h1, .headline) { color: var(--warn); } .verdict.good :is(h1, .headline) { color: var(--good); }
        .reason { max-width: 68ch; margin: 16px 0 0; font-size: 17px; line-height: 1.5; text-wrap: pretty; overflow-wrap: anywhere; }
        .meta { display: flex; flex-wrap: wrap; gap: 2px 22px; margin: 14px 0 0; color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; }
        h3 { margin: 56px 0 14px; font-size: 17px; font-weight: 650; letter-spacing: -.006em; }
        .numbers { display: grid; grid-template-columns: repeat(3, .8fr) 2fr 1.1fr 1fr; gap: 0; margin: 44px 0 0; border-block: 1px solid var(--rule); }
        .numbers div { display: flex; flex-direction: column; padding: 18px 18px 16px; border-left: 1px solid var(--rule); }
        .numbers div:first-child { border-left: 0; padding-left: 0; }
        .numbers dd { margin: 0; font-size: 30px; line-height: 1.15; font-weight: 620; letter-spacing: -.018em; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
        .numbers dt { margin-top: 4px; color: var(--soft); font-size: 13.5px; line-height: 1.35; }
        .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } header.good, header.bad, header.warn { color: inherit; }
        .scroll { overflow-x: auto; }
        figure { margin: 0; }
        svg { display: block; width: 100%; min-width: 760px; height: auto; overflow: visible; }
        svg text { fill: var(--ink); font-size: 13px; }
        svg .database { font-weight: 620; } svg .run, svg .target { fill: var(--soft); }
        svg .tick { fill: var(--soft); font-size: 12px; text-anchor: middle; font-variant-numeric: tabular-nums; }
        svg .grid { stroke: var(--faint); } svg .rule { stroke: var(--rule); }
        .measure { fill: var(--measure); background: var(--measure); } .snapshot { fill: var(--snapshot); background: var(--snapshot); }
        .copy { fill: var(--copy); background: var(--copy); } .restore { fill: var(--restore); background: var(--restore); }
        .prove { fill: var(--prove); background: var(--prove); } .swap { fill: var(--swap); background: var(--swap); } .prune { fill: var(--prune); background: var(--prune); } .around { fill: var(--around); background: var(--around); }
        rect:hover { filter: brightness(1.12) saturate(1.15); }
        figcaption { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 14px; color: var(--soft); font-size: 13.5px; }
        figcaption i { display: inline-block; width: 14px; height: 10px; margin-right: 7px; border-radius: 2px; }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { padding: 14px 16px 13px 0; text-align: left; vertical-align: top; font-weight: 400; }
        thead th { padding-block: 0 8px; color: var(--soft); font-size: 13.5px; border-bottom: 1px solid var(--ink); white-space: nowrap; }
        tbody { border-bottom: 1px solid var(--rule); }
        tbody th { font-weight: 620; min-width: 190px; }
        small { display: block; margin-top: 1px; color: var(--soft); font-size: 13px; font-weight: 400; }
        th.n, td.n { text-align: right; white-space: nowrap; padding-left: 8px; } th.n + th:not(.n), td.n + td:not(.n) { padding-left: 12px; } td:last-child { padding-right: 0; }
        .badge { font-weight: 620; } .badge::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 8px; border-radius: 50%; background: currentColor; }
        .why { max-width: 46ch; margin: 2px 0 0; color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
        .differences, .notes ul { margin: 8px 0 0; padding-left: 18px; color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
        .notes td { padding-top: 0; } .notes ul { margin: 0; padding: 0; list-style: none; } .notes b { color: var(--ink); font-weight: 620; }
        .runs { margin: 24px 0 0; padding: 0; list-style: none; } .runs li { display: flex; flex-wrap: wrap; gap: 2px 20px; padding: 9px 0; border-top: 1px solid var(--rule); } .runs a { color: var(--ink); }
        footer dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 22px; margin: 0; font-size: 14px; } footer dt { color: var(--soft); } footer dd { margin: 0; }
        .note { margin: 12px 0 0; color: var(--soft); font-size: 14px; }
        @media (max-width: 860px) {
          main { padding-top: 40px; }
          .numbers { grid-template-columns: repeat(2, 1fr); } .numbers div { padding-left: 0; border-left: 0; }
          table { min-width: 720px; } footer dl { grid-template-columns: 1fr; } footer dd { margin-bottom: 8px; }
        }
        @media print { main { max-width: none; padding: 0; } section { break-inside: avoid-page; } }
        """;
}
