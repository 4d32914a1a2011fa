namespace Dbre.Lab.Host;

/// <summary>The lab cannot start or do what was asked: one sentence for the person who asked.</summary>
public sealed class LabException(string message) : Exception(message);
