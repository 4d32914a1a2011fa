using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Snapshots;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Snapshots;

/// <summary>What a drill is said to have shown, held against 2 hours and 30 minutes.</summary>
public sealed class DrillVerdictTests
{
    private static readonly DatabasePlan Copied = Plans.Of("orders");

    private static readonly DrillPlan Drill = new(
        "orders", DatabaseKind.Instance, "postgres", "us-east-1", "dbre-drill-orders-12345678", "2026-11-21T05:00:00.000Z", 240,
        new DrillCopy(Copied, Copied.Targets[0], "arn:copy", "snapshot-copy-nightly-20261121T030000Z", 5400));

    private static readonly DrillOutcome Good = new(
        Drill, new RestoreAtHomeResult(StepStatus.Ready, "It was read.", 0, Drill.As, 30, 900, 5000, []), null, "2026-11-21T09:20:00.000Z", "2026-11-21T09:40:00.000Z",
        new ProveCopyResult(StepStatus.Ready, "It is the same.", Proof), new StepResult(StepStatus.Ready, "It is gone."));

    private static readonly string AsCopy = DrillVerdict.Of(Selected, [Good], null).Databases[0].Restores[1].As;

    private static ProofResult Proof => new(true, "It is the same.", 5000, 5000, true, 3, 0, []);

    private static SelectDrillsResult Selected => new(StepStatus.Ready, "", [], [Drill], [], new Objectives(2, 30));

    [Fact]
    public void Both_restores_are_told_with_what_was_measured()
    {
        var verdict = DrillVerdict.Of(Selected, [Good], null);

        verdict.Reason.ShouldBe("1 database could be restored, 2 restores were proven; at worst 1.50 h would have been lost and a restore took 20.0 min.");
        verdict.Outcome.ShouldBe(RunOutcome.Succeeded);
        verdict.Measured.ShouldBe(new DrillMeasured(1, 2, 2, 5400, 1200, 10000));
        verdict.Databases[0].Restores.Select(r => (r.From, r.Region, r.RpoSeconds, r.RtoSeconds, r.Removed)).ShouldBe([("log", "us-east-1", 270, 900, true), ("copy", "eu-west-1", 5400, 1200, true)]);
        verdict.Databases[0].Objective.ShouldBe(new DrillObjective(7200, 1800));
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "home failed", "'orders' was not proven from its log in us-east-1: It was read." },
        { "home broke", "'orders' was not proven from its log in us-east-1: Boom: went" },
        { "home slow", "'orders' took 30.0 min to restore from its log in us-east-1; the policy allows 30 min." },
        { "home far behind", "'orders' would have lost 2.01 h, restored from its log in us-east-1; the policy allows 2 h." },
        { "home left", "'dbre-drill-orders-12345678' in us-east-1 is still there." },
        { "no copy", "'orders' has no proven copy that could be restored." },
        { "copy differs", "'orders' was not proven from its copy in eu-west-1: A row is missing." },
        { "copy broke", "'orders' was not proven from its copy in eu-west-1: Boom: went" },
        { "copy old", "'orders' would have lost 3.00 h, restored from its copy in eu-west-1; the policy allows 2 h." },
        { "copy slow", "'orders' took 40.0 min to restore from its copy in eu-west-1; the policy allows 30 min." },
        { "copy left", "'{0}' in eu-west-1 is still there: Boom: went" },
        { "held", "'orders' could not be given back: Boom: went" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_not_as_promised_fails_in_one_sentence(string what, string sentence)
    {
        var boom = new Failure("Boom", "went");
        var verdict = DrillVerdict.Of(Selected, [what switch
        {
            "home failed" => Good with { Home = Good.Home! with { Status = StepStatus.Failed } },
            "home broke" => Good with { Home = null, HomeFailure = boom },
            "home slow" => Good with { Home = Good.Home! with { RtoSeconds = 1801 } },
            "home far behind" => Good with { Home = Good.Home! with { GapSeconds = 7000 } },
            "home left" => Good with { Home = Good.Home! with { Left = [Drill.As] } },
            "no copy" => Good with { Drill = Drill with { Copy = null }, Begun = null, ProvenAt = null, Proved = null, Removed = null },
            "copy differs" => Good with { Proved = new ProveCopyResult(StepStatus.Failed, "A row is missing.", Proof with { Proven = false }) },
            "copy broke" => Good with { CopyFailure = boom, Proved = null, ProvenAt = null },
            "copy old" => Good with { Drill = Drill with { Copy = Drill.Copy! with { AgeSeconds = 10800 } } },
            "copy slow" => Good with { ProvenAt = "2026-11-21T10:00:00.000Z" },
            "copy left" => Good with { Removed = null, RemovalFailure = boom },
            _ => Good with { UnlockFailure = boom },
        }], null);

        verdict.Outcome.ShouldBe(RunOutcome.Failed);
        verdict.Reason.ShouldBe(sentence.Replace("{0}", AsCopy, StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_not_begun_was_neither_measured_nor_made()
    {
        var restores = DrillVerdict.Of(Selected, [new DrillOutcome(Drill)], null).Databases[0].Restores;

        restores.Select(r => (r.Reason, r.RpoSeconds, r.RtoSeconds, r.Removed)).Distinct().ShouldBe([("It was not begun.", null, null, null)]);
    }

    [Fact]
    public void A_refusal_and_a_failure_of_the_whole_are_told_as_they_are()
    {
        DrillVerdict.Of(SelectDrillsResult.Refusal("Not now.", []), [], null).ShouldSatisfyAllConditions(v => v.Outcome.ShouldBe(RunOutcome.Refused), v => v.Reason.ShouldBe("Not now."));
        DrillVerdict.Of(null, [], new Failure("Boom", "went")).ShouldSatisfyAllConditions(v => v.Outcome.ShouldBe(RunOutcome.Failed), v => v.Reason.ShouldBe("Boom: went"));
    }
}
