namespace Dbre.Infra;

/// <summary>The sources do not make a deployable system. The message is one sentence per problem, naming what and where.</summary>
public sealed class SynthesisException(string message) : Exception(message);
