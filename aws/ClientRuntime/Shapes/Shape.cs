namespace AwsCompat.Shapes;

/// <summary>
/// A type of a service model, tied to the .NET type that carries its values. Shapes are generated tables; what reads and writes
/// them, for each protocol and either direction, is ordinary code over this description.
/// </summary>
public abstract class Shape;
