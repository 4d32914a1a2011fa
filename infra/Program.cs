using System.Text.Json;

using Dbre.Infra;
using Dbre.Infra.Sam;

// dotnet run --project infra                      writes the cloud assembly to cdk.out (or $CDK_OUTDIR)
// dotnet run --project infra -- -c account=…      with another context value than cdk.json's
// dotnet run --project infra -- template          rewrites template.yaml
try
{
    var command = CommandLine.Parse(args);
    var root = CommandLine.FindRoot(Directory.GetCurrentDirectory());
    var sources = Sources.Read(root, SettingsReader.Read(CommandLine.ReadContext(root, command.Context)));
    if (command.Template)
    {
        File.WriteAllText(Path.Combine(root, SamTemplate.FileName), SamTemplate.Render(sources));
    }
    else
    {
        CloudApp.Synthesize(sources, Environment.GetEnvironmentVariable("CDK_OUTDIR") ?? Path.Combine(root, "cdk.out"));
    }

    return 0;
}
catch (Exception problem) when (problem is SynthesisException or IOException or JsonException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
