using AwsCompat.Server;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Signing;
using Dbre.Lab.Simulation;

namespace Dbre.Services.Tests.Core;

/// <summary>Signature Version 4 against the cases of AWS's published test suite (signed for 2015-08-30 12:36:00, us-east-1, "service").</summary>
public sealed class SignatureTests
{
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly DateTimeOffset SignedAt = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("get-vanilla", "GET", "/", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-empty-query-key", "GET", "/", "Param1=value1", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/", "Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-query-order-value", "GET", "/", "Param1=value2&Param1=value1", "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694")]
    [InlineData("get-vanilla-query-unreserved", "GET", "/", Unreserved + "=" + Unreserved, "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197")]
    [InlineData("get-vanilla-utf8-query", "GET", "/", "\u1234=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")]
    [InlineData("get-unreserved-utf8", "GET", "/\u1234", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")]
    [InlineData("get-space", "GET", "/example space/", "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741")]
    [InlineData("get-relative", "GET", "/example/..", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-relative-relative", "GET", "/example1/example2/../..", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-slash", "GET", "//", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-slash-dot-slash", "GET", "/./", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-slash-pointless-dot", "GET", "/./example", "", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5")]
    [InlineData("post-vanilla", "POST", "/", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void Verify_published_case_is_accepted(string name, string method, string path, string query, string signature)
    {
        var request = Request(method, path, query, "host;x-amz-date", signature);

        Should.NotThrow(() => Verify(request), name);
    }

    [Fact]
    public void Verify_published_case_with_untrimmed_headers_is_accepted()
    {
        var request = Request("GET", "/", "", "host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            ("My-Header1", " value1"), ("My-Header2", " \"a   b   c\""));

        Should.NotThrow(() => Verify(request));
    }

    [Fact]
    public void Verify_published_case_with_a_body_is_accepted()
    {
        var request = Request("POST", "/", "", "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ("Content-Type", "application/x-www-form-urlencoded")) with { Body = "Param1=value1"u8.ToArray() };

        Should.NotThrow(() => Verify(request));
        Refusal(request with { Body = "Param1=value2"u8.ToArray() }).Code.ShouldBe("InvalidSignatureException");
    }

    [Theory]
    [InlineData("rds", "SignatureDoesNotMatch", 403)]
    [InlineData("dynamodb", "InvalidSignatureException", 400)]
    [InlineData("s3", "RequestTimeTooSkewed", 403)]
    public void Refusal_of_a_request_signed_six_minutes_ago_has_the_code_of_the_protocol(string service, string code, int status)
    {
        var refusal = Refusal(Request("GET", "/", "", "host;x-amz-date", new string('0', 64)), SignedAt.AddMinutes(6), service);

        refusal.Code.ShouldBe(code);
        refusal.Status.ShouldBe(status);
    }

    [Fact]
    public void Verify_signature_of_four_minutes_ahead_is_accepted()
    {
        var request = Request("GET", "/", "", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");

        Should.NotThrow(() => Verify(request, SignedAt.AddMinutes(-4)));
        Should.Throw<SignatureException>(() => Verify(request, SignedAt.AddMinutes(-6))).Message.ShouldStartWith("Signature not yet current: 20150830T123600Z");
    }

    [Fact]
    public void Verify_unknown_key_is_refused_without_a_hint()
    {
        var request = Request("GET", "/", "", "host;x-amz-date", "x", ("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDOTHER/20150830/us-east-1/rds/aws4_request, SignedHeaders=host;x-amz-date, Signature=0"));

        Refusal(request, service: "rds").Code.ShouldBe("InvalidClientTokenId");
    }

    [Fact]
    public void Verify_unknown_region_is_refused_by_name()
    {
        var request = Request("GET", "/", "", "host;x-amz-date", "x", ("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-west-9/rds/aws4_request, SignedHeaders=host;x-amz-date, Signature=0"));

        Refusal(request, service: "rds").Message.ShouldStartWith("Credential should be scoped to a valid region; 'us-west-9' is none of: ");
    }

    private static WireRequest Request(string method, string path, string query, string signedHeaders, string signature, params (string Name, string Value)[] more)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Host"] = "example.amazonaws.com",
            ["X-Amz-Date"] = "20150830T123600Z",
            ["Authorization"] = $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={signedHeaders}, Signature={signature}",
        };
        foreach (var (name, value) in more)
        {
            headers[name] = value;
        }

        return new WireRequest(method, path, query, headers, default);
    }

    private static void Verify(WireRequest request, DateTimeOffset? now = null)
    {
        var world = new World(new VirtualClock(now ?? SignedAt), 1);
        world.Iam.CreateUser("111111111111", "example", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        new SignatureCheck(world, world.Clock).Verify(SignatureClaim.Read(request)!, request);
    }

    private static ServiceException Refusal(WireRequest request, DateTimeOffset? now = null, string service = "service") =>
        Should.Throw<SignatureException>(() => Verify(request, now)).For(service);
}
