using Dbre.Cli.Tests.Testing;

namespace Dbre.Cli.Tests.Commands;

/// <summary>What is wrong with what was typed: one sentence that names field, value and what is allowed; exit code 2; nothing asked of AWS.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Policy = """
        { "name": "nightly", "select": { "names": ["*"] }, "schedule": { "cron": "cron(0 3 * * ? *)" }, "copies": [{ "region": "eu-west-1", "kmsKey": "alias/dbre" }],
          "retention": { "daily": 7 }, "proof": { "everyDays": 1 }, "objectives": { "rpoHours": 26, "rtoMinutes": 60 } }
        """;

    private readonly Caller caller = new();

    public void Dispose() => caller.Dispose();

    [Theory]
    [InlineData("", "'dbre' needs a command after it; allowed are drill, lab, run, approve, window, status, history, evidence, simulate, test, synth, build, --help, --version.")]
    [InlineData("restore", "'restore' is not known after 'dbre'; allowed are drill, lab, run, approve, window, status, history, evidence, simulate, test, synth, build, --help, --version.")]
    [InlineData("lab", "'dbre lab' needs a command after it; allowed are up, down, status, env, serve.")]
    [InlineData("lab sideways", "'sideways' is not known after 'dbre lab'; allowed are up, down, status, env, serve.")]
    [InlineData("lab up now", "'now' is not known after 'dbre lab up'; nothing is allowed there.")]
    [InlineData("drill --only everything", "--only is 'everything'; allowed are all, snapshots, restore.")]
    [InlineData("run", "'dbre run' needs <flow>: Which flow: snapshot-copy, pitr-restore, table-restore, restore-drill, clean-up.")]
    [InlineData("run snapshots", "flow is 'snapshots'; allowed are snapshot-copy, pitr-restore, table-restore, restore-drill, clean-up.")]
    [InlineData("run snapshot-copy --dry", "'--dry' is not known after 'dbre run'; allowed are <flow>, --policy, --policies, --at, --source, --to, --as, --purpose, --expected, --class, --region, --subnet-group, --security-groups, --input, --plan, --watch, --json.")]
    [InlineData("run snapshot-copy --plan --watch", "--watch is given beside --plan; allowed is one or the other, since a plan starts nothing.")]
    [InlineData("run pitr-restore --source orders --as copy", "--to is not given; a restore needs --source NAME, --to TIME and --as NAME.")]
    [InlineData("run pitr-restore --source orders --as copy --to 2026-11-21T02:12:59", "to is '2026-11-21T02:12:59', which has no offset from UTC; write 2026-11-21T02:12:59Z or 2026-11-21T03:12:59+01:00.")]
    [InlineData("run pitr-restore --source orders --as copy --to latest --purpose inplace", "purpose is 'inplace'; allowed are beside, replace, drill.")]
    [InlineData("run pitr-restore --source orders --as copy --to latest --policy nightly", "--policy is 'nightly', but pitr-restore goes by no policy; allowed are --source, --to, --as, --purpose, --expected, --class, --region, --subnet-group, --security-groups and --at.")]
    [InlineData("run table-restore --as Orders-restored --to latest", "--source is not given; a restore needs --source NAME, --to TIME and --as NAME.")]
    [InlineData("run table-restore --source Orders --as Orders-restored --to latest --policies p.json", "--policies is 'p.json', but table-restore goes by no policy; allowed are --source, --to, --as, --purpose, --expected and --at.")]
    [InlineData("run restore-drill --source orders", "--source is 'orders', but restore-drill chooses by itself; it is an option of pitr-restore and table-restore.")]
    [InlineData("run pitr-restore --source orders --as copy --to latest --class large", "instanceClass is \"large\"; it must be a class of DB instances, such as db.r6g.large.")]
    [InlineData("run pitr-restore --source orders --as copy --to latest --region Ireland", "region is \"Ireland\"; it must be a Region, such as eu-west-1.")]
    [InlineData("run pitr-restore --source orders --as copy --to latest --security-groups default,sg-1", "securityGroups is [\"default\",\"sg-1\"]; it must be a list of security groups, such as [\"sg-0a1b2c3d\"].")]
    [InlineData("run table-restore --source Orders --as Orders-restored --to latest --region eu-west-1", "--region is 'eu-west-1', but table-restore restores no RDS database that it could be given to; it is an option of pitr-restore.")]
    [InlineData("window orders --region mars-1", "--region is 'mars-1', which is not an AWS Region; allowed are names such as us-east-1.")]
    [InlineData("window Orders --table --region eu-west-1", "--region is 'eu-west-1' beside --table; allowed is one or the other, since table-restore restores a table in its own Region.")]
    [InlineData("run clean-up --class db.r6g.large", "--class is 'db.r6g.large', but clean-up restores no RDS database that it could be given to; it is an option of pitr-restore.")]
    [InlineData("run table-restore --source Orders --as Copy --to latest --class db.r6g.large", "--class is 'db.r6g.large', but table-restore restores no RDS database that it could be given to; it is an option of pitr-restore.")]
    [InlineData("run pitr-restore --source orders --as copy --to latest --purpose backtrack", "purpose is 'backtrack', which only Aurora MySQL knows, and which rewinds the live cluster itself with nothing proven before and nothing kept; allowed are beside, replace, drill.")]
    [InlineData("run clean-up --source orders", "--source is 'orders', but clean-up restores nothing; it is an option of pitr-restore and table-restore.")]
    [InlineData("run clean-up --policy nightly", "--policy is 'nightly', but clean-up finds by itself what there is to do; allowed is --at.")]
    [InlineData("run clean-up --input i.json", "--input is 'i.json', but clean-up finds by itself what there is to do; allowed is --at.")]
    [InlineData("run snapshot-copy --policy weekly", "--policy is 'weekly'; allowed is nightly, the policies of 'config/policies.json'.")]
    [InlineData("run snapshot-copy --at yesterday", "--at is 'yesterday'; allowed is a date and time with its zone, such as 2026-11-21T03:00:00Z or 2026-11-21T04:00:00+01:00.")]
    [InlineData("run snapshot-copy --at 2026-11-21T03:00:00", "--at is '2026-11-21T03:00:00'; allowed is a date and time with its zone, such as 2026-11-21T03:00:00Z or 2026-11-21T04:00:00+01:00.")]
    [InlineData("run snapshot-copy --at 2026-02-30T03:00:00Z", "--at is '2026-02-30T03:00:00Z'; allowed is a date and time with its zone, such as 2026-11-21T03:00:00Z or 2026-11-21T04:00:00+01:00.")]
    [InlineData("run snapshot-copy --policies gone.json", "--policies is 'gone.json', which cannot be read (there is no such file); give the path of a JSON file such as config/policies.json.")]
    [InlineData("run snapshot-copy --policies .", "--policies is '.', which cannot be read (permission denied, or a folder); give the path of a JSON file such as config/policies.json.")]
    [InlineData("run snapshot-copy --input gone.json", "--input is 'gone.json', which cannot be read (there is no such file); give the path of a JSON file such as config/policies.json.")]
    [InlineData("history --last 0", "--last is '0'; allowed are whole numbers from 1 to 1000.")]
    [InlineData("history --last 1001", "--last is '1001'; allowed are whole numbers from 1 to 1000.")]
    [InlineData("history --last few", "--last is 'few'; allowed are whole numbers from 1 to 1000.")]
    [InlineData("evidence one two", "'two' is not known after 'dbre evidence'; allowed are <operation>, --verify, --html, --json.")]
    [InlineData("simulate --flow clean-up", "--flow is 'clean-up'; allowed are snapshot-copy and pitr-restore.")]
    [InlineData("simulate --flow pitr-restore --nights 3", "--nights is given beside --flow pitr-restore, of which each seed is one restore of one database.")]
    [InlineData("simulate --flow pitr-restore --faults copy-stuck", "--faults has 'copy-stuck'; allowed are none, all, throttle, error-before, error-after, no-answer, kill, invoke-before, invoke-after, invoke-kill, invoke-throttle, clock-jump, manual-run, manual-stop, event-twice, event-late, event-lost, database-hangs.")]
    [InlineData("simulate --window 6", "--window is given without --accounts; it is the window of a fleet's night.")]
    [InlineData("simulate --accounts 2 --seeds 5", "--seeds is given beside --accounts; allowed are --databases, --window, --from and --json, since a fleet's night is one calm night.")]
    [InlineData("simulate --accounts 2 --replay 46", "--replay is given beside --accounts; allowed are --databases, --window, --from and --json, since a fleet's night is one calm night.")]
    [InlineData("simulate --accounts 0", "--accounts is '0'; allowed are whole numbers from 1 to 1000.")]
    [InlineData("test", "'test' is a command of the script; call ./dbre test.")]
    public async Task Words_that_are_wrong(string typed, string sentence) =>
        (await caller.Types(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldRefuse(sentence);

    [Theory]
    [InlineData("""{ "policies": [], "polices": [] }""", "the policy file has the unknown field 'polices'; allowed are policies.\npolicies is empty; it must have at least one entry.")]
    [InlineData("null", "--policies is 'p.json', which holds null; it must hold a JSON object.")]
    public async Task A_policy_file_that_is_wrong(string content, string sentences) =>
        (await caller.Types("run", "snapshot-copy", "--policies", caller.Has("p.json", content))).ShouldRefuse(sentences);

    [Theory]
    [InlineData("\"region\": \"eu-west-1\"", "\"region\": \"mars-1\"", "policies[0].copies[0].region is 'mars-1', which is not an AWS Region; allowed are names such as eu-west-1.")]
    [InlineData("\"daily\": 7", "\"daily\": 0", "policies[0].retention.daily is 0; allowed are whole numbers from 1 to 366.")]
    [InlineData("\"everyDays\"", "\"every\": 1, \"everyDays\"", "policies[0].proof has the unknown field 'every'; allowed are everyDays.")]
    public async Task A_policy_that_is_wrong(string right, string wrong, string sentence)
    {
        var file = caller.Has("p.json", $$"""{ "policies": [{{Policy.Replace(right, wrong, StringComparison.Ordinal)}}] }""");
        (await caller.Types("run", "snapshot-copy", "--policies", file)).ShouldRefuse(sentence);
    }

    [Fact]
    public async Task A_policy_file_that_is_no_json_names_the_place()
    {
        var said = await caller.Types("run", "snapshot-copy", "--policies", caller.Has("p.json", "{ policies"));
        said.Error.ShouldStartWith("--policies is 'p.json', which is not JSON: ");
        said.Error.ShouldContain("LineNumber: 0");
        said.Code.ShouldBe(2);
    }

    [Fact]
    public async Task Several_policies_and_none_chosen()
    {
        var file = caller.Has("p.json", $$"""{ "policies": [{{Policy}}, {{Policy.Replace("nightly", "weekly", StringComparison.Ordinal)}}] }""");
        (await caller.Types("run", "snapshot-copy", "--policies", file)).ShouldRefuse("--policy is not given, and 'p.json' has 2 policies; allowed are nightly, weekly.");
    }

    [Theory]
    [InlineData("[]", "--input 'i.json' is no JSON object; allowed is an object with policy, policies, scheduledTime.")]
    [InlineData("""{ "policy": "nightly" }""", "--input 'i.json' has no field 'policies'; it must hold what a policy file holds.")]
    [InlineData("""{ "policies": { "policies": [POLICY] }, "when": "now" }""", "--input 'i.json' has the unknown field 'when'; allowed are policy, policies, scheduledTime.")]
    [InlineData("""{ "policies": { "policies": [POLICY] }, "policy": 5 }""", "--input 'i.json' has policy = 5; it must be a text.")]
    [InlineData("""{ "policies": { "policies": [POLICY] }, "policy": "weekly" }""", "policy is 'weekly'; allowed is nightly, the policies of 'i.json'.")]
    [InlineData(
        """{ "policies": { "policies": [POLICY] }, "scheduledTime": "noon" }""",
        "scheduledTime is 'noon'; allowed is a date and time with its zone, such as 2026-11-21T03:00:00Z or 2026-11-21T04:00:00+01:00.")]
    public async Task An_input_file_that_is_wrong(string content, string sentence) =>
        (await caller.Types("run", "snapshot-copy", "--input", caller.Has("i.json", content.Replace("POLICY", Policy, StringComparison.Ordinal)))).ShouldRefuse(sentence);

    [Fact]
    public async Task An_input_file_beside_what_it_replaces()
    {
        var file = caller.Has("i.json", $$"""{ "policies": { "policies": [{{Policy}}] } }""");
        (await caller.Types("run", "snapshot-copy", "--input", file, "--policy", "nightly")).ShouldRefuse(
            "--policy is 'nightly' beside --input; allowed is one or the other, since the input holds policy, policies, scheduledTime.");
    }

    [Theory]
    [InlineData("run snapshot-copy")]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("evidence")]
    public async Task No_aws_to_talk_to(string typed)
    {
        using var nobody = new Caller(_ => throw new BadInputException("AWS_REGION is not set; set it."));
        (await nobody.Types(typed.Split(' '))).ShouldRefuse("AWS_REGION is not set; set it.");
    }

    [Theory]
    [InlineData("run snapshot-copy --plan", "The function 'dbre-select-databases' is not there in us-east-1; deploy the stack DbrePrimary to us-east-1, or set AWS_REGION to where it is.")]
    [InlineData("run clean-up", "The state machine 'clean-up' is not there in us-east-1; deploy the stack DbrePrimary to us-east-1, or set AWS_REGION to where it is.")]
    [InlineData("status", "The state machine 'snapshot-copy' is not there in us-east-1; deploy the stack DbrePrimary to us-east-1, or set AWS_REGION to where it is.")]
    [InlineData("history", "The state machine 'snapshot-copy' is not there in us-east-1; deploy the stack DbrePrimary to us-east-1, or set AWS_REGION to where it is.")]
    [InlineData("evidence", "The table 'dbre-ledger' is not there in us-east-1; deploy the stack DbrePrimary to us-east-1, or set AWS_REGION to where it is.")]
    [InlineData("evidence --verify", "The table 'dbre-ledger' is not there in us-east-1; deploy the stack DbrePrimary to us-east-1, or set AWS_REGION to where it is.")]
    public async Task An_account_in_which_nothing_is_deployed(string typed, string sentence)
    {
        using var ground = Ground.Bare();
        (await ground.Caller.Types(typed.Split(' '))).ShouldRefuse(sentence);
    }
}
