namespace Dbre.Lab.StateMachines;

/// <summary>A definition that is not Amazon States Language, or uses what this engine does not run: one sentence that names the state and the field.</summary>
public sealed class DefinitionException(string message) : Exception(message);
