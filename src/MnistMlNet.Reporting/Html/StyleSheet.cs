using System.Text;

namespace MnistMlNet.Reporting.Html;

/// <summary>The page's CSS: system fonts, light or dark as the reader's system is set, one column on a phone.</summary>
internal static class StyleSheet
{
    private const string Rules = """
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:64rem;padding:1rem;background:var(--page);
        color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}
        h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--rule)}
        h3{font-size:1rem;margin:1rem 0 .25rem}
        p{max-width:44rem;margin:.5rem 0}
        .muted,figcaption,footer{color:var(--muted)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.6rem,1fr));gap:.75rem;margin:1rem 0}
        .tiles div{background:var(--panel);border-radius:.5rem;padding:.6rem .7rem}
        .tiles dt{color:var(--muted);font-size:.85rem}
        .tiles dd{margin:0;font-size:1rem;white-space:nowrap;font-weight:600;font-variant-numeric:tabular-nums}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.5rem}
        svg{display:block;width:100%;height:auto;overflow:visible}
        .scroll{overflow-x:auto} .charts+.scroll{margin-top:1.25rem}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
        th,td{padding:.3rem .5rem;text-align:right;border-bottom:1px solid var(--rule)}
        thead th{background:var(--panel);font-weight:600}
        tbody th,th:first-child,.text{text-align:left}
        .facts{table-layout:fixed}
        .facts th{font-weight:600;vertical-align:top} .facts th:first-child{width:15rem}
        .facts td{text-align:left}
        .heat{table-layout:fixed;max-width:44rem}
        .heat th,.heat td{text-align:center;padding:.35rem .1rem;border:1px solid var(--page)}
        .heat thead tr:first-child th{font-weight:400;color:var(--muted)}
        .heat .none{color:var(--muted)}
        .heat.named{table-layout:auto;width:auto} .heat.named th,.heat.named td{padding:.35rem .5rem}
        .matrix{image-rendering:pixelated} .frame{fill:none;stroke:var(--rule)} svg text.unit{font-size:9px}
        svg text.name{fill:var(--ink)}
        .legend{display:flex;flex-wrap:wrap;gap:.4rem 1rem;padding:0;margin:.5rem 0;list-style:none;font-size:.9rem}
        .key{display:inline-block;min-width:2rem;min-height:1.1em;vertical-align:text-bottom;
        line-height:1.1;padding:0 .35rem;text-align:center;border-radius:.2rem}
        .bar{display:block;height:.7rem;min-width:1px;background:var(--second);border-radius:.15rem}
        .numbers th,.numbers td{white-space:nowrap}
        .barcell{width:38%}
        .pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.5rem,1fr));
        gap:1rem .75rem;margin:1rem 0;padding:0;list-style:none}
        figure{margin:0}
        .pictures img{display:block;width:100%;height:auto;max-width:8rem;
        image-rendering:pixelated;border:1px solid var(--rule);border-radius:.25rem}
        figcaption{font-size:.85rem;line-height:1.35;padding-top:.25rem}
        figcaption b{color:var(--ink)}
        code{font:.85rem ui-monospace,monospace}
        details{margin:.75rem 0} summary{cursor:pointer;color:var(--accent)}
        @media (max-width:30rem){
        body{padding:.75rem;font-size:.95rem} .heat{font-size:.72rem} .heat th,.heat td{padding:.3rem 0}
        .barcell{width:22%} .numbers{font-size:.8rem}
        .facts th,.facts th:first-child,.facts td{display:block;width:auto;border:0;padding:.1rem 0}
        .facts td{border-bottom:1px solid var(--rule);padding-bottom:.5rem}
        .facts thead{display:none} th,td{padding:.3rem .3rem} .pictures{grid-template-columns:repeat(auto-fill,minmax(5rem,1fr))}
        }
        @media print{body{max-width:none} h2{break-after:avoid} figure,tr{break-inside:avoid}}
        """;

    private const string Drawings = """
        svg text{fill:var(--muted);font:12px system-ui,sans-serif}
        .page{fill:var(--page)}
        .grid{stroke:var(--rule)}
        .line{fill:none;stroke-width:2.5;stroke-linejoin:round}
        .s0{stroke:var(--accent)} .s1{stroke:var(--second)} .s1.line{stroke-dasharray:6 4}
        .test{stroke-width:1.5;stroke-dasharray:2 4}
        .ideal{fill:none;stroke:var(--second);stroke-width:1.5;stroke-dasharray:6 4}
        svg text.t0{fill:var(--accent);font-weight:600} svg text.t1{fill:var(--second);font-weight:600}
        .dot{fill:var(--accent)} .point{fill:var(--accent);fill-opacity:.5}
        .bubble{fill:var(--accent);fill-opacity:.65;stroke:var(--page)}
        """;

    /// <summary>The CSS of the page.</summary>
    public static string Css { get; } = Create(isPage: true);

    /// <summary>The CSS of a drawing that is a file of its own.</summary>
    public static string SvgCss { get; } = Create(isPage: false);

    private static string Create(bool isPage)
    {
        StringBuilder css = new();
        css.Append(":root{color-scheme:light dark;").Append(Palette.Light.ToCss()).Append("}\n");
        css.Append("@media (prefers-color-scheme:dark){:root{").Append(Palette.Dark.ToCss()).Append("}}\n");
        css.Append(isPage ? Rules + "\n" : "").Append(Drawings).Append('\n');
        AddRamp(css, "wrong", Palette.Light.Wrong.Length, isPage);
        AddRamp(css, "right", Palette.Light.Right.Length, isPage);
        css.Append(isPage ? "" : ".none{fill:none}\n");
        return css.Replace("\r", "").ToString();
    }

    private static void AddRamp(StringBuilder css, string name, int length, bool isPage)
    {
        for (int i = 0; i < length; i++)
        {
            css.Append(isPage ? $".{name}{i}{{background:var(--{name}{i});color:var(--{name}{i}-ink)}}\n"
                : $".{name}{i}{{fill:var(--{name}{i})}} svg text.{name}{i}-ink{{fill:var(--{name}{i}-ink)}}\n");
        }
    }
}
