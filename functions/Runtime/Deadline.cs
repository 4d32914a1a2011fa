using Amazon.Lambda.Core;

namespace Dbre.Functions.Runtime;

/// <summary>Cancels a function's work shortly before Lambda would kill it, so that the error says what was under way.</summary>
public static class Deadline
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    public static CancellationTokenSource Of(ILambdaContext context, TimeProvider clock)
    {
        var left = context.RemainingTime - Margin;
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
    }
}
