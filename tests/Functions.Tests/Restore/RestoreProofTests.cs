using Dbre.Functions.Core.Proof;
using Dbre.Functions.Restore;

namespace Dbre.Functions.Tests.Restore;

public sealed class RestoreProofTests
{
    private static readonly DateTimeOffset To = new(2026, 11, 21, 2, 12, 59, TimeSpan.Zero);
    private static readonly Measurement Found = new("postgres", "15", To, [new("app.public.orders", 10, "77"), new("app.public.lines", 30, "78")], To.AddSeconds(-2.5));

    [Fact]
    public void What_is_as_it_was_written_down_is_proven()
    {
        var proof = RestoreProof.Of([new ExpectedTable("app.public.orders", 10, "77")], Found, To);

        proof.ShouldBe(new RestoreProof(true, "1 table with 10 rows is as it was written down.", 10, 10, true, 2, 1, 2.5, proof.Differences));
        proof.Differences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("app.public.orders", 11, null, "app.public.orders has 10 rows; 11 were expected.")]
    [InlineData("app.public.orders", 10, "76", "app.public.orders has its 10 rows, but their checksum differs.")]
    [InlineData("app.public.gone", 1, null, "app.public.gone is missing; 1 row was expected.")]
    public void What_differs_is_named(string table, long rows, string? checksum, string difference)
    {
        var proof = RestoreProof.Of([new ExpectedTable(table, rows, checksum)], Found, To);

        proof.Proven.ShouldBeFalse();
        proof.Differences.ShouldBe([difference]);
        proof.Reason.ShouldContain(difference);
    }

    [Fact]
    public void What_a_witness_counted_is_read_in_full_and_samples_are_told_where_nobody_did()
    {
        RestoreProof.Samples([new ExpectedTable("app.public.orders", 10)]).ShouldNotBeNull().ShouldBeEmpty();
        RestoreProof.Samples([]).ShouldBeNull();

        RestoreProof.Of([], Found with { Tables = [Found.Tables[0] with { Sampled = true }] }, To).Reason
            .ShouldBe("1 table with 10 rows was read; nothing was given to compare them with. Only samples were read of app.public.orders.");
    }

    [Fact]
    public void With_nothing_written_down_it_says_that_nothing_was_compared()
    {
        var proof = RestoreProof.Of([], Found, null);

        (proof.Proven, proof.RowsExpected, proof.RowsFound, proof.ChecksumsEqual, proof.RpoSeconds).ShouldBe((true, null, 40, null, null));
        proof.Reason.ShouldContain("nothing was given to compare them with");
    }

    [Theory]
    [InlineData(-2.5, 2.5)]
    [InlineData(0.4, 0.0)]
    [InlineData(3600, null)]
    public void What_was_lost_is_measured_by_the_last_sign_of_life_unless_its_clock_is_another(double signAfterSeconds, double? rpoSeconds)
    {
        var proof = RestoreProof.Of([], Found with { Canary = To.AddSeconds(signAfterSeconds) }, To);

        (proof.Proven, proof.RpoSeconds).ShouldBe((true, rpoSeconds));
        proof.Reason.Contains(
            " Its last sign of life says 2026-11-21T03:12:59.000Z, which is after the 2026-11-21T02:12:59.000Z asked for, so what was lost is not measured.", StringComparison.Ordinal).ShouldBe(rpoSeconds is null);
    }

    [Fact]
    public void Rows_alone_say_nothing_of_checksums() => RestoreProof.Of([new ExpectedTable("app.public.orders", 10)], Found, To).ChecksumsEqual.ShouldBeNull();
}
