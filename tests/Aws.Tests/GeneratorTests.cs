using AwsCompat.Generator;

namespace Dbre.Aws.Tests;

public sealed class GeneratorTests
{
    [Theory]
    [InlineData("DBSnapshotNotFoundFault", "DBSnapshotNotFoundException")]
    [InlineData("ResourceNotFoundException", "ResourceNotFoundException")]
    [InlineData("ExecutionDoesNotExist", "ExecutionDoesNotExistException")]
    public void Exception_class_is_named_as_the_sdk_names_it(string shape, string expected) => Naming.Exception(shape).ShouldBe(expected);

    [Theory]
    [InlineData("ALL_OLD", "ALL_OLD")]
    [InlineData("python3.13", "Python313")]
    [InlineData("aws:kms", "AwsKms")]
    [InlineData("2xlarge", "_2xlarge")]
    [InlineData("Count/Second", "CountSecond")]
    public void Constant_is_named_as_the_sdk_names_it(string value, string expected) => Naming.Constant(value).ShouldBe(expected);

    [Theory]
    [InlineData("""{"shape":"S"}""", "groupName", "GroupName")]
    [InlineData("""{"shape":"S","locationName":"groupDescription"}""", "Description", "GroupDescription")]
    [InlineData("""{"shape":"S","locationName":"vpcId","queryName":"theVpc"}""", "VpcId", "theVpc")]
    [InlineData("""{"shape":"S"}""", "VpcId", null)]
    public void Key_of_an_EC2_request_is_the_query_name_or_the_name_with_a_capital(string member, string name, string? expected) =>
        Naming.Ec2Key(new MemberDefinition(name, System.Text.Json.Nodes.JsonNode.Parse(member)!.AsObject(), required: false, payload: false)).ShouldBe(expected);

    [Theory]
    [InlineData("""{"type":"structure","members":{"A":{"shape":"S","streaming":true}}}""", "streaming")]
    [InlineData("""{"type":"structure","members":{"A":{"shape":"S","location":"headers"}}}""", "headers")]
    [InlineData("""{"type":"structure","members":{},"eventstream":true}""", "eventstream")]
    [InlineData("""{"type":"timestamp","timestampFormat":"iso8601"}""", "timestampFormat")]
    public void Trait_that_the_generator_does_not_know_is_refused_by_name(string shape, string named)
    {
        var model = $$$"""{"metadata":{},"operations":{},"pagination":{},"shapes":{"S":{"type":"string"},"X":{{{shape}}}}}""";

        Should.Throw<InvalidDataException>(() => Read(model)).Message.ShouldContain(named);
    }

    [Fact]
    public void Type_that_the_generator_does_not_know_is_refused_by_name()
    {
        const string Model = """
            {"metadata":{"protocol":"json","serviceId":"T","endpointPrefix":"t","apiVersion":"1"},"pagination":{},
             "operations":{"Do":{"http":{"method":"POST","requestUri":"/"},"input":{"shape":"In"}}},
             "shapes":{"In":{"type":"structure","members":{"A":{"shape":"Free"}}},"Free":{"type":"document"}}}
            """;

        Should.Throw<InvalidDataException>(() => ClientFile.Emit(Read(Model), "Amazon.T", "T")).Message.ShouldContain("document");
    }

    private static ServiceDefinition Read(string model)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, model);
            return ServiceDefinition.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
