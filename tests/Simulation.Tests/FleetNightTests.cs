using Dbre.Lab.Nights;

namespace Dbre.Simulation.Tests;

/// <summary>A fleet's night in small. In an hour AWS's quotas carry one round of copies to a destination: 20 instances and 5 clusters.</summary>
public sealed class FleetNightTests
{
    private const int Accounts = 2, Fitting = 25, WindowHours = 1;

    [Fact]
    public void A_fleet_that_fits_is_proven_within_the_window_and_nothing_is_refused()
    {
        var result = FleetNight.Run(new FleetNightOptions(1, Accounts, Fitting, WindowHours, CloudAssemblyFolder.Path), null, CancellationToken.None);

        result.Accounts.SelectMany(a => a.Violations).ShouldBeEmpty();
        result.Accounts.Select(a => (a.Admitted, a.Proven, a.Deferred, a.UnmetNotAnnounced)).Distinct().ShouldBe([(Fitting, Fitting, 0, 0)]);
        result.Usage.LastProvenAfter!.Value.ShouldBeInRange(TimeSpan.FromMinutes(10), TimeSpan.FromHours(WindowHours));
        result.Held.ShouldBeTrue();
    }

    [Fact]
    public void Of_four_times_as_many_those_are_unmet_that_were_announced_and_no_others()
    {
        var result = FleetNight.Run(new FleetNightOptions(1, Accounts, 4 * Fitting, WindowHours, CloudAssemblyFolder.Path), null, CancellationToken.None);

        result.Accounts.SelectMany(a => a.Violations).ShouldBeEmpty();
        result.Accounts.Select(a => (a.Admitted, a.Proven, a.Deferred, a.UnmetNotAnnounced)).Distinct().ShouldBe([(Fitting, Fitting, 3 * Fitting, 0)]);
        result.Held.ShouldBeTrue();
    }

    [Fact]
    public void The_bill_is_quantity_times_the_published_price()
    {
        var usage = new NightUsage
        {
            Transitions = 4000, Invocations = 2_000_000, GigabyteSeconds = 60_000,
            CallsByName = new Dictionary<string, long> { ["dynamodb:UpdateItem"] = 999_996, ["dynamodb:TransactWriteItems"] = 1, ["s3:PUT"] = 2000, ["rds:DescribeDBSnapshots"] = 1_000_000 },
        };

        var bill = NightCost.Of(usage).Where(line => line.Quantity > 0).ToDictionary(line => line.Name, line => Math.Round(line.Dollars, 6));

        bill.ShouldBe(new Dictionary<string, double>
        {
            ["stepFunctionsTransitions"] = 0.1, ["lambdaRequests"] = 0.4, ["lambdaDuration"] = 1.000002, ["dynamoDbWrites"] = 0.625, ["s3Writes"] = 0.01,
        }, ignoreOrder: true);
    }
}
