namespace Dbre.Aws.Tests.Conformance;

/// <summary>A test that runs only where boto3 is installed, and says so where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class Boto3FactAttribute : FactAttribute
{
    public Boto3FactAttribute() => Skip = Boto3.Missing!;
}
