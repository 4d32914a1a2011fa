using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>Databases as real PostgreSQL servers.</summary>
public sealed partial class PostgreSqlEngine : ServerEngine
{
    private readonly PostgreSqlSite site;

    private PostgreSqlEngine(PostgreSqlSite site, ChildProcesses processes)
        : base(site, processes) => this.site = site;

    public override string Family => "postgres";

    public override string DefaultVersion => site.Tools.Version;

    /// <summary>Sets the engine up in a folder: ends what an earlier lab left running there, removes its state, makes certificates and template.</summary>
    /// <exception cref="EngineException">PostgreSQL is not installed, or the folder is out of its reach.</exception>
    public static async Task<PostgreSqlEngine> SetUp(PostgreSqlOptions options, TimeProvider clock, CancellationToken stop)
    {
        Orphans.End(Path.GetFullPath(options.Root), PostgreSqlServer.IdFile);
        ServerSite.Clear(options.Root);
        var processes = new ChildProcesses();
        try
        {
            var tools = new PostgreSqlTools(options.Bin ?? PostgreSqlTools.FindBin(), new ServerPrograms("postgres", "QUIT", processes, clock));
            await tools.ReadVersion(stop).ConfigureAwait(false);
            var engine = new PostgreSqlEngine(new PostgreSqlSite(options, tools, clock), processes);
            await engine.site.SetUp(stop).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            processes.Dispose();
            throw;
        }
    }

    /// <summary>Only the installed major version can be run; its minor versions are interchangeable.</summary>
    public override bool Supports(string version) => version.Split('.')[0] == DefaultVersion.Split('.')[0];
}
