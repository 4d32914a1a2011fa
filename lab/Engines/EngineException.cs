namespace Dbre.Lab.Engines;

/// <summary>A database server or one of its tools did not do what was asked; the message says which, and the server's own last words.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);
