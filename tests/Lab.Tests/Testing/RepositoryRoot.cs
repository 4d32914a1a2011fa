using Dbre.Infra;

namespace Dbre.Lab.Tests.Testing;

/// <summary>The working tree that the tests run in.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = CommandLine.FindRoot(AppContext.BaseDirectory);

    public static string Of(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}
