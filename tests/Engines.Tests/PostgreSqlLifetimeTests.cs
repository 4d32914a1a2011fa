using System.Diagnostics;
using System.Globalization;

using Dbre.Lab.Engines;
using Dbre.Lab.Engines.PostgreSql;

namespace Dbre.Engines.Tests;

public sealed class PostgreSqlLifetimeTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), "dbre-engines-" + Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Dispose_ends_the_servers_and_removes_the_folder()
    {
        var (engine, process) = await Running();

        await engine.DisposeAsync();

        (await HasEnded(process)).ShouldBeTrue();
        Directory.Exists(root).ShouldBeFalse();
    }

    [Fact]
    public async Task Setting_up_again_ends_servers_that_were_left_behind()
    {
        var (left, process) = await Running();

        await using var next = await PostgreSqlEngine.SetUp(new PostgreSqlOptions(root), TimeProvider.System, default);

        (await HasEnded(process)).ShouldBeTrue();
        next.AuthorityFile.ShouldSatisfyAllConditions(f => File.Exists(f).ShouldBeTrue());
        await left.DisposeAsync();
    }

    private async Task<(PostgreSqlEngine Engine, Process Process)> Running()
    {
        var engine = await PostgreSqlEngine.SetUp(new PostgreSqlOptions(root), TimeProvider.System, default);
        await engine.Create(new DatabaseSpec("db-1", engine.DefaultVersion, "app", "long enough", null), default);
        var id = (await File.ReadAllLinesAsync(Path.Combine(engine.DatabaseFolder("db-1"), "data", "postmaster.pid")))[0];
        return (engine, Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)));
    }

    private static async Task<bool> HasEnded(Process process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await process.WaitForExitAsync(limit.Token);
        return process.HasExited;
    }
}
