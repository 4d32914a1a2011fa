using System.Collections.Concurrent;

using Amazon.Runtime;

using Dbre.Lab.Host;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Tests.Testing;

/// <summary>
/// A whole lab for the tests of a class: the synthesized stacks deployed, the published functions as processes, PostgreSQL servers, on a free
/// port and in a folder of its own. Databases are small; what is proven of them does not depend on their size.
/// </summary>
public sealed partial class NightLab : IAsyncDisposable
{
    public const string Account = "111111111111", OtherAccount = "222222222222", Region = "us-east-1", RecoveryRegion = "eu-west-1";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6), Look = TimeSpan.FromMilliseconds(50);
    private readonly LabHost host;
    private readonly ConcurrentQueue<ObservedCall> calls = new();

    private NightLab(LabHost host)
    {
        this.host = host;
        host.Observed += call =>
        {
            calls.Enqueue(call);
            Intervene(call);
        };
    }

    /// <summary>Every call so far that reached a service, in the order of their answers.</summary>
    public IReadOnlyList<ObservedCall> Calls => [.. calls];

    /// <summary>What a role asked for and may not do.</summary>
    public IReadOnlyList<Denial> Denials => host.World.Iam.Denials;

    /// <param name="assembly">Null is the one that <c>./dbre</c> synthesizes.</param>
    public static async Task<NightLab> Start(string? assembly = null)
    {
        var state = Path.Combine(Path.GetTempPath(), "dbre-lab-tests-" + Path.GetRandomFileName());
        return new NightLab(await LabHost.Start(new LabOptions(0, state, assembly ?? RepositoryRoot.Of("cdk.out")), TimeProvider.System, default));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        host.Problems.ShouldBeEmpty();
    }

    /// <summary>Ends the processes of a function as a crash would.</summary>
    public void Kill(string function) => host.Functions.Kill(function);

    private TConfig At<TConfig>(string region) where TConfig : ClientConfig, new() => new() { ServiceURL = host.Address.ToString(), AuthenticationRegion = region };

    private static BasicAWSCredentials Operator(string account) => account == Account ? new("lab", "lab") : new("lab2", "lab2");

    /// <summary>There is nothing to wait on but the answer: asks until it is there.</summary>
    private static async Task<T> Until<T>(Func<Task<T?>> answer, string what) where T : class
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        while (!limit.IsCancellationRequested)
        {
            if (await answer() is { } there)
            {
                return there;
            }

            await Task.Delay(Look, TimeProvider.System);
        }

        throw new TimeoutException($"{what} did not happen within {Limit}.");
    }
}
