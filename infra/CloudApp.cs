using Amazon.CDK;

using Dbre.Infra.Stacks;

using Environment = System.Environment;

namespace Dbre.Infra;

/// <summary>The CDK app: the stacks that the sources call for, written as one cloud assembly.</summary>
public static class CloudApp
{
    /// <summary>jsii has one kernel in a process, which answers one call at a time; tests synthesize side by side.</summary>
    private static readonly Lock Kernel = new();

    /// <summary>Synthesizes into a folder, without the CDK CLI.</summary>
    /// <param name="sources">What to deploy.</param>
    /// <param name="outputFolder">Where <c>manifest.json</c> and the templates go.</param>
    /// <exception cref="SynthesisException">The sources do not make a deployable system.</exception>
    public static void Synthesize(Sources sources, string outputFolder)
    {
        lock (Kernel)
        {
            Write(sources, outputFolder);
        }
    }

    private static void Write(Sources sources, string outputFolder)
    {
        // jsii writes a banner to stderr for a Node release that it knows to be old, and works with it all the same.
        Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");

        // No analytics, tree or stack traces: the same sources give the same bytes.
        var app = new App(new AppProps { Outdir = outputFolder, AnalyticsReporting = false, TreeMetadata = false, StackTraces = false });
        _ = new PrimaryStack(app, sources);
        foreach (var region in sources.RecoveryRegions())
        {
            _ = new RecoveryStack(app, sources, region);
        }

        var withRole = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (account, region) in sources.OtherAccountRegions())
        {
            _ = new TargetAccountStack(app, sources, account, region, withRole.Add(account));
        }

        app.Synth();
    }
}
