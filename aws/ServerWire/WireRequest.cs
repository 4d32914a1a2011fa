namespace AwsCompat.Server;

/// <summary>One HTTP request as an emulated service sees it, from the loopback port or from a client in the same process.</summary>
/// <param name="Method">GET, POST, …</param>
/// <param name="Path">The path as sent (still percent-encoded), without the query.</param>
/// <param name="Query">The query as sent, without the question mark; empty when there is none.</param>
/// <param name="Headers">Header names compare without case.</param>
/// <param name="Body">The whole body.</param>
public sealed record WireRequest(
    string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
