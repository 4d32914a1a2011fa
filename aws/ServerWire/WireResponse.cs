namespace AwsCompat.Server;

/// <summary>The answer to a <see cref="WireRequest"/>.</summary>
public sealed record WireResponse(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body);
