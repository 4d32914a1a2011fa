using Dbre.Functions.Core.Proof;
using Dbre.Functions.Snapshots;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class VerdictTests
{
    private static readonly SelectDatabasesResult Selected = SelectDatabasesResult.Ready(new RunSelection([], [], [], []));
    private static readonly RunSelection Kept = new([], [], [], []);
    private static readonly ProofResult Equal = new(true, "2 tables with 10 rows are equal.", 10, 10, true, 2, 0, []);
    private static readonly ProofResult Short = new(false, "The copy differs.", 10, 9, false, 2, 0, ["a has 9 rows; 10 were expected."]);

    [Fact]
    public void Of_a_proven_copy_succeeds_and_counts_what_was_measured()
    {
        var verdict = Verdict.Of(Selected, Kept, [Outcome(new CopyOutcome("eu-west-1", null, "s", CopyVerdict.Proven, "equal", Equal))], null);

        verdict.Outcome.ShouldBe(RunOutcome.Succeeded);
        verdict.Measured.ShouldBe(new Measured(1, 1, 1, 10, 10, true, 0));
    }

    [Fact]
    public void Of_a_copy_that_was_not_measured_reports_no_rows() =>
        Verdict.Of(Selected, Kept, [Outcome(new CopyOutcome("eu-west-1", null, "s", CopyVerdict.Copied, "there"))], null).Measured.ShouldBe(new Measured(1, 1, 0, null, null, null, 0));

    [Fact]
    public void Of_a_copy_that_differs_fails_and_names_the_database_and_the_reason()
    {
        var verdict = Verdict.Of(Selected, Kept, [Outcome(new CopyOutcome("eu-west-1", null, "s", CopyVerdict.Failed, Short.Reason, Short))], null);

        verdict.Outcome.ShouldBe(RunOutcome.Failed);
        verdict.Reason.ShouldBe("1 of 1 database failed. orders: eu-west-1: The copy differs.");
        verdict.Measured.ShouldBe(new Measured(1, 0, 0, 10, 9, false, 0));
    }

    [Fact]
    public void Of_a_refused_database_fails_the_run_but_not_the_others()
    {
        var kept = Kept with { Refused = [new RefusedDatabase("stopped-one", "Database 'stopped-one' is stopped.")] };
        var verdict = Verdict.Of(Selected, kept, [Outcome(new CopyOutcome("eu-west-1", null, "s", CopyVerdict.Proven, "equal", Equal))], null);

        verdict.Outcome.ShouldBe(RunOutcome.Failed);
        verdict.Databases.Select(d => (d.Database, d.Outcome)).ShouldBe([("orders", DatabaseVerdict.Succeeded), ("stopped-one", DatabaseVerdict.Refused)]);
        verdict.Measured.Proven.ShouldBe(1);
    }

    [Fact]
    public void Of_a_refused_run_is_Refused_with_its_sentence() =>
        Verdict.Of(SelectDatabasesResult.Refusal("kmsKey 'k' does not exist.", ["kmsKey 'k' does not exist."]), null, [], null)
            .ShouldSatisfyAllConditions(v => v.Outcome.ShouldBe(RunOutcome.Refused), v => v.Reason.ShouldBe("kmsKey 'k' does not exist."));

    [Fact]
    public void Of_a_deferred_database_fails_and_names_it_and_the_quota()
    {
        var kept = Kept with
        {
            Deferred = [new DeferredDatabase("late-one", "no slot"), new DeferredDatabase("late-two", "no slot")],
            Quotas = [new QuotaShortfall("Cross-region snapshot copies in progress", "eu-west-1", null, 20, 75)],
        };
        var verdict = Verdict.Of(Selected, kept, [Outcome(new CopyOutcome("eu-west-1", null, "s", CopyVerdict.Proven, "equal", Equal))], null);

        verdict.Outcome.ShouldBe(RunOutcome.Failed);
        verdict.Reason.ShouldBe(
            "2 databases were deferred at the start: late-one, late-two. The quota 'Cross-region snapshot copies in progress' of eu-west-1 is 20; 75 would carry all.");
        verdict.Databases.ShouldHaveSingleItem().Outcome.ShouldBe(DatabaseVerdict.Succeeded);
        verdict.Measured.ShouldBe(new Measured(1, 1, 1, 10, 10, true, 0, Deferred: 2));
    }

    [Fact]
    public void Of_a_deferral_that_nobody_heard_of_says_why()
    {
        var kept = Kept with { Deferred = [new DeferredDatabase("late", "no slot")] };
        var verdict = Verdict.Of(Selected with { AnnounceFailure = new Failure("AuthorizationErrorException", """{"errorMessage":"not authorized to perform: sns:Publish"}""") }, kept, [], null);

        verdict.Outcome.ShouldBe(RunOutcome.Failed);
        verdict.Reason.ShouldEndWith("The deferral could not be announced at the start: AuthorizationErrorException: not authorized to perform: sns:Publish");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_a_database_without_its_timeline_fails_and_says_why_and_what_came_of_its_copies(bool copied)
    {
        var copy = new CopyOutcome("eu-west-1", null, "s", copied ? CopyVerdict.Proven : CopyVerdict.Failed, copied ? "equal" : "no room");
        var lost = Outcome(copy) with { TimelineFailure = new Failure("AccessDeniedException", "not authorized to perform: states:GetExecutionHistory") };

        var database = Verdict.Of(Selected, Kept, [lost], null).Databases.ShouldHaveSingleItem();

        database.Outcome.ShouldBe(DatabaseVerdict.Failed);
        database.Reason.ShouldContain("Its timeline could not be read: AccessDeniedException: not authorized to perform: states:GetExecutionHistory");
        database.Reason.ShouldContain(copied ? "equal" : "no room");
        database.Copies.ShouldHaveSingleItem().Outcome.ShouldBe(copied ? CopyVerdict.Proven : CopyVerdict.Failed);
    }

    [Fact]
    public void Of_many_failures_names_the_first_so_that_the_reason_fits_where_it_is_told()
    {
        var outcomes = Enumerable.Range(0, 400).Select(i => new DatabaseOutcome($"db-{i}", "Instance", "postgres", "s", Failure: new Failure("X", new string('x', 2000)))).ToList();

        var verdict = Verdict.Of(Selected, Kept, outcomes, null);

        verdict.Reason.ShouldStartWith("400 of 400 databases failed. db-0: X: xxx");
        verdict.Reason.ShouldEndWith("And 350 more, which the evidence names.");
        verdict.Reason.Length.ShouldBeLessThan(32_768);
        verdict.Databases.Count.ShouldBe(400);
    }

    [Theory]
    [InlineData("Refused", "It is held.", "It is held.")]
    [InlineData("AmazonRDSException", """{"errorType":"AmazonRDSException","errorMessage":"not authorized to perform: rds:CopyDBSnapshot","stackTrace":[]}""", "AmazonRDSException: not authorized to perform: rds:CopyDBSnapshot")]
    [InlineData("States.Timeout", null, "States.Timeout: ")]
    [InlineData("X", "{\"errorMessage\":\"cut of", "X: {\"errorMessage\":\"cut of")]
    public void Sentence_is_what_the_function_said(string error, string? cause, string sentence) => new Failure(error, cause).Sentence().ShouldBe(sentence);

    private static DatabaseOutcome Outcome(params CopyOutcome[] copies) => new("orders", "Instance", "postgres", "s", copies, [], []);
}
