using Dbre.Functions.Core.Proof;

namespace Dbre.Functions.Tests.Proof;

public sealed class ComparisonTests
{
    // source before, source after, restored, proven, rows expected, rows found, moving, first difference
    public static TheoryData<string, string, string, bool, long, long, int, string?> Cases => new()
    {
        { "a:10:x b:5:y", "a:10:x b:5:y", "a:10:x b:5:y", true, 15, 15, 0, null },
        { "a:10:x b:5:y", "a:10:x b:5:y", "b:5:y a:10:x", true, 15, 15, 0, null },
        { "a:10:x", "a:10:x", "a:9:z", false, 10, 9, 0, "a has 9 rows; 10 were expected." },
        { "a:10:x", "a:10:x", "a:10:z", false, 10, 10, 0, "a has its 10 rows, but their checksum differs." },
        { "a:10:x b:5:y", "a:10:x b:5:y", "a:10:x", false, 15, 10, 0, "b is missing; 5 rows were expected." },
        { "a:10:x", "a:10:x", "a:10:x z:1:q", false, 10, 10, 0, "z is in the copy, but never was at the source." },
        { "a:10:x b:5:y", "a:10:x b:6:w", "a:10:x b:5:v", true, 10, 10, 1, null },
        { "a:10:x", "a:10:x new:1:n", "a:10:x", true, 10, 10, 1, null },
        { "a:10:x", "a:10:x new:1:n", "a:10:x new:1:n", true, 10, 10, 1, null },
        { "a:10:x gone:1:g", "a:10:x", "a:10:x gone:1:g", true, 10, 10, 1, null },
        { "a:10:x", "a:11:y", "a:10:x", false, 0, 0, 1, null },
        { "", "", "", true, 0, 0, 0, null },
        { "", "", "a:1:x", false, 0, 0, 0, "a is in the copy, but never was at the source." },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compare_says_what_it_could_compare(string before, string after, string restored, bool proven, long expected, long found, int moving, string? difference)
    {
        var result = Comparison.Compare(Measured(before), Measured(after), Measured(restored));

        result.Proven.ShouldBe(proven);
        (result.RowsExpected, result.RowsFound, result.TablesMoving).ShouldBe((expected, found, moving));
        result.Differences.FirstOrDefault().ShouldBe(difference);
        if (difference is not null)
        {
            result.Reason.ShouldContain(difference);
        }
    }

    [Fact]
    public void Compare_when_every_table_moves_nothing_is_claimed() =>
        Comparison.Compare(Measured("a:1:x"), Measured("a:2:y"), Measured("a:1:x")).Reason
            .ShouldBe("Nothing could be compared: its one table was written to while the snapshot was taken.");

    [Theory]
    [InlineData("sequence value", "41", "41", true)]
    [InlineData("sequence value", "41", "73", true)]
    [InlineData("sequence value", "41", "40", false)]
    [InlineData("AUTO_INCREMENT value", "128", "200", true)]
    [InlineData("AUTO_INCREMENT value", "128", "101", true)]
    [InlineData("AUTO_INCREMENT value", "128", "65", true)]
    [InlineData("AUTO_INCREMENT value", "128", "64", false)]
    [InlineData("AUTO_INCREMENT value", "200000", "134465", true)]
    [InlineData("AUTO_INCREMENT value", "200000", "134464", false)]
    [InlineData("AUTO_INCREMENT value", "18446744073709551615", "18446744073709551614", true)]
    public void Compare_misses_counters_that_would_give_a_value_twice_and_not_what_was_only_reserved(string kind, string source, string copy, bool proven) =>
        Comparison.Compare(Counted(kind, source), Counted(kind, source), Counted(kind, copy)).Differences.ShouldBe(proven ? [] : [$"{kind} part is '{copy}'; '{source}' was expected."]);

    [Fact]
    public void Compare_tells_what_could_not_be_read_and_what_to_look_at()
    {
        var source = Measured("a:1:x") with { Unread = ["triggers (TRIGGER)", "events (EVENT)"], Warnings = ["The archiver fails."] };

        var result = Comparison.Compare(source, source, source);

        result.Proven.ShouldBeTrue();
        result.Reason.ShouldBe("1 table with 1 row is equal. Not compared, since the login may not read it: triggers (TRIGGER), events (EVENT). Warning: The archiver fails.");
        result.Warnings.ShouldBe(["The archiver fails."]);
    }

    [Fact]
    public void Secret_prints_as_stars()
    {
        var login = new DatabaseLogin("prover", new Secret("correct horse"), "orders");

        login.ToString().ShouldContain("***");
        login.ToString().ShouldNotContain("correct horse");
    }

    private static Measurement Counted(string kind, string value) => Measured("part:1:x") with { Objects = [new SchemaObject(kind, "part", value)] };

    private static Measurement Measured(string tables) => new("postgres", "15", DateTimeOffset.UnixEpoch, [.. tables
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => t.Split(':'))
        .Select(t => new TableMeasurement(t[0], long.Parse(t[1], System.Globalization.CultureInfo.InvariantCulture), t[2]))]);
}
