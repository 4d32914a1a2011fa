using Amazon.RDS.Model;

namespace Dbre.Services.Tests.Rds;

/// <summary>Which instance classes are sold: what can be ordered can be made, and nothing else.</summary>
public sealed class InstanceClassTests
{
    private readonly RdsLab lab = new();

    [Fact]
    public async Task What_is_sold_for_an_engine_comes_in_pages_and_can_be_asked_for_by_name()
    {
        var first = await lab.Home.DescribeOrderableDBInstanceOptionsAsync(new DescribeOrderableDBInstanceOptionsRequest { Engine = "postgres", MaxRecords = 20 });
        var second = await lab.Home.DescribeOrderableDBInstanceOptionsAsync(new DescribeOrderableDBInstanceOptionsRequest { Engine = "postgres", MaxRecords = 20, Marker = first.Marker });
        var one = (await lab.Home.DescribeOrderableDBInstanceOptionsAsync(new DescribeOrderableDBInstanceOptionsRequest { Engine = "aurora-postgresql", DBInstanceClass = "db.r6g.large" }))
            .OrderableDBInstanceOptions.ShouldHaveSingleItem();

        first.OrderableDBInstanceOptions.Count.ShouldBe(20);
        first.OrderableDBInstanceOptions.Concat(second.OrderableDBInstanceOptions).Select(o => o.DBInstanceClass).ShouldBeUnique();
        (one.Engine, one.DBInstanceClass, one.EngineVersion, one.Vpc).ShouldBe(("aurora-postgresql", "db.r6g.large", lab.Engine.DefaultVersion, true));
        one.AvailabilityZones.Select(z => z.Name).ShouldBe(["us-east-1a", "us-east-1b", "us-east-1c"]);
    }

    [Theory]
    [InlineData("postgres", "db.m1.small", null)]
    [InlineData("aurora-postgresql", "db.t4g.micro", null)]
    [InlineData("postgres", "db.t4g.micro", "1.0")]
    public async Task What_is_not_sold_has_no_options_and_that_is_no_error(string engine, string instanceClass, string? version) =>
        (await lab.Home.DescribeOrderableDBInstanceOptionsAsync(new DescribeOrderableDBInstanceOptionsRequest { Engine = engine, DBInstanceClass = instanceClass, EngineVersion = version }))
            .OrderableDBInstanceOptions.ShouldBeNull();

    [Theory]
    [InlineData(null, "MissingParameter")]
    [InlineData("dbase", "InvalidParameterValue")]
    public async Task An_engine_has_to_be_said(string? engine, string code) =>
        (await RdsLab.Refused(lab.Home.DescribeOrderableDBInstanceOptionsAsync(new DescribeOrderableDBInstanceOptionsRequest { Engine = engine }))).Code.ShouldBe(code);

    [Fact]
    public async Task Who_has_a_class_that_is_sold_no_more_keeps_it_and_gets_no_second()
    {
        await lab.Created("db");
        lab.Rds.EndedClasses.Add("db.t4g.micro");
        lab.Pass(600);

        foreach (var order in (Func<Task>[])
        [
            () => lab.Home.CreateDBInstanceAsync(RdsLab.Instance("other")),
            () => lab.Home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest { SourceDBInstanceIdentifier = "db", TargetDBInstanceIdentifier = "back", UseLatestRestorableTime = true }),
        ])
        {
            var (code, message) = await RdsLab.Refused(order());
            code.ShouldBe("InvalidParameterCombination");
            message.ShouldContain("DBInstanceClass=db.t4g.micro, Engine=postgres");
        }

        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", DBInstanceClass = "db.t4g.micro", ApplyImmediately = true });
        (await RdsLab.Described(lab.Home, "db")).DBInstanceClass.ShouldBe("db.t4g.micro");
    }
}
