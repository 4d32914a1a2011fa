using Dbre.Bench;

// ./dbre bench                        every bench
// ./dbre bench --only start           one: start, database, restore, proof or calls
var benches = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["start"] = FunctionStart.Run,
    ["database"] = DatabaseWork.Run,
    ["restore"] = RestoreToProven.Run,
    ["proof"] = ProofSpeed.Run,
    ["calls"] = CallsPerNight.Run,
};
if (args is not ([] or ["--only", _]) || (args is [_, var asked] && !benches.ContainsKey(asked)))
{
    await Console.Error.WriteLineAsync($"bench got '{string.Join(' ', args)}'; allowed are nothing or --only with one of {string.Join(", ", benches.Keys)}.").ConfigureAwait(false);
    return 2;
}

foreach (var (name, run) in benches)
{
    if (args is [] || args[1] == name)
    {
        await run().ConfigureAwait(false);
    }
}

return 0;
