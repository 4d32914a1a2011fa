namespace Amazon.Lambda.Core;

/// <summary>The function's log without a context at hand: the invocation's logger, or standard output outside an invocation.</summary>
public static class LambdaLogger
{
    public static void Log(string message) => Write(logger => logger.LogLine(message), message);

    public static void Log(string level, string message) => Write(logger => logger.Log(level, message), message);

    public static void Log(LogLevel level, string message) => Log(level.ToString(), message);

    public static void Log(LogLevel level, string message, params object?[] args) => Log(level.ToString(), MessageTemplate.Format(message, args));

    public static void Log(LogLevel level, Exception exception, string message, params object?[] args) =>
        Log(level.ToString(), $"{MessageTemplate.Format(message, args)}{Environment.NewLine}{exception}");

    private static void Write(Action<ILambdaLogger> write, string message)
    {
        if (Invocation.Current is { } invocation)
        {
            write(invocation.Context.Logger);
        }
        else
        {
            Console.Out.WriteLine(message);
        }
    }
}
