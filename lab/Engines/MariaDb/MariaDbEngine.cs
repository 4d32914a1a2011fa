using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.MariaDb;

/// <summary>Databases as real MariaDB servers.</summary>
public sealed partial class MariaDbEngine : ServerEngine
{
    private readonly MariaDbSite site;

    private MariaDbEngine(MariaDbSite site, ChildProcesses processes)
        : base(site, processes) => this.site = site;

    public override string Family => "mariadb";

    public override string DefaultVersion => site.Tools.Version;

    /// <summary>Sets the engine up in a folder: ends what an earlier lab left running there, removes its state, makes certificates and template.</summary>
    /// <exception cref="EngineException">MariaDB is not installed, or the folder is out of its reach.</exception>
    public static async Task<MariaDbEngine> SetUp(MariaDbOptions options, TimeProvider clock, CancellationToken stop)
    {
        Orphans.End(Path.GetFullPath(options.Root), MariaDbServer.IdFile);
        ServerSite.Clear(options.Root);
        var processes = new ChildProcesses();
        try
        {
            var tools = new MariaDbTools(new ServerPrograms(MariaDbTools.User, "KILL", processes, clock));
            await tools.ReadVersion(stop).ConfigureAwait(false);
            var engine = new MariaDbEngine(new MariaDbSite(options, tools, clock), processes);
            await engine.site.SetUp(stop).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            processes.Dispose();
            throw;
        }
    }

    /// <summary>Only the installed series can be run (10.11); its minor versions are interchangeable.</summary>
    public override bool Supports(string version) => Series(version) == Series(DefaultVersion);

    private static string Series(string version) => string.Join('.', version.Split('.').Take(2));
}
