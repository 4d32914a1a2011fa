using System.Text.Json;
using Dbre.Lab.Services.Events.Patterns;

namespace Dbre.Services.Tests.Events;

public sealed class EventPatternTests
{
    // Of an AWS service event, and of what users send.
    private const string Event = """
        {
          "source": "aws.rds", "detail-type": "RDS DB Snapshot Event", "account": "111111111111",
          "resources": ["arn:aws:rds:us-east-1:111111111111:snapshot:rds:orders", "arn:aws:rds:us-east-1:111111111111:db:orders"],
          "detail": {
            "EventID": "RDS-EVENT-0091", "Message": "Manual snapshot created", "size": 300, "ratio": -1.5, "empty": "", "nothing": null, "done": true,
            "from": "10.0.0.77", "path": "/a/*/b", "none": [],
            "copies": [{"region": "eu-west-1", "state": "failed"}, {"region": "us-west-2", "state": "available"}]
          }
        }
        """;

    // pattern, matches
    public static TheoryData<string, bool> Cases => new()
    {
        { """{"source":["aws.rds"]}""", true },
        { """{"source":["aws.ec2","aws.rds"]}""", true },
        { """{"source":["aws"]}""", false },
        { """{"source":["aws.rds"],"detail":{"EventID":["RDS-EVENT-0042"]}}""", false },
        { """{"detail":{"absent":["x"]}}""", false },
        { """{"resources":["arn:aws:rds:us-east-1:111111111111:db:orders"]}""", true },
        { """{"detail":{"size":[300]}}""", true },
        { """{"detail":{"size":["300"]}}""", false },
        { """{"detail":{"size":[300.0]}}""", false },
        { """{"detail":{"done":[true],"nothing":[null],"empty":[""]}}""", true },
        { """{"detail":{"done":["true"]}}""", false },
        // Of a list of objects one must have it all.
        { """{"detail":{"copies":{"region":["eu-west-1"],"state":["failed"]}}}""", true },
        { """{"detail":{"copies":{"region":["eu-west-1"],"state":["available"]}}}""", false },

        { """{"detail":{"EventID":[{"prefix":"RDS-EVENT-"}]}}""", true },
        { """{"detail":{"EventID":[{"prefix":"rds-event-"}]}}""", false },
        { """{"detail":{"EventID":[{"prefix":{"equals-ignore-case":"rds-event-"}}]}}""", true },
        { """{"detail":{"EventID":[{"suffix":"91"}]}}""", true },
        { """{"detail":{"EventID":[{"suffix":{"equals-ignore-case":"t-0091"}}]}}""", true },
        { """{"detail":{"size":[{"prefix":"3"}]}}""", false },
        { """{"detail":{"Message":[{"equals-ignore-case":"MANUAL SNAPSHOT CREATED"}]}}""", true },

        { """{"resources":[{"wildcard":"arn:aws:rds:*:*:db:*"}]}""", true },
        { """{"resources":[{"wildcard":"arn:aws:rds:*:cluster:*"}]}""", false },
        { """{"detail":{"EventID":[{"wildcard":"*0091"}]}}""", true },
        { """{"detail":{"EventID":[{"wildcard":"RDS-EVENT-0091*0091"}]}}""", false },
        { """{"detail":{"path":[{"wildcard":"/a/\\*/*"}]}}""", true },
        { """{"detail":{"EventID":[{"wildcard":"\\*0091"}]}}""", false },

        { """{"detail":{"EventID":[{"anything-but":"RDS-EVENT-0042"}]}}""", true },
        { """{"detail":{"EventID":[{"anything-but":["RDS-EVENT-0042","RDS-EVENT-0091"]}]}}""", false },
        { """{"detail":{"size":[{"anything-but":[301,302]}]}}""", true },
        { """{"detail":{"absent":[{"anything-but":"x"}]}}""", false },
        { """{"detail":{"EventID":[{"anything-but":{"prefix":"RDS"}}]}}""", false },
        { """{"detail":{"EventID":[{"anything-but":{"suffix":["42","43"]}}]}}""", true },
        { """{"detail":{"Message":[{"anything-but":{"equals-ignore-case":"manual snapshot created"}}]}}""", false },
        { """{"detail":{"Message":[{"anything-but":{"wildcard":"*deleted"}}]}}""", true },

        { """{"detail":{"size":[{"numeric":["=",300.0]}]}}""", true },
        { """{"detail":{"size":[{"numeric":[">",300]}]}}""", false },
        { """{"detail":{"size":[{"numeric":[">=",300,"<",301]}]}}""", true },
        { """{"detail":{"ratio":[{"numeric":["<=",-1.5]}]}}""", true },
        { """{"detail":{"Message":[{"numeric":[">",0]}]}}""", false },

        { """{"detail":{"EventID":[{"exists":true}]}}""", true },
        { """{"detail":{"absent":[{"exists":false}]}}""", true },
        { """{"absent":{"deep":[{"exists":false}]}}""", true },
        { """{"detail":{"none":[{"exists":false}]}}""", true },
        // Only leaves exist.
        { """{"detail":[{"exists":true}]}""", false },
        { """{"detail":{"nothing":[{"exists":true}]}}""", true },

        { """{"detail":{"from":[{"cidr":"10.0.0.64/26"}]}}""", true },
        { """{"detail":{"from":[{"cidr":"10.0.1.0/24"}]}}""", false },
        { """{"detail":{"from":[{"cidr":"2001:db8::/32"}]}}""", false },

        { """{"detail":{"EventID":["x",{"prefix":"RDS"}]}}""", true },
        { """{"source":["aws.rds"],"$or":[{"account":["2"]},{"detail":{"size":[{"numeric":[">",1]}]}}]}""", true },
        { """{"source":["aws.rds"],"$or":[{"account":["2"]},{"detail":{"size":[1]}}]}""", false },
        { """{"detail":{"$or":[{"EventID":["x"]},{"done":[true]}]}}""", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_goes_by_the_documented_operators(string pattern, bool expected)
    {
        using var document = JsonDocument.Parse(Event);
        EventPattern.Parse(pattern).Matches(document.RootElement).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{", "it is not JSON")]
    [InlineData("[]", "the pattern must be an object")]
    [InlineData("{}", "the pattern is an empty object")]
    [InlineData("""{"source":"aws.rds"}""", "'source' must be a list of values or an object")]
    [InlineData("""{"source":[]}""", "'source' is an empty list")]
    [InlineData("""{"detail":{}}""", "'detail' is an empty object")]
    [InlineData("""{"source":["a"],"source":["b"]}""", "names 'source' twice")]
    [InlineData("""{"source":[["a"]]}""", "the list of 'source' holds a list")]
    [InlineData("""{"source":[{"regex":"a"}]}""", "the operator 'regex' in 'source' is not known")]
    [InlineData("""{"source":[{"prefix":"a","suffix":"b"}]}""", "an operator of 'source' has 2 names")]
    [InlineData("""{"source":[{"prefix":1}]}""", "prefix in 'source' must be a string")]
    [InlineData("""{"source":[{"exists":"yes"}]}""", "exists in 'source' must be true or false")]
    [InlineData("""{"source":[{"wildcard":"a**b"}]}""", "wildcard in 'source' has consecutive wildcards")]
    [InlineData("""{"source":[{"wildcard":"a\\b"}]}""", "has a backslash")]
    [InlineData("""{"n":[{"numeric":["<"]}]}""", "numeric in 'n' must be")]
    [InlineData("""{"n":[{"numeric":["<",1,"<",2]}]}""", "numeric in 'n' must be")]
    [InlineData("""{"n":[{"numeric":[">",2,"<",1]}]}""", "allows no number")]
    [InlineData("""{"n":[{"numeric":[">",6000000000]}]}""", "numbers from -5e9 to 5e9 are allowed")]
    [InlineData("""{"ip":[{"cidr":"10.0.0.0"}]}""", "it must be an address block")]
    [InlineData("""{"ip":[{"cidr":"10.0.0.0/33"}]}""", "it must be an address block")]
    [InlineData("""{"a":[{"anything-but":{"numeric":["=",1]}}]}""", "anything-but in 'a' takes values or exactly one of")]
    [InlineData("""{"a":[{"anything-but":[]}]}""", "is an empty list")]
    [InlineData("""{"$or":{"a":["b"]}}""", "$or in the pattern must be a list of objects")]
    public void Parse_refuses_by_name(string pattern, string sentence) =>
        Should.Throw<FormatException>(() => EventPattern.Parse(pattern)).Message.ShouldContain(sentence);
}
