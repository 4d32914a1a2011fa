using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.S3.Assets;

using Constructs;

using Dbre.Infra.Naming;

using Environment = Amazon.CDK.Environment;

namespace Dbre.Infra.Stacks;

/// <summary>What the stacks have in common.</summary>
internal static class StackDefaults
{
    public static StackProps Props(string account, string region, string description) => new()
    {
        Env = new Environment { Account = account, Region = region },
        Description = description,
        TerminationProtection = true,
        // Without the bootstrap version parameter: the CLI checks the version when it deploys, and nothing else needs it.
        Synthesizer = new DefaultStackSynthesizer(new DefaultStackSynthesizerProps { GenerateBootstrapVersionRule = false }),
    };

    public static Deployed Names(string account, string region) => new(Aws.PARTITION, account, region);

    /// <summary>The file with the certificate authorities of the databases, relative to the function's folder or absolute.</summary>
    public static string DatabaseCaFile(Construct stack) => new CfnParameter(stack, "DatabaseCaFile", new CfnParameterProps
    {
        Type = "String",
        Default = "rds-ca-bundle.pem",
        Description = "The certificate authorities that the functions trust when they connect to a database.",
    }).ValueAsString;

    /// <summary>A domain's artifact as one asset per stack, whatever number of functions run from it.</summary>
    public static Func<string, CfnFunction.CodeProperty> Assets(Construct stack, Sources sources)
    {
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        return domain =>
        {
            if (!assets.TryGetValue(domain, out var asset))
            {
                var folder = sources.ArtifactOf(domain);
                if (!Directory.Exists(folder))
                {
                    throw new SynthesisException($"{domain}: its published artifact {folder} does not exist; publish it with: dotnet publish functions/{domain} -r linux-x64");
                }

                assets[domain] = asset = new Asset(stack, $"{domain}Artifact", new AssetProps { Path = folder });
            }

            return new CfnFunction.CodeProperty { S3Bucket = asset.S3BucketName, S3Key = asset.S3ObjectKey };
        };
    }
}
