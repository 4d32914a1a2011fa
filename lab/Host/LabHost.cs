using AwsCompat.Server;

using Dbre.Lab.Deployment;
using Dbre.Lab.Engines;
using Dbre.Lab.Engines.MariaDb;
using Dbre.Lab.Engines.PostgreSql;
using Dbre.Lab.Services;
using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.Identity;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Services.Scheduler;

namespace Dbre.Lab.Host;

/// <summary>A whole lab: the emulated cloud behind its loopback port, real database servers, the stacks deployed. Disposing it leaves nothing behind.</summary>
public sealed class LabHost : IAsyncDisposable
{
    private const string Administrator = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";
    private const string ControlPath = "/_lab/";
    private const string RuntimePath = "/_runtime/";

    private readonly LabOptions options;
    private readonly PostgreSqlEngine engine;
    private readonly MariaDbEngine mariaDb;
    private LoopbackPort? port;
    private ProcessFunctionHost? functions;

    private LabHost(LabOptions options, TimeProvider clock, PostgreSqlEngine engine, MariaDbEngine mariaDb)
    {
        this.options = options;
        this.engine = engine;
        this.mariaDb = mariaDb;
        World = new World(clock, options.Seed);
        Gateway = new ServiceGateway(World, ServiceWires.All, (what, _) => Problems.Enqueue(what)) { Observe = call => Observed?.Invoke(call) };
    }

    public World World { get; }

    public ServiceGateway Gateway { get; }

    /// <summary>Told of every call that reached a service.</summary>
    public event Action<ObservedCall>? Observed;

    /// <summary>Faults of the lab itself; none is the rule.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Problems { get; } = new();

    public Uri Address => port!.Address;

    /// <summary>Ends when somebody asked the lab to stop, through its port.</summary>
    public TaskCompletionSource StopAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The certificates that the databases' clients must trust, all in one file, as AWS's bundle for RDS is.</summary>
    public string DatabaseAuthorityFile => Path.Combine(options.StateFolder, "rds-ca-bundle.pem");

    public PostgreSqlEngine Engine => engine;

    public MariaDbEngine MariaDb => mariaDb;

    public ProcessFunctionHost Functions => functions!;

    /// <summary>Whether all is deployed: the port answers before that, since the functions' processes need it.</summary>
    public bool Ready { get; private set; }

    /// <summary>The names of the deployed stacks.</summary>
    public string Deployed { get; private set; } = "nothing";

    /// <exception cref="LabException">It cannot be set up; one sentence says why.</exception>
    public static async Task<LabHost> Start(LabOptions options, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            var (engine, mariaDb) = await Engines(options, clock, stop).ConfigureAwait(false);
            var lab = new LabHost(options, clock, engine, mariaDb);
            try
            {
                await lab.Open().ConfigureAwait(false);
                return lab;
            }
            catch
            {
                await lab.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception wrong) when (wrong is EngineException or DeploymentException)
        {
            throw new LabException(wrong.Message);
        }
    }

    /// <summary>Fires a schedule now, for a time of the caller's choosing.</summary>
    public Task FireSchedule(string account, string region, string group, string name, DateTimeOffset scheduledTime) =>
        World.Service<SchedulerService>().FireNow(account, region, group, name, scheduledTime);

    public async ValueTask DisposeAsync()
    {
        functions?.Dispose();
        if (port is not null)
        {
            await port.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var service in World.Services.Values.OfType<IDisposable>())
        {
            service.Dispose();
        }

        await engine.DisposeAsync().ConfigureAwait(false);
        await mariaDb.DisposeAsync().ConfigureAwait(false);
        if (Directory.Exists(options.StateFolder))
        {
            Directory.Delete(options.StateFolder, recursive: true);
        }
    }

    // Both make their templates at the same time.
    private static async Task<(PostgreSqlEngine PostgreSql, MariaDbEngine MariaDb)> Engines(LabOptions options, TimeProvider clock, CancellationToken stop)
    {
        var postgreSql = PostgreSqlEngine.SetUp(new PostgreSqlOptions(Path.Combine(options.StateFolder, "postgres")), clock, stop);
        var mariaDb = MariaDbEngine.SetUp(new MariaDbOptions(Path.Combine(options.StateFolder, "mariadb")), clock, stop);
        try
        {
            await Task.WhenAll(postgreSql, mariaDb).ConfigureAwait(false);
            return (await postgreSql.ConfigureAwait(false), await mariaDb.ConfigureAwait(false));
        }
        catch
        {
            await Discard(postgreSql).ConfigureAwait(false);
            await Discard(mariaDb).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task Discard<T>(Task<T> made)
        where T : IDatabaseEngine
    {
        if (made.IsCompletedSuccessfully)
        {
            await (await made.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task Open()
    {
        var authorities = await Task.WhenAll(((string[])[engine.AuthorityFile, mariaDb.AuthorityFile]).Select(f => File.ReadAllTextAsync(f))).ConfigureAwait(false);
        await File.WriteAllTextAsync(DatabaseAuthorityFile, string.Concat(authorities)).ConfigureAwait(false);
        port = await LoopbackPort.Open(options.Port, Answer).ConfigureAwait(false);
        functions = new ProcessFunctionHost(World, Address);
        EmulatedServices.AddTo(World, functions, new RdsService(World, engine, mariaDb) { LogUpload = TimeSpan.FromSeconds(1) }, new CloudWatchService(World), TablePace.OneSecond);
        Operator("111111111111", "lab");
        Operator("222222222222", "lab2");
        var plan = DeploymentPlan.Read(options.AssemblyFolder, new Dictionary<string, string> { ["DatabaseCaFile"] = DatabaseAuthorityFile });
        var stacks = await new LabDeployment(World).Deploy(plan).ConfigureAwait(false);
        Deployed = string.Join(", ", stacks.Keys);
        Ready = true;
    }

    private void Operator(string account, string key) => World.Iam.CreateUser(
        account, "operator", key, key, new Dictionary<string, PolicyDocument> { ["administrator"] = PolicyDocument.Parse(Administrator) });

    private Task<WireResponse> Answer(WireRequest request) => request.Path switch
    {
        var path when path.StartsWith(RuntimePath, StringComparison.Ordinal) => Functions.Serve(request),
        var path when path.StartsWith(ControlPath, StringComparison.Ordinal) => Task.FromResult(LabControl.Answer(this, request)),
        _ => Gateway.Handle(request),
    };
}
