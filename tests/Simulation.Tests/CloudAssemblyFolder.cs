namespace Dbre.Simulation.Tests;

/// <summary>The cloud assembly that the CDK app synthesized when the project was built.</summary>
internal static class CloudAssemblyFolder
{
    internal static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Serverless.sln")))
            {
                return System.IO.Path.Combine(folder.FullName, "cdk.out");
            }
        }

        throw new InvalidOperationException("The tests run inside the repository: no folder above them has Serverless.sln.");
    }
}
