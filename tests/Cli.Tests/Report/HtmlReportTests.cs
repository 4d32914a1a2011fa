using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using Dbre.Cli.Report;
using Dbre.Cli.Tests.Testing;

namespace Dbre.Cli.Tests.Report;

/// <summary>The page that people look at: it tells what the evidence tells, needs nothing from elsewhere, and its picture is drawn inside its frame.</summary>
public sealed partial class HtmlReportTests
{
    [Fact]
    public void Tells_the_verdict_each_database_and_the_hashes_of_a_night()
    {
        var night = Records.Night();
        (night["hash"], night["previousHash"]) = ("abc123", "def456");

        var page = HtmlReport.Render([night]);

        foreach (var told in (string[])["1 of 2 databases failed.", "billing", "orders", "public.orders has 6999 rows, 7000 were expected.", "26\u202f999", "27\u202f000", "abc123", "def456"])
        {
            page.ShouldContain(told);
        }
    }

    [Fact]
    public void Needs_nothing_from_elsewhere_and_runs_nothing()
    {
        var page = HtmlReport.Render([Records.Night(), Records.CleanUp()]);

        page.ShouldNotContain("<script");
        page.ShouldNotContain("<link");
        page.ShouldNotContain("src=");
        page.ShouldNotContain("url(");
        page.ShouldNotContain("://");
    }

    [Fact]
    public void Shows_what_a_server_said_as_text_and_never_as_markup()
    {
        var night = Records.Night();
        night["reason"] = "<img src=x onerror=alert(1)> & \"more\"";

        var page = HtmlReport.Render([night]);

        page.ShouldNotContain("<img");
        page.ShouldContain("&lt;img src=x onerror=alert(1)&gt; &amp;");
    }

    [Fact]
    public void Is_the_same_page_for_the_same_evidence() =>
        HtmlReport.Render([Records.Night(), Records.CleanUp()]).ShouldBe(HtmlReport.Render([Records.Night(), Records.CleanUp()]));

    [Fact]
    public void Draws_a_lane_for_the_run_each_database_and_each_target_and_a_bar_for_each_step_inside_the_frame()
    {
        var svg = Picture(HtmlReport.Render([Records.Night()]));

        svg.Descendants("text").Where(t => (string)t.Attribute("class")! is "run" or "database" or "target").Select(t => t.Nodes().OfType<XText>().First().Value)
            .ShouldBe(["The run", "billing", "→ eu-west-1", "orders", "→ eu-west-1"]);
        var frame = ((string)svg.Attribute("viewBox")!).Split(' ').Select(Number).ToArray();
        var bars = svg.Descendants("rect").ToList();
        bars.Count.ShouldBe(6);
        foreach (var bar in bars)
        {
            var (x, y, width, height) = (At(bar, "x"), At(bar, "y"), At(bar, "width"), At(bar, "height"));
            width.ShouldBeGreaterThan(0);
            (x >= 0 && x + width <= frame[2] && y >= 0 && y + height <= frame[3]).ShouldBeTrue($"{bar} is outside {string.Join(' ', frame)}");
        }

        // The copy of billing begins where its snapshot ends, and takes six minutes to its four.
        var (snapshot, copy) = (bars[1], bars[2]);
        At(copy, "x").ShouldBe(At(snapshot, "x") + At(snapshot, "width") + 1, 0.02);
        (At(copy, "width") / At(snapshot, "width")).ShouldBe(360.0 / 230.0, 0.02);
        snapshot.Element("title")!.Value.ShouldContain("03:00:10 to 03:04:00 UTC, called 4 times");
    }

    [Fact]
    public void Of_a_step_that_ended_after_its_record_keeps_the_bar_in_the_frame()
    {
        var night = Records.Night();
        night["steps"]![5]!["endedAt"] = "2026-11-21T03:40:00.000Z";

        var last = Picture(HtmlReport.Render([night])).Descendants("rect").Last();

        (At(last, "x") + At(last, "width")).ShouldBeLessThanOrEqualTo(1040);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, true)]
    public void Counts_what_was_deferred_only_where_something_was(int deferred, bool shown)
    {
        var night = Records.Night();
        night["measured"]!["deferred"] = deferred;

        HtmlReport.Render([night]).Contains("<dt>deferred</dt>", StringComparison.Ordinal).ShouldBe(shown);
    }

    [Fact]
    public void Tells_each_restore_of_a_drill_beside_what_was_promised()
    {
        var page = HtmlReport.Render([Records.Drill()]);

        foreach (var told in (string[])
        [
            "Failed for 1 of 2 databases", "of 4 restores proved", "promised RPO 1 h 00 min", "promised RTO 1 h 00 min", "a second<small>us-east-1</small><small><code>2026-11-19T01:02:03.000Z</code></small>",
            "its copy<small>eu-west-1</small><small><code>catalog-nightly-20261121t0300z</code></small>", "<td class=\"n bad\">2 h 01 min</td>", "20\u202f000 of 20\u202f000", "&#39;dbre-proof-orders-5e6f7a8b&#39; is gone again.",
            "the policy allows 1 h.", "Not drilled", "<b>legacy</b> Database &#39;legacy&#39; has backups off",
        ])
        {
            page.ShouldContain(told);
        }

        Count(page, "<td class=\"n bad\">").ShouldBe(1, "only what was missed is marked");
        Count(page, "class=\"badge good\"").ShouldBe(4);
    }

    [Theory]
    [InlineData(1, "The restore is proved", "of 1 restore proved")]
    [InlineData(4, "All 4 restores are proved", "of 4 restores proved")]
    public void Counts_one_as_people_do(int restores, string headline, string label)
    {
        var drill = Records.Drill();
        (drill["outcome"], drill["measured"]!["restores"], drill["measured"]!["proven"]) = ("Succeeded", restores, restores);

        var page = HtmlReport.Render([drill]);

        page.ShouldContain($"<h1>{headline}</h1>");
        page.ShouldContain($"<dt>{label}</dt>");
    }

    [Fact]
    public void Says_that_nothing_is_proved_where_there_is_no_evidence() =>
        HtmlReport.Render(new List<JsonObject>()).ShouldContain("No run got as far as writing a record, so nothing is proved.");

    private static int Count(string page, string what) => page.Split(what).Length - 1;

    private static XElement Picture(string page) => XElement.Parse(Svg().Match(page).Value);

    private static double At(XElement bar, string attribute) => Number((string)bar.Attribute(attribute)!);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();
}
